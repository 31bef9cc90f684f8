import { outcomeText } from "../provenance/brute-force.js";
import { attempt } from "../provenance/machine.js";
import type { Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";
import { type WholeRun, wholeRun } from "./whole-run.js";

/**
 * Runs a recorded run again without some of its events, everything else in its place, and looks whether an outcome comes
 * about all the same: the oracle for explanations across nodes.
 */
export class FixedSlotReplay {
  readonly #run: WholeRun;
  readonly #wanted: string;

  constructor(machines: RunMachines, target: Target) {
    const events = Array.from({ length: machines.trace.length }, (_, event) => event);
    this.#run = wholeRun(
      machines,
      target,
      events.filter((event) => machines.trace.kind(event) !== "start"),
    );
    this.#wanted = this.#outcome(() => false);
  }

  /** Linear in the run. */
  holdsWithout(isLeftOut: (event: number) => boolean): boolean {
    return this.#outcome(isLeftOut) === this.#wanted;
  }

  #outcome(isLeftOut: (event: number) => boolean): string {
    const { machine, inputs } = this.#run;
    let state = machine.initial;
    for (const input of inputs) {
      if (input.kind === "event" && isLeftOut(input.event)) continue;
      state = attempt(machine, state, input).state;
    }
    return outcomeText(attempt(machine, state, { kind: "ask" }).outcome);
  }
}
