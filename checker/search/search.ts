import type { Coverage, Limit, Verdict } from "../verdict.js";

/** How far a search has come. */
export interface Progress {
  readonly kind: "progress";
  /** Finding the states; then, for properties of whole runs, the graph of their transitions and its cycles. */
  readonly phase: "states" | "liveness";
  readonly states: number;
  readonly transitions: number;
  /** The depth of the states that are being expanded, the initial one having 1; null without breadth-first order. */
  readonly depth: number | null;
  /** States found and not yet expanded. */
  readonly frontier: number;
}

/**
 * A resumable search: `advance` works through so many states and gives its progress or, at the end, the verdict. It knows
 * no clock and no memory limit; whoever drives it does, and may `stop` it.
 */
export interface Search {
  advance(states: number): Progress | Verdict;
  /** The verdict `unknown` with all that is known so far. */
  stop(limit: Limit): Verdict;
}

export interface SearchLimits {
  readonly maxStates: number;
  readonly maxDepth: number;
}

export const noCoverage: Coverage = {
  states: 0,
  transitions: 0,
  depth: null,
  complete: false,
  neverReached: [],
  neverRun: [],
  vacuous: [],
  satisfied: {},
};
