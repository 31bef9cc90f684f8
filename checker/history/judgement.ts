import type { ShouldStop } from "./just-in-time.js";

/** An operation that cannot be, and why. */
export interface Culprit {
  /** The operation's id in its history. */
  readonly operation: number;
  readonly reason: string;
}

/** What a checker says of a history; operations are named by their ids. */
export type HistoryJudgement =
  | {
      readonly kind: "holds";
      /** One legal order of all that took effect, where the model asks for one order; null where it does not. */
      readonly order: readonly number[] | null;
    }
  | {
      readonly kind: "violated";
      /** The longest legal prefix that exists, or null where the model knows no single order. */
      readonly prefix: readonly number[] | null;
      readonly culprits: readonly Culprit[];
      /** What is wrong, in sentences. */
      readonly detail: string;
    }
  | { readonly kind: "unknown"; readonly limit: string };

/** How to judge. */
export interface JudgeOptions {
  /** False: one search over the whole history, where the parts would otherwise be judged one by one. */
  readonly partition?: boolean;
  /** Asked now and then with the number of steps of one search; true ends it as unknown. */
  readonly shouldStop?: ShouldStop;
}

/** The limit that a judgement of `unknown` names when `shouldStop` ended the search. */
export const stopped = "time or steps";
