import { followWitness } from "../checker/liveness/follow-witness.js";
import { isGraphProperty } from "../checker/liveness/judge-graph.js";
import { shrink } from "../checker/shrink/shrink.js";
import type { Witness } from "../checker/verdict.js";
import type { System } from "../sim/system.js";
import { reExecute } from "./re-execute.js";

/** Steps that shrinking may execute: a count and no time, so that the same input gives the same schedule. */
const workMax = 3_000_000;

/**
 * Shrinks a witness and executes it once more.
 *
 * @throws when it does not break the same property then: a bug of this tool.
 */
export function shrinkWitness(system: System, witness: Witness) {
  let work = 0;
  const shrunk = shrink(system, witness, () => {
    work += witness.choices.length;
    return work > workMax;
  });
  const again = reExecute(system, shrunk.choices);
  const property = system.properties.find(({ name }) => name === witness.property);
  const violation =
    property !== undefined && isGraphProperty(property) ? followWitness(system, property, shrunk) : again.violation;
  if (violation?.property !== witness.property) {
    throw new Error(`The witness of "${witness.property}" does not replay; it has ${shrunk.choices.length} choices.`);
  }
  return { witness: shrunk, trace: again.trace, isMinimal: work <= workMax };
}
