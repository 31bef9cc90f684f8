import type { Choice } from "../choice.js";
import { enabledChoices } from "../enabled.js";
import { NodeFailure } from "../node-failure.js";
import { stream } from "../random.js";
import { step } from "../step.js";
import type { Strategy, StrategyFor } from "../strategy.js";
import type { System } from "../system.js";
import { encodeWorld, type World } from "../world.js";
import { blindObserver } from "../carrier.js";

/** Takes any enabled choice, each with the same probability, until none would change the world. */
export function randomly(seed: number): StrategyFor {
  return (system) => {
    const random = stream(seed, "random strategy");
    return listing("random", system, (choices) => choices[random.between(0, choices.length - 1)]);
  };
}

/** Takes the first choice in canonical order that changes the world. */
export function firstInOrder(): StrategyFor {
  return (system) =>
    listing("first", system, (choices, world) => choices.find((choice) => changes(system, world, choice)));
}

/** A strategy that lists what is enabled and picks from it; it ends where nothing would change the world. */
function listing(
  name: string,
  system: System,
  pick: (choices: readonly Choice[], world: World) => Choice | undefined,
): Strategy {
  let last = "";
  return {
    name,
    next(world) {
      const choices = enabledChoices(system, world);
      if (choices.length === 0) return undefined;
      const text = encodeWorld(world);
      // Only after a step that changed nothing can the run have come to its end.
      if (text === last && !choices.some((choice) => changes(system, world, choice))) return undefined;
      last = text;
      return pick(choices, world);
    },
  };
}

/** Whether taking a choice would change the world; one whose handler fails would, as it ends the run. */
export function changes(system: System, world: World, choice: Choice): boolean {
  try {
    return encodeWorld(step(system, world, choice, blindObserver(system))) !== encodeWorld(world);
  } catch (error) {
    if (error instanceof NodeFailure) return true;
    throw error;
  }
}
