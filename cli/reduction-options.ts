import { type Command, Option } from "commander";
import { type ReductionName, reductionNames } from "../checker/search/reduce/preserved.js";
import type { ReductionReport } from "../checker/search/search.js";
import type { SearchOptions } from "../checker/search/start.js";
import { countsText } from "./headline.js";
import { InputError } from "./input-error.js";
import type { Output } from "./output.js";

/** `--reduce` and `--audit`. */
export interface ReductionOptions {
  readonly reduce: ReductionName;
  readonly audit?: boolean;
}

export function withReductionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--reduce <how>",
        "leave out what cannot change the verdict: alike states (symmetry), orders of steps (por), or both (all)",
      )
        .choices(reductionNames)
        .default(reductionNames[0]),
    )
    .option("--audit", "search without --reduce as well, and fail on any difference of verdict");
}

/** @throws InputError for `--audit` without anything to compare. */
export function reductionOf({ reduce, audit = false }: ReductionOptions): Pick<SearchOptions, "reduce" | "audit"> {
  if (audit && reduce === "none") {
    throw new InputError("--audit compares a reduced search with the whole one; give --reduce symmetry, por or all.");
  }
  return { reduce, audit };
}

export function tellReduction(output: Output, { alike, notes, whole }: ReductionReport): void {
  const { paint } = output;
  for (const group of alike) output.say(paint.dim(`  alike: ${group.join(", ")}`));
  for (const note of notes) output.say(`  ${paint.yellow("reduction:")} ${note}`);
  if (whole === null) return;
  const { states, transitions, depth } = whole;
  output.say(paint.dim(`  without the reduction the same, in ${countsText({ states, transitions, depth })}`));
}

/** What the document of `--json` says of it: with `--audit`, both counts. */
export function reductionDocument({ reduce }: ReductionOptions, report: ReductionReport | undefined) {
  const { alike = [], notes = [], whole = null } = report ?? {};
  const counts = whole === null ? null : { states: whole.states, transitions: whole.transitions, depth: whole.depth };
  return { reduce, alike, notes, withoutReduction: counts };
}
