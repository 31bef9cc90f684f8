import { type Command, InvalidArgumentError, Option } from "commander";
import { type SearchStrategy, searchStrategies, type StrategyOptions } from "../checker/search/start.js";
import { nearest } from "../sim/nearest.js";
import { InputError } from "./input-error.js";
import { wholeNumber } from "./options.js";

/** `--strategy`, and what some strategies take: `--bound`, `--runs`, `--seed`, `--max-steps`. */
export interface GivenStrategy {
  readonly strategy: SearchStrategy;
  readonly bound?: number;
  readonly runs?: number;
  readonly seed?: number;
  readonly maxSteps?: number;
}

export function withStrategyOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--strategy <name>", `how to search: ${searchStrategies.join(", ")}`)
        .argParser(parseStrategy)
        .default(searchStrategies[0]),
    )
    .option("--bound <n>", `the delays of delay-bounded (${delays}), the depth of pct (${depth})`, wholeNumber(0))
    .option("--runs <n>", `how many walks random, pct and swarm make (${walk.runs})`, wholeNumber(1))
    .option("--seed <n>", `the seed of their first walk (${walk.seed})`, wholeNumber(0))
    .option("--max-steps <n>", `end each of their walks after so many steps (${walk.maxSteps})`, wholeNumber(1));
}

/** What is taken unless it is given. */
const delays = 2;
const depth = 3;
const walk = { runs: 10_000, seed: 1, maxSteps: 10_000 };

const takesBound: readonly SearchStrategy[] = ["delay-bounded", "pct"];
const takesWalks: readonly SearchStrategy[] = ["random", "pct", "swarm"];

/**
 * The strategy that was asked for, with what it needs.
 *
 * @throws InputError for an option that it does not take, and for a bound that it cannot have.
 */
export function strategyOf(given: GivenStrategy): StrategyOptions {
  const { strategy, bound } = given;
  if (bound !== undefined) refuse("--bound", strategy, takesBound);
  if (given.runs !== undefined) refuse("--runs", strategy, takesWalks);
  if (given.seed !== undefined) refuse("--seed", strategy, takesWalks);
  if (given.maxSteps !== undefined) refuse("--max-steps", strategy, takesWalks);
  const { runs = walk.runs, seed = walk.seed, maxSteps = walk.maxSteps } = given;
  switch (strategy) {
    case "breadth-first":
    case "depth-first":
    case "iterative-deepening":
    case "best-first":
      return { strategy };
    case "delay-bounded":
      return { strategy, bound: bound ?? delays };
    case "random":
    case "swarm":
      return { strategy, runs, seed, maxSteps };
    case "pct":
      if (bound === 0) throw new InputError("--bound 0 is no depth of a bug: for pct it is a whole number from 1.");
      return { strategy, bound: bound ?? depth, runs, seed, maxSteps };
  }
}

function refuse(option: string, strategy: SearchStrategy, takes: readonly SearchStrategy[]): void {
  if (takes.includes(strategy)) return;
  const names = `${takes.slice(0, -1).join(", ")} or ${takes.at(-1)}`;
  throw new InputError(`${strategy} takes no ${option}: leave it out, or choose ${names} with --strategy.`);
}

function parseStrategy(name: string): SearchStrategy {
  const found = searchStrategies.find((one) => one === name);
  if (found !== undefined) return found;
  const hint = nearest(name, searchStrategies);
  throw new InvalidArgumentError(
    `There is no strategy "${name}"${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${searchStrategies.join(", ")}.`,
  );
}
