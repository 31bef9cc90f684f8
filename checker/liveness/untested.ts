import { blindObserver } from "../../sim/carrier.js";
import { initialWorld } from "../../sim/initial.js";
import { judgeHolds } from "../../sim/judge.js";
import type { System } from "../../sim/system.js";
import { View } from "../../sim/view.js";

/**
 * The properties of states and steps that nothing puts to the test: an `always` that reads nothing of the initial world reads
 * nothing of any, and is the same whatever happens; a `step` needs a step.
 */
export function untested(system: System, transitions: number): string[] {
  const world = initialWorld(system, blindObserver(system));
  return system.properties
    .filter((property) => {
      if (property.kind === "step") return transitions === 0;
      if (property.kind !== "always") return false;
      let hasRead = false;
      judgeHolds(
        property,
        new View(system, world, () => {
          hasRead = true;
        }),
      );
      return !hasRead;
    })
    .map(({ name }) => name);
}
