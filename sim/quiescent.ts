import { blindObserver } from "./carrier.js";
import type { Choice } from "./choice.js";
import { enabledChoices } from "./enabled.js";
import { faultKinds } from "./fault.js";
import { NodeFailure } from "./node-failure.js";
import { step } from "./step.js";
import type { System } from "./system.js";
import { encodeWorld, type World } from "./world.js";

/** Whether nothing but a fault would change this world. Takes each choice to see. */
export function isQuiescent(system: System, world: World): boolean {
  const text = encodeWorld(world);
  const observer = blindObserver(system);
  return enabledChoices(system, world).every((choice) => {
    if (isFault(choice)) return true;
    try {
      return encodeWorld(step(system, world, choice, observer)) === text;
    } catch (error) {
      // It fails if it is taken: so something would happen.
      if (error instanceof NodeFailure) return false;
      throw error;
    }
  });
}

/** Whether a choice draws on a fault budget. Healing does not: it is the end of a fault. */
export function isFault(choice: Choice): boolean {
  return (faultKinds as readonly string[]).includes(choice.kind);
}
