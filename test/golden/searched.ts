import { startSearch } from "../../checker/search/start.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile, type Settings } from "../../sim/compile.js";
import type { Scenario } from "../../sim/scenario.js";

/** Searches a scenario to the end, as `check` does. @throws what node code threw. */
export function searched(scenario: Scenario, settings: Settings = {}): Verdict {
  const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  const search = startSearch(compile(scenario, settings), { strategy: "breadth-first", ...limits });
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "crashed") throw verdict.failure;
  if (verdict.kind === "progress") throw new Error("The search stopped without a verdict.");
  return verdict;
}
