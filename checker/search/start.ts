import type { System } from "../../sim/system.js";
import { EngineGraph } from "../liveness/engine-graph.js";
import { livenessSearch } from "../liveness/liveness-search.js";
import { engineSearch } from "./engine/engine.js";
import type { ExploringSearch } from "./engine/explored.js";
import type { Snapshot } from "./engine/snapshot.js";
import type { Crew } from "./parallel/crew.js";
import { auditedSearch } from "./reduce/audited-search.js";
import { type ReductionName, reductionsOf } from "./reduce/preserved.js";
import { reducedSearch } from "./reduce/reduced-search.js";
import { ReductionRefused } from "./reduce/refused.js";
import type { Search, SearchLimits } from "./search.js";
import { bestFirst } from "./strategy/best-first.js";
import { delayBounded } from "./strategy/delay-bounded.js";
import { depthFirst } from "./strategy/depth-first.js";
import { frontierSearch } from "./strategy/frontier-search.js";
import { iterativeDeepening } from "./strategy/iterative-deepening.js";
import { pct } from "./strategy/pct.js";
import { randomWalks } from "./strategy/random.js";
import { swarm } from "./strategy/swarm.js";
import { type WalkOptions, walks } from "./strategy/walks.js";

/** The strategies that `check` offers. */
export const searchStrategies = [
  "breadth-first",
  "depth-first",
  "iterative-deepening",
  "best-first",
  "delay-bounded",
  "random",
  "pct",
  "swarm",
] as const;

/** Those whose searches can be kept in a checkpoint: the order of the others hangs on more than their states. */
export const resumableStrategies: readonly SearchStrategy[] = ["breadth-first"];

export type SearchStrategy = (typeof searchStrategies)[number];

/** A strategy with what it needs. */
export type StrategyOptions =
  | { readonly strategy: "breadth-first" | "depth-first" | "iterative-deepening" | "best-first" }
  /** `bound` is how many delays a schedule may have. */
  | { readonly strategy: "delay-bounded"; readonly bound: number }
  | ({ readonly strategy: "random" | "swarm" } & WalkOptions)
  /** `bound` is the depth of the bugs to be found. */
  | ({ readonly strategy: "pct"; readonly bound: number } & WalkOptions);

export interface ReduceOptions {
  /** What the search may leave out; nothing unless given. */
  readonly reduce?: ReductionName;
  /** Searches the whole scope too, and compares. */
  readonly audit?: boolean;
}

export type SearchOptions = SearchLimits & ReduceOptions & StrategyOptions;

/**
 * Starts a search: the one place that decides which engine does it. Properties of whole runs are decided after all states
 * have been found, if the strategy finds all.
 *
 * @param from where another search stood (`Search.snapshot`) that this one goes on with.
 * @param crew threads that help; of breadth-first searches without reduction alone.
 * @throws UnusableSearch when the system does not have what the strategy goes by.
 */
export function startSearch(system: System, options: SearchOptions, from?: Snapshot, crew?: Crew): Search {
  if (options.reduce !== undefined && options.reduce !== "none") return reduced(system, options, options.reduce);
  switch (options.strategy) {
    case "random":
      return walks(system, randomWalks, options);
    case "swarm":
      return walks(system, swarm, options);
    case "pct":
      return walks(system, (moves) => pct(system, moves, options.bound), options);
    default: {
      const states = exploringSearch(system, options, from, crew);
      return livenessSearch(system, states, (transitions) => new EngineGraph(states.explored(), transitions));
    }
  }
}

type Exploring = Exclude<StrategyOptions, WalkOptions>;

function exploringSearch(
  system: System,
  options: SearchLimits & Exploring,
  from?: Snapshot,
  crew?: Crew,
): ExploringSearch {
  switch (options.strategy) {
    case "breadth-first":
      return engineSearch(system, options, from, undefined, crew);
    case "depth-first":
      return frontierSearch(system, depthFirst, options);
    case "iterative-deepening":
      return frontierSearch(system, iterativeDeepening, options);
    case "best-first":
      return frontierSearch(system, (successors) => bestFirst(system, successors), options);
    case "delay-bounded":
      return delayBounded(system, options.bound, options);
  }
}

/** @throws ReductionRefused where the reduction does not preserve what is checked, or is not for this strategy. */
function reduced(system: System, options: SearchOptions, name: ReductionName): Search {
  if (options.strategy !== "breadth-first") {
    throw new ReductionRefused("A reduced search goes breadth-first; leave --strategy out, or --reduce.");
  }
  const reductions = reductionsOf(name);
  const search = reducedSearch(system, reductions, options);
  if (options.audit !== true) return search;
  return auditedSearch(() => startSearch(system, { ...options, reduce: "none" }), search, reductions);
}
