import { blindObserver } from "../../sim/carrier.js";
import { describeChoice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { judgeEnd, judgeStep, judgeWorld } from "../../sim/judge.js";
import { NodeFailure } from "../../sim/node-failure.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import type { Witness } from "../verdict.js";

/**
 * Follows choices by name, skipping those that are not enabled when their turn comes, up to the first violation of the
 * property: what was taken up to there. Undefined when the property is not violated, or another one is first.
 */
export function follow(system: System, names: readonly string[], property: string): Witness | undefined {
  const observer = blindObserver(system);
  const taken: string[] = [];
  try {
    let world = initialWorld(system, observer);
    let violation = judgeWorld(system, world);
    for (let i = 0; violation === undefined && i < names.length; i += 1) {
      const choice = enabledChoices(system, world).find((one) => describeChoice(one) === names[i]);
      if (choice === undefined) continue;
      const next = step(system, world, choice, observer);
      taken.push(names[i] as string);
      violation = judgeStep(system, world, next, choice) ?? judgeWorld(system, next);
      world = next;
    }
    violation ??= judgeEnd(system, world);
    return violation?.property === property ? { ...violation, choices: taken, step: taken.length } : undefined;
  } catch (error) {
    if (error instanceof NodeFailure) return undefined;
    throw error;
  }
}
