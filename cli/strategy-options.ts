import { InvalidArgumentError, Option } from "commander";
import { type SearchStrategy, searchStrategies } from "../checker/search/start.js";
import { nearest } from "../sim/nearest.js";

/** `--strategy`, which takes the name of one. */
export function strategyOption(): Option {
  return new Option("--strategy <name>", `how to search: ${searchStrategies.join(", ")}`)
    .argParser(parseStrategy)
    .default(searchStrategies[0]);
}

function parseStrategy(name: string): SearchStrategy {
  const found = searchStrategies.find((one) => one === name);
  if (found !== undefined) return found;
  const hint = nearest(name, searchStrategies);
  throw new InvalidArgumentError(
    `There is no strategy "${name}"${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${searchStrategies.join(", ")}.`,
  );
}
