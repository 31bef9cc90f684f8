import type { Explanation } from "../explain/explanation.js";
import type { Graph } from "../explain/graph.js";
import type { MemoryPart, Outcome } from "../explain/outcome.js";
import { type AskedOutcome, OutcomeJudge } from "./outcome-judge.js";
import type { Recording } from "./recording.js";
import type { RunDifference } from "./run-difference.js";

/**
 * What stands in another run in the place of an outcome: the event of the same causal identity, or else the one of the same
 * kind, as the answer to the same operation; of a property of states, what was looked at, at the end of the other run.
 * Undefined where there is nothing like it.
 */
export function counterpartOutcome(
  recording: Recording,
  outcome: AskedOutcome,
  { graph, outcome: explained }: Explanation,
  { trace, counterparts }: RunDifference,
): Outcome | undefined {
  const parts = seenIn(graph);
  if (outcome.kind === "violation" && parts.length > 0) return { kind: "seen", event: trace.length - 1, parts };
  const event = counterparts.indexOf(outcome.event);
  const kind = explained.kind === "step" ? "step" : "event";
  if (event >= 0) return { kind, event };
  const judge = new OutcomeJudge(recording, outcome);
  const alike = judge.needsKind ? trace.choices.findLastIndex((choice) => choice && judge.isOfKind(choice)) : -1;
  return alike < 0 ? undefined : { kind, event: alike };
}

/** What of memories was looked at, of an outcome that is a property of states. */
export function seenIn(graph: Graph | null): MemoryPart[] {
  return (graph?.roots ?? []).flatMap((root) =>
    root.kind === "seen" ? { node: root.node, at: root.look.input.at } : [],
  );
}
