import type { Activity } from "../pace.js";
import type { Coverage, Limit, Verdict } from "../verdict.js";
import type { Estimate } from "./outlook/estimate.js";
import type { BytesLeft } from "./engine/room.js";
import type { Snapshot } from "./engine/snapshot.js";

/** How far a search has come. */
export interface Progress {
  readonly kind: "progress";
  /**
   * Making again what a checkpoint tells of; finding the states, or sampling them by walks; after all states, for properties
   * of whole runs, the graph of their transitions and its cycles.
   */
  readonly phase: "resuming" | "states" | "walks" | "liveness";
  readonly states: number;
  readonly transitions: number;
  /** The depth of the states that are being expanded, the initial one having 1; null without breadth-first order. */
  readonly depth: number | null;
  /** States found and not yet expanded; of a sampling search, walks to be made. */
  readonly frontier: number;
  /** What is being done about whole runs. */
  readonly activity?: Activity;
}

/**
 * A resumable search: `advance` works through so many states and gives its progress or, at the end, the verdict. It knows
 * no clock and no memory limit; whoever drives it does, and may `stop` it.
 */
export interface Search {
  /** @param isLate asked now and then by work whose pieces differ much in what they take: whether to pause at once. */
  advance(states: number, isLate?: () => boolean): Progress | Verdict;
  /** How many bytes it will take at once when it goes on, for tables that have to grow; 0 while they have room. */
  readonly bytesAhead?: number;
  /** The verdict `unknown` with all that is known so far. */
  stop(limit: Limit): Verdict;
  /** Does what has to be done before a snapshot can be taken without delay, until it is late; whether that is all done. */
  prepareSnapshot?(isLate: () => boolean): boolean;
  /** What is needed to go on from here in another process; undefined where there is nothing to go on with. */
  snapshot?(): Snapshot | undefined;
  /**
   * The search to go on with, which keeps signatures of its states alone, and takes so many bytes at most (see `Compaction`);
   * this one is not to be used any more. Undefined when it has ended, or cannot, or not at this moment.
   */
  compact?(bytes: number): Search | undefined;
  /** How many states there will be; undefined while it cannot be told. */
  estimate?(): Estimate | undefined;
  /** Of a reduced search, by what it is reduced. */
  reduction?(): ReductionReport;
}

/** What there is to tell of a reduction. */
export interface ReductionReport {
  /** The groups of nodes or clients that were taken for alike, by name. */
  readonly alike: readonly (readonly string[])[];
  /** Sentences: what could not be used, and why. */
  readonly notes: readonly string[];
  /** The counts of the whole search, where one was made beside it. */
  readonly whole: Coverage | null;
}

export interface SearchLimits {
  readonly maxStates: number;
  readonly maxDepth: number;
  /** Asked by tables that have to grow, which make do with less then; they double unless it is given. */
  readonly bytesLeft?: BytesLeft;
}

export const noCoverage: Coverage = {
  states: 0,
  transitions: 0,
  depth: null,
  complete: false,
  neverReached: [],
  neverRun: [],
  neverReturned: [],
  handlers: [],
  faultsNeverSeen: [],
  vacuous: [],
  satisfied: {},
};
