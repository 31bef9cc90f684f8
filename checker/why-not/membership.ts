import type { Explanation, ExplanationMode } from "../explain/explanation.js";
import type { Outcome } from "../explain/outcome.js";
import type { AskedOutcome } from "./outcome-judge.js";

/**
 * Whether an event is in an explanation of an outcome. Without it alone the outcome may come about all the same, because
 * something else would have done as well.
 */
export interface Membership {
  readonly mode: ExplanationMode;
  /** Null if not all explanations are known. */
  readonly isIn: boolean | null;
  /** If it is in one: fewest others without which it decides. Empty if it decides alone; null if that was not found out. */
  readonly others: readonly number[] | null;
}

/** Looks for an event in the explanation of an outcome, which must be that of `explainedOutcome(outcome)`. */
export function membershipOf(event: number, { mode, status, responsibility }: Explanation): Membership {
  if (status !== "exact") return { mode, isIn: null, others: null };
  const found = responsibility.find((one) => one.event === event);
  return { mode, isIn: found !== undefined, others: found?.others ?? null };
}

/** What has to be explained of an outcome so that it is the one that `why-not` asks about: with what its event brings about. */
export function explainedOutcome(outcome: AskedOutcome): Outcome {
  return outcome.kind === "event" ? { kind: "step", event: outcome.event } : outcome;
}
