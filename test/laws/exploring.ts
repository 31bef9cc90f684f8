import { blindObserver } from "../../sim/carrier.js";
import { type Choice, describeChoice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import { encodeWorld, type World } from "../../sim/world.js";

/** A world that was met, with what is offered there and where each choice leads. */
export interface Met {
  readonly world: World;
  readonly offered: readonly Choice[];
  /** The names of the choices, and the text of the world after each. */
  readonly successors: readonly (readonly [name: string, text: string])[];
}

/**
 * Meets all worlds of a system, as simply as can be: no visited set but the texts. Undefined when there are more than
 * `limit`. `onAgain` is told of each world that is met on another path, with the one met first.
 */
export function explore(
  system: System,
  limit: number,
  onAgain: (again: World, first: World) => void = () => {},
): Map<string, Met> | undefined {
  const observer = blindObserver(system);
  const met = new Map<string, Met>();
  const initial = initialWorld(system, observer);
  const open = [initial];
  const known = new Map([[encodeWorld(initial), initial]]);
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const offered = enabledChoices(system, world);
    const successors: [string, string][] = [];
    for (const choice of offered) {
      const next = step(system, world, choice, observer);
      const text = encodeWorld(next);
      successors.push([describeChoice(choice), text]);
      const first = known.get(text);
      if (first !== undefined) {
        onAgain(next, first);
        continue;
      }
      known.set(text, next);
      open.push(next);
      if (known.size > limit) return undefined;
    }
    met.set(encodeWorld(world), { world, offered, successors });
  }
  return met;
}
