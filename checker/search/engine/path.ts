import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import type { Components } from "./components.js";

/**
 * The names of the choices that lead through these states, given by their components' ids, found with the plain `step` on
 * real worlds: of each state on the way, the first choice that leads to the next.
 *
 * @param canonical what stands for a state in the path: itself, unless a search keeps one state for many.
 */
export function namesOfPath(
  system: System,
  components: Components,
  path: readonly (readonly number[])[],
  canonical: (ids: readonly number[]) => readonly number[] = (ids) => ids,
): string[] {
  const observer = blindObserver(system);
  let world = initialWorld(system, observer);
  return path.map((ids) => {
    const wanted = ids.join();
    for (const choice of enabledChoices(system, world)) {
      const next = step(system, world, choice, observer);
      if (canonical(components.idsOf(next)).join() !== wanted) continue;
      world = next;
      return describeChoice(choice);
    }
    throw new Error("The search went to a state to which no choice of the plain step leads; this is a bug of ours.");
  });
}
