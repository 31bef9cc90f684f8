import { always, type Property } from "../../../sim/property.js";
import { runConsistencies, type RunConsistency } from "../broken-models.js";
import { judgeConsistency } from "../consistency.js";
import { describeOperation } from "../linearizable.js";
import type { History } from "../operation.js";
import { type ClientOperations, usableOperations } from "./client-operations.js";
import { UnusableHistory } from "../unusable-history.js";
import { linearizabilityMonitor } from "./linearizability-monitor.js";
import { historyOfSessions, sessionMonitor } from "./session-monitor.js";

/**
 * The claim that what clients see is allowed by a consistency model, in every reachable world. Its monitor keeps only so
 * much of the history as the model needs: for linearizability the ways in which it can have happened, for the weaker
 * models what each client saw.
 *
 * @throws UnusableHistory for another model, and for operations of which a part is missing.
 */
export function history(name: string, consistency: RunConsistency, given: ClientOperations): Property {
  if (!runConsistencies.includes(consistency)) {
    const asked = typeof consistency === "string" ? `"${String(consistency)}"` : "no consistency model";
    throw new UnusableHistory(
      `the history property "${name}" asks for ${asked}`,
      `give one of ${runConsistencies.join(", ")}, as in history("...", "linearizable", operations)`,
    );
  }
  const operations = usableOperations(given, `the history property "${name}"`);
  if (consistency === "linearizable") {
    const monitor = linearizabilityMonitor(name, operations);
    return always(name, (view) => view.monitor(monitor).violation ?? true, { monitors: [monitor] });
  }
  const monitor = sessionMonitor(name, operations);
  return always(
    name,
    (view) => {
      const sessions = historyOfSessions(view.monitor(monitor));
      const judged = judgeConsistency(sessions, operations.specification, consistency);
      if (judged.kind !== "violated") return true;
      const culprits = judged.culprits.map(({ operation, reason }) => culprit(sessions, operation, reason, operations));
      return `not ${consistency}: ${culprits.join("; ")}`;
    },
    { monitors: [monitor] },
  );
}

function culprit(sessions: History, id: number, reason: string, { specification }: ClientOperations): string {
  const operation = sessions[id];
  return operation === undefined ? reason : `${describeOperation(operation, specification)}: ${reason}`;
}
