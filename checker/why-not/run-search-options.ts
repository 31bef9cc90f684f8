import type { Choice } from "../../sim/choice.js";
import type { World } from "../../sim/world.js";
import type { Orderings } from "./orderings.js";
import type { OutcomeJudge } from "./outcome-judge.js";
import type { EndedRun, RunSoFar } from "./run-point.js";

/** What a search for runs is to keep apart, and where it ends. */
export interface RunSearchOptions {
  /**
   * Count changed decisions, and meet runs with fewer of them first. Without it runs come in any order, and more of them
   * merge.
   */
  readonly isCounting: boolean;
  /** Keep runs apart that differ in these orderings. */
  readonly orderings?: Orderings;
  /** Leave out runs that this step belongs to. */
  readonly isBarred: (before: World, after: RunSoFar, choice: Choice) => boolean;
  /** Told of each run that has come to its end; true ends the search. */
  readonly onEnd: (run: EndedRun) => boolean;
  readonly judge: OutcomeJudge;
  /** Leave out runs with more changes. */
  readonly changesMax?: number;
}
