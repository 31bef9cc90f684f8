import type { Search } from "../../../checker/search/search.js";
import { type SearchOptions, startSearch, type StrategyOptions } from "../../../checker/search/start.js";
import type { Verdict } from "../../../checker/verdict.js";
import type { System } from "../../../sim/system.js";

const unlimited = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

/** The verdict of a search that goes to its end. */
export function ended(search: Search): Verdict {
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

/** The verdict of a check, without limits unless some are given. */
export function checked(system: System, options: StrategyOptions & Partial<SearchOptions>): Verdict {
  return ended(startSearch(system, { ...unlimited, ...options }));
}
