import { withTraps } from "../../sim/guard.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import { causalPast } from "../causality.js";
import { isGraphProperty } from "../liveness/judge-graph.js";
import type { Witness } from "../verdict.js";
import { follow } from "./follow.js";

/**
 * Makes a witness smaller while it breaks the same property: first only the causal past of the violation is kept, then
 * pieces are removed, halves first and single choices last, until no single choice can go. Every candidate is executed.
 *
 * The result is never longer than the witness, and 1-minimal unless `shouldStop` ended the work early. Witnesses of
 * properties of whole runs stay as they are: a stem that is a shortest one, and its loop.
 */
export function shrink(system: System, witness: Witness, shouldStop: () => boolean = () => false): Witness {
  if (!isJudgedAlongRuns(system, witness.property)) return witness;
  return withTraps(() => removeGreedily(system, keepCausalPast(system, witness), shouldStop));
}

/** Whether a run alone shows that it breaks the property. */
function isJudgedAlongRuns(system: System, name: string): boolean {
  const property = system.properties.find((one) => one.name === name);
  return property === undefined || property.kind === "at-quiescence" || !isGraphProperty(property);
}

function keepCausalPast(system: System, witness: Witness): Witness {
  const { trace } = run(system, replaying(witness.choices), { maxSteps: witness.step, trace: "events" });
  if (trace === undefined || witness.step === 0) return witness;
  const first = trace.initialEvents;
  const past = causalPast(trace, trace.length - 1);
  const names = witness.choices.filter((_, i) => past.has(first + i));
  return follow(system, names, witness.property) ?? witness;
}

function removeGreedily(system: System, start: Witness, shouldStop: () => boolean): Witness {
  let best = start;
  for (let size = Math.ceil(best.choices.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let before: number;
    do {
      before = best.choices.length;
      for (let end = best.choices.length; end > 0; end -= size) {
        if (shouldStop()) return best;
        const names = best.choices.filter((_, i) => i < end - size || i >= end);
        const found = follow(system, names, best.property);
        if (found !== undefined && found.choices.length < best.choices.length) best = found;
      }
    } while (size === 1 && best.choices.length < before);
  }
  return best;
}
