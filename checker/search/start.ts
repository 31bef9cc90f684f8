import type { System } from "../../sim/system.js";
import { EngineGraph } from "../liveness/engine-graph.js";
import { livenessSearch } from "../liveness/liveness-search.js";
import { PlainGraph } from "../liveness/plain-graph.js";
import { engineSearch } from "./engine/engine.js";
import { plainSearch } from "./plain.js";
import type { Search, SearchLimits } from "./search.js";

/** The exhaustive strategies that `check` offers. */
export const searchStrategies = ["breadth-first", "depth-first"] as const;

export interface SearchOptions extends SearchLimits {
  readonly strategy: (typeof searchStrategies)[number];
}

/**
 * Starts a search: the one place that decides which engine does it. Properties of whole
 * runs are decided after all states have been found.
 */
export function startSearch(system: System, options: SearchOptions): Search {
  if (options.strategy === "breadth-first") {
    const engine = engineSearch(system, options);
    return livenessSearch(system, engine, () => new EngineGraph(engine.explored()));
  }
  return livenessSearch(system, plainSearch(system, options.strategy, options), () => new PlainGraph(system));
}
