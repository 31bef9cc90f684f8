import type { System } from "../../sim/system.js";
import { engineSearch } from "./engine/engine.js";
import { plainSearch } from "./plain.js";
import type { Search, SearchLimits } from "./search.js";

/** The exhaustive strategies that `check` offers. */
export const searchStrategies = ["breadth-first", "depth-first"] as const;

export interface SearchOptions extends SearchLimits {
  readonly strategy: (typeof searchStrategies)[number];
}

/** Starts a search: the one place that decides which engine does it. The fast one knows no active bags. */
export function startSearch(system: System, options: SearchOptions): Search {
  if (options.strategy === "breadth-first" && system.activeBags.length === 0) return engineSearch(system, options);
  return plainSearch(system, options.strategy, options);
}
