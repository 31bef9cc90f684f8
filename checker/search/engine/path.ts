import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import type { Components } from "./components.js";

/**
 * The names of the choices that lead through these states, given by their components' ids, found with the plain `step` on
 * real worlds: of each state on the way, the first choice that leads to the next.
 *
 * @throws NodeFailure when there is none, as the code does something else now.
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
    throw new NodeFailure(
      { kind: "scenario", owner: system.scenario },
      "is not deterministic: no choice leads to a state to which the search went when it took them. Keep what code " +
        "remembers in states and values; if it remembers nothing elsewhere, this is a bug of Hindcast: please report it.",
    );
  });
}
