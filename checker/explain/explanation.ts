import type { AbsenceEnd } from "./absence.js";
import type { Graph } from "./graph.js";
import type { Outcome } from "./outcome.js";

/**
 * How good an explanation is: all of them are known; some are, and what is said of them is certain; or only a set of events
 * that suffices, or that happened before, of which not everything need have mattered.
 */
export type ExplanationStatus = "exact" | "partial" | "slice-only";

/** What an explanation takes for granted: the messages that were sent, or nothing but the order of events. */
export type ExplanationMode = "local" | "global";

/** Why an outcome of a run came about; events by their numbers in the trace, ascending. */
export interface Explanation {
  readonly status: ExplanationStatus;
  readonly mode: ExplanationMode;
  readonly outcome: Outcome;
  /** Events of every explanation: without any of them it does not come about, whatever else does. Null if none is known. */
  readonly core: readonly number[] | null;
  /** A smallest set of events that suffices; of a partial explanation one that may hold more than is needed. */
  readonly smallest: readonly number[] | null;
  /** How many sets suffice of which nothing can be left out; null when they were not counted. */
  readonly count: bigint | null;
  /** Some of these sets, smallest first. */
  readonly alternatives: readonly (readonly number[])[];
  /** Events of any explanation, with how much hangs on each, greatest first. */
  readonly responsibility: readonly Responsibility[];
  /** Everything that happened before it, and itself. */
  readonly causalPast: readonly number[];
  /**
   * The longest chain of causes within the smallest explanation, or, where there is none, within the causal past; of an
   * operation without an answer, all that its request led to.
   */
  readonly chain: readonly number[];
  readonly graph: Graph | null;
  /** Of an outcome that violates a property with monitors: which events made it false. */
  readonly violation: ViolationExplanation | null;
  /** Runs without some of the events that the smallest explanation leaves out: whether the outcome came about all the same. */
  readonly closure: Closure | null;
  /** Of an operation without an answer: where what its request led to ended. */
  readonly ends: readonly AbsenceEnd[] | null;
}

/** Meliou et al. 2010: 1/k, if with k-1 others left out as well its presence decides; null if that was not found out. */
export interface Responsibility {
  readonly event: number;
  readonly value: number | null;
  /** Fewest others without which it decides; null if that was not found out. */
  readonly others: readonly number[] | null;
}

export interface ViolationExplanation {
  readonly property: string;
  readonly status: ExplanationStatus;
  readonly core: readonly number[];
  readonly smallest: readonly number[];
  readonly count: bigint | null;
}

export interface Closure {
  readonly runs: number;
  /** The events left out in a run in which the outcome did not come about. */
  readonly counterexample: readonly number[] | null;
}
