import type { FaultKind } from "../sim/fault.js";
import type { HandlerCoverage } from "./search/handlers.js";
import type { Estimate } from "./search/outlook/estimate.js";
import type { Growth } from "./search/outlook/growth.js";
import type { NodeFailure } from "../sim/node-failure.js";

/** A run that breaks a property: the names of its choices, and the step after which it is broken (0: at the start). */
export interface Witness {
  readonly property: string;
  /** The property's sentence. */
  readonly detail: string;
  readonly choices: readonly string[];
  readonly step: number;
  /** Of a run that never ends: how many choices come before those that repeat for ever, which are all the others. */
  readonly loop?: number;
}

/** How much was visited, and whether that was all. */
export interface Coverage {
  readonly states: number;
  /** Every enabled choice of every state that was expanded, those that change nothing included. */
  readonly transitions: number;
  /** The greatest breadth-first distance plus 1; null for strategies that have no such distance. */
  readonly depth: number | null;
  /** Everything in the scope was visited. */
  readonly complete: boolean;
  /** `sometimes` properties that no visited state reaches. */
  readonly neverReached: readonly string[];
  /** Handlers that never ran, as `role.onMessage.kind`, in declared order. */
  readonly neverRun: readonly string[];
  /** Clients that ask, and whose operations never return: what they are told is no answer to their call. */
  readonly neverReturned: readonly string[];
  /** In which local states each handler ran; empty where that is not kept. */
  readonly handlers: readonly HandlerCoverage[];
  /** Kinds of faults that have a budget and never happened. */
  readonly faultsNeverSeen: readonly FaultKind[];
  /** Properties that nothing reachable puts to the test, so that they hold whatever the scenario does. */
  readonly vacuous: readonly string[];
  /** For each `sometimes` property that asks for it, how many states satisfy it. */
  readonly satisfied: { readonly [property: string]: number };
  /** What a search that was cut has visited whole all the same. */
  readonly exhausted?: Exhausted;
  /** What a sampling search did. */
  readonly sampled?: Sampled;
}

/** All states up to a depth, the initial one having 1; or all schedules with at most so many delays. */
export type Exhausted = { readonly depth: number } | { readonly delays: number };

/** How many walks were made, and of which length the longest was. */
export interface Sampled {
  readonly runs: number;
  /** In steps. */
  readonly longest: number;
  /** Properties that no finite run can decide, and that were not judged. */
  readonly notJudged: readonly string[];
  readonly guarantee?: Guarantee;
}

/**
 * With which probability a bug of this depth (so many orderings of two events are enough for it) was sure to be found, if no
 * schedule has more lanes or steps than the walks had.
 */
export interface Guarantee {
  readonly depth: number;
  /** The most lanes (see `Lanes`) that a walk had, and the most steps. */
  readonly lanes: number;
  readonly steps: number;
  /** By one walk, and by all of them. */
  readonly perRun: number;
  readonly overall: number;
}

export type Limit =
  "hash-compaction" | "max-states" | "max-depth" | "time-limit" | "memory-limit" | "interrupted" | "runs" | "bound";

/** How sure a search is that has kept only signatures of its states. */
export interface CompactionReport {
  /** A bound of the probability that at least one state was left out. */
  readonly omissionProbability: number;
  /** Of a signature. */
  readonly bits: number;
}

/**
 * What a check says in the end. `holds` is only ever said of a scope that was visited whole; a limit that was hit gives
 * `unknown` with its name.
 */
export type Verdict =
  | { readonly kind: "holds"; readonly coverage: Coverage }
  | { readonly kind: "violated"; readonly witness: Witness; readonly coverage: Coverage }
  | {
      readonly kind: "crashed";
      readonly failure: NodeFailure;
      readonly choices: readonly string[];
      readonly coverage: Coverage;
    }
  | {
      readonly kind: "unknown";
      readonly limit: Limit;
      readonly coverage: Coverage;
      /** What has grown all the time, for scopes that may have no end. */
      readonly growth?: Growth | undefined;
      /** Of a search that has compared states by signatures since its memory ran short. */
      readonly compaction?: CompactionReport | undefined;
      /** How many states there are in all, where that can be told. */
      readonly estimate?: Estimate | undefined;
    };
