import type { System } from "../../sim/system.js";
import { plainSearch } from "./plain.js";
import type { Search, SearchLimits } from "./search.js";

/** The exhaustive strategies that `check` offers. */
export const searchStrategies = ["breadth-first", "depth-first"] as const;

export interface SearchOptions extends SearchLimits {
  readonly strategy: (typeof searchStrategies)[number];
}

/** Starts a search: the one place that decides which engine does it. */
export function startSearch(system: System, options: SearchOptions): Search {
  return plainSearch(system, options.strategy, options);
}
