import { namesOf } from "../sim/schedule.js";
import { Reached } from "../sim/judge.js";
import { run, type RunResult } from "../sim/run.js";
import type { StrategyFor } from "../sim/strategy.js";
import type { System } from "../sim/system.js";
import type { NodeFailure } from "../sim/node-failure.js";
import { isGraphProperty } from "./liveness/judge-graph.js";
import type { Witness } from "./verdict.js";

/** What so many simulated runs have shown. */
export interface Simulated {
  readonly runs: number;
  /** How many of the runs violate a property. */
  readonly violations: number;
  /** How many of the runs were cut off by `maxSteps`. */
  readonly cutOff: number;
  /** The first run that violates one, with its seed. */
  readonly first?: { readonly seed: number; readonly witness: Witness };
  /** The first run in which node code failed; it ends the simulation. */
  readonly failure?: { readonly seed: number; readonly failure: NodeFailure; readonly choices: readonly string[] };
  /** `sometimes` properties that no run reached. */
  readonly neverReached: readonly string[];
  /** Properties that no finite run can decide, and that were not judged. */
  readonly notJudged: readonly string[];
}

export interface SimulationOptions {
  /** The seed of the first run; each next run has the next whole number. */
  readonly seed: number;
  readonly maxSteps: number;
  readonly strategy: (seed: number) => StrategyFor;
}

/** A resumable simulation of many seeds; whoever drives it decides how many runs at a time. */
export class Simulation {
  private runs = 0;
  private violations = 0;
  private cutOff = 0;
  private first: Simulated["first"];
  private failure: Simulated["failure"];
  private readonly reached: Reached;

  constructor(
    private readonly system: System,
    private readonly options: SimulationOptions,
  ) {
    this.reached = new Reached(system);
  }

  /** Makes so many more runs, or fewer if node code fails. */
  advance(runs: number): Simulated {
    const { maxSteps, strategy } = this.options;
    for (let i = 0; i < runs && this.failure === undefined; i += 1) {
      const seed = this.options.seed + this.runs;
      this.see(seed, run(this.system, strategy(seed), { maxSteps, reached: this.reached }));
      this.runs += 1;
    }
    return {
      runs: this.runs,
      violations: this.violations,
      cutOff: this.cutOff,
      neverReached: this.reached.neverReached(),
      notJudged: notJudgedByRuns(this.system),
      ...(this.first === undefined ? {} : { first: this.first }),
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  private see(seed: number, result: RunResult): void {
    const { violation, failure } = result;
    if (result.end === "max-steps") this.cutOff += 1;
    if (failure !== undefined) this.failure = { seed, failure, choices: namesOf(result.choices) };
    if (violation === undefined) return;
    this.violations += 1;
    this.first ??= { seed, witness: { ...violation, choices: namesOf(result.choices) } };
  }
}

/** The names of the properties that only an exhaustive search decides: runs do not judge them. */
export function notJudgedByRuns(system: System): string[] {
  return system.properties
    .filter((property) => isGraphProperty(property) && property.kind !== "at-quiescence")
    .map(({ name }) => name);
}
