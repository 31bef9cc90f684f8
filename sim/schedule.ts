import { type Choice, describeChoice } from "./choice.js";
import type { FaultBudget } from "./fault.js";
import type { Parameters } from "./parameter.js";

/** The format of schedule files that this version reads and writes. */
export const scheduleFormat = 1;

/** A list of choices with a header: all that is needed to see a run again. */
export interface Schedule {
  readonly format: typeof scheduleFormat;
  /** A bundled scenario's name, or the path of a scenario file relative to the schedule's file. */
  readonly scenario: string;
  readonly parameters: Parameters;
  /** The whole fault budget, the scenario's and what `--faults` said. */
  readonly faults: FaultBudget;
  /** The property that the run violates, and the number of the step at which it does. */
  readonly property: string | null;
  readonly step: number | null;
  readonly origin: { readonly strategy: string; readonly seed: number | null };
  /** A hash of the scenario's code when it was recorded; only advice. */
  readonly code: string | null;
  /** The names of the choices (`describeChoice`), matched against what is offered, and never decoded. */
  readonly choices: readonly string[];
  /** Of a run that never ends: how many choices come before those that repeat for ever, which are all the others. */
  readonly loop?: number;
}

/** The names of choices, as a schedule holds them. */
export function namesOf(choices: Iterable<Choice>): readonly string[] {
  return Array.from(choices, describeChoice);
}
