import { type Choice, describeChoice } from "../choice.js";
import { enabledChoices } from "../enabled.js";
import type { StrategyFor } from "../strategy.js";

/**
 * Takes at each step the first enabled choice that the next test accepts; for tests and hand-written stories.
 *
 * @throws when a test accepts nothing that is offered, with what was offered.
 */
export function scripted(tests: readonly ((name: string, choice: Choice) => boolean)[]): StrategyFor {
  return (system) => {
    let position = 0;
    return {
      name: "scripted",
      next(world) {
        const test = tests[position];
        if (test === undefined) return undefined;
        const choices = enabledChoices(system, world);
        const found = choices.find((choice) => test(describeChoice(choice), choice));
        if (found === undefined) {
          const offered = choices.map(describeChoice).join("\n  ");
          throw new Error(`Step ${position + 1} of the script finds no choice among these:\n  ${offered}`);
        }
        position += 1;
        return found;
      },
    };
  };
}
