import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import type { World } from "../../../sim/world.js";

/**
 * The names of the choices that lead through states of which so many checks are known, found with the plain `step`. Where
 * several choices fit, each is tried.
 *
 * @param fits whether a world may be the one that has this check, and is the last one if it is to be
 */
export function pathThrough(
  system: System,
  checks: readonly number[],
  fits: (world: World, check: number, isLast: boolean) => boolean,
): string[] {
  const observer = blindObserver(system);
  function* stepsFrom(world: World, at: number): Generator<{ readonly name: string; readonly world: World }> {
    for (const choice of enabledChoices(system, world)) {
      const next = step(system, world, choice, observer);
      if (fits(next, checks[at] as number, at === checks.length - 1))
        yield { name: describeChoice(choice), world: next };
    }
  }
  const names: string[] = [];
  let world = initialWorld(system, observer);
  const open: ReturnType<typeof stepsFrom>[] = [];
  while (names.length < checks.length) {
    if (open.length === names.length) open.push(stepsFrom(world, names.length));
    const { value, done } = (open.at(-1) as ReturnType<typeof stepsFrom>).next();
    if (done !== true) {
      names.push(value.name);
      world = value.world;
      continue;
    }
    open.pop();
    if (names.pop() === undefined)
      throw new Error("No choices lead through the checks of a way; this is a bug of ours.");
  }
  return names;
}
