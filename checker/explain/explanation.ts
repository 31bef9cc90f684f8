/**
 * How good an explanation is: exact witnesses; exact but not all of them; or only what happened before, of which not
 * everything need have mattered.
 */
export type ExplanationStatus = "exact" | "partial" | "slice-only";

/** Why an event happened; events by their numbers in the trace. */
export interface Explanation {
  readonly status: ExplanationStatus;
  readonly outcome: number;
  /** Events without which it does not happen, whatever else does; null where that is not known. */
  readonly core: readonly number[] | null;
  /** The smallest set of events that suffices. */
  readonly smallest: readonly number[] | null;
  /** How many minimal sets suffice. */
  readonly count: number | null;
  /** Everything that happened before it, and itself, in order. */
  readonly causalPast: readonly number[];
  /** The longest chain of causes that leads to it, first cause first. */
  readonly chain: readonly number[];
}
