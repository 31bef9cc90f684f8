import { describeChoice } from "../choice.js";
import { enabledChoices } from "../enabled.js";
import type { Strategy } from "../strategy.js";
import type { System } from "../system.js";

/** Where a replay left its schedule: the step, what it asks for, and what was offered instead. */
export interface Divergence {
  /** The number of the step, the first being 1. */
  readonly step: number;
  readonly wanted: string;
  readonly offered: readonly string[];
}

/** A strategy that follows recorded choices and tells where it had to leave them. */
export interface Replaying extends Strategy {
  divergence(): Divergence | undefined;
}

/**
 * Takes the choices of these names (`describeChoice`), one after the other; it ends after the last, or where the next is
 * not offered.
 */
export function replaying(names: readonly string[]): (system: System) => Replaying {
  return (system) => {
    let position = 0;
    let divergence: Divergence | undefined;
    return {
      name: "replaying",
      next(world) {
        const wanted = names[position];
        if (wanted === undefined) return undefined;
        const choices = enabledChoices(system, world);
        const found = choices.find((choice) => describeChoice(choice) === wanted);
        if (found === undefined) {
          divergence = { step: position + 1, wanted, offered: choices.map(describeChoice) };
          return undefined;
        }
        position += 1;
        return found;
      },
      divergence: () => divergence,
    };
  };
}
