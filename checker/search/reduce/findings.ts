import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import type { Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { run } from "../../../sim/run.js";
import { namesOf } from "../../../sim/schedule.js";
import { step } from "../../../sim/step.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import type { System } from "../../../sim/system.js";
import type { Finding } from "../engine/judging.js";
import { namesOfPath } from "../engine/path.js";
import type { Successors } from "../engine/successors.js";
import { ReductionRefused } from "./refused.js";
import type { Symmetry } from "./symmetry.js";

/**
 * Executes again what a reduced search has found, by plain replay: its states stand for others, so that choices and
 * sentences are those of a real run.
 */
export class Findings {
  constructor(
    private readonly system: System,
    private readonly successors: Successors,
    private readonly symmetry: Symmetry | undefined,
  ) {}

  /** What a real run to a state ends with. */
  ofState(state: number, what: string): Finding {
    return this.executed(this.pathTo(state)) ?? this.refuse(what);
  }

  /** What a real run to a state and one step further ends with. */
  ofStep(state: number, what: string): Finding {
    const choices = this.pathTo(state);
    try {
      for (const name of this.offeredAfter(choices)) {
        const ending = this.executed([...choices, name]);
        if (ending !== undefined) return ending;
      }
    } catch (error) {
      // A workload that fails to say what comes next.
      if (error instanceof NodeFailure) return { found: error, choices };
      throw error;
    }
    return this.refuse(what);
  }

  private pathTo(state: number): string[] {
    const { components, visited } = this.successors;
    const { symmetry } = this;
    return namesOfPath(this.system, components, visited.wayTo(state), symmetry && ((ids) => symmetry.of(ids)));
  }

  private offeredAfter(choices: readonly string[]): string[] {
    const observer = blindObserver(this.system);
    let world = initialWorld(this.system, observer);
    for (const name of choices) {
      const choice = enabledChoices(this.system, world).find((offered) => describeChoice(offered) === name);
      if (choice === undefined) throw new Error(`A run to be executed again is not offered ${name}.`);
      world = step(this.system, world, choice, observer);
    }
    return enabledChoices(this.system, world).map(describeChoice);
  }

  private executed(choices: readonly string[]): Finding | undefined {
    const {
      violation,
      failure,
      choices: taken,
    } = run(this.system, replaying(choices), { maxSteps: choices.length + 1 });
    if (failure !== undefined) return { found: failure, choices: namesOf(taken) };
    if (violation === undefined) return undefined;
    const { property, detail } = violation;
    return { found: { property, detail }, choices: choices.slice(0, violation.step) };
  }

  private refuse(what: string): never {
    if (this.symmetry === undefined) throw new Error(`A run to what the search found does not show it again: ${what}`);
    throw new ReductionRefused(
      `There is no symmetry to reduce by: ${what} was found where a run with alike nodes exchanged does not show it. ` +
        "Something tells them apart; leave --reduce out.",
    );
  }
}

/** The sentence of a violation, or of a failure of the property's own code. */
export function told(judge: () => Violation | undefined): string | undefined {
  try {
    return judge()?.detail;
  } catch (error) {
    if (error instanceof NodeFailure) return error.message;
    throw error;
  }
}
