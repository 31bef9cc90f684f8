import type { Choice } from "../../../sim/choice.js";
import type { NodeFailure } from "../../../sim/node-failure.js";

/** What a step does beyond its own participant: messages to others, and observations for the monitors; all by id. */
export interface Effects {
  readonly receivers: readonly number[];
  readonly items: readonly number[];
  readonly observations: readonly number[];
}

export const noEffects: Effects = { receivers: [], items: [], observations: [] };

/** A step as it looks from its participant: its own ids before and after, and its effects. */
export interface LocalStep {
  readonly choice: Choice;
  readonly slot: number;
  readonly inbox: number;
  readonly faults: number;
  /** The message that leaves its inbox, when that is kept as counts. */
  readonly taken: number | undefined;
  readonly effects: Effects | undefined;
  readonly failure: NodeFailure | undefined;
}

/**
 * A participant, and the ids of its own state, its inbox and the faults. Of an inbox that is kept as counts there is at most
 * one message, by its number in place of an id.
 */
export interface Place {
  readonly participant: number;
  readonly slot: number;
  readonly inbox: number;
  readonly message?: number;
  readonly faults: number;
}
