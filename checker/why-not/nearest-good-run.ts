import { describeChoice } from "../../sim/choice.js";
import { OutcomeJudge, type Outcome } from "./outcome.js";
import type { Recording } from "./recording.js";
import { type EndedRun, RunSearch } from "./run-search.js";

/**
 * The nearest good run, or how far there is none. `none`: no run of the scope is good. `unknown`: none is with at most
 * `within` changes, and whether one is with more was not decided.
 */
export type NearestGoodRun =
  | { readonly kind: "found"; readonly changes: number; readonly choices: readonly string[]; readonly states: number }
  | { readonly kind: "none"; readonly states: number }
  | { readonly kind: "unknown"; readonly within: number; readonly states: number };

/**
 * Looks for the run that changes the fewest decisions of a recorded one and is good: it comes to its end without the
 * outcome and without breaking any property, and has an event of the outcome's kind, such as the answer to the same
 * operation. Resumable; see `RunSearch` for what a change is.
 */
export class NearestGoodRunSearch {
  private readonly search: RunSearch;
  private found: EndedRun | undefined;
  private result: NearestGoodRun | undefined;

  /** @throws UnusableQuestion for an outcome that no single run shows. */
  constructor(
    recording: Recording,
    outcome: Outcome,
    private readonly changesMax = Number.POSITIVE_INFINITY,
  ) {
    const judge = new OutcomeJudge(recording.trace, outcome);
    this.search = new RunSearch(recording, {
      isCounting: true,
      judge,
      changesMax,
      isBarred: (before, { world }, choice) =>
        judge.isMadeBy(before, world, choice) || judge.isWrong(before, world, choice),
      onEnd: (run) => {
        if (!run.hasKind || judge.standsAtEnd(run.world) || judge.isWrongEnd(run.world)) return false;
        this.found = run;
        return true;
      },
    });
  }

  get states(): number {
    return this.search.states;
  }

  /** All runs with fewer changes are known, and none is good. */
  get changes(): number {
    return this.search.changes;
  }

  /** Works through so many states; gives the answer once it is known. */
  advance(states: number): NearestGoodRun | undefined {
    const ended = this.search.advance(states);
    if (ended === undefined) return undefined;
    if (this.found !== undefined) {
      const { changes } = this.found;
      this.result = { kind: "found", changes, choices: this.found.choices().map(describeChoice), states: this.states };
    } else {
      this.result = this.search.isCut
        ? { kind: "unknown", within: this.changesMax, states: this.states }
        : { kind: "none", states: this.states };
    }
    return this.result;
  }

  /** What is known so far: no good run has fewer changes than those that are being looked at. */
  stop(): NearestGoodRun {
    return this.result ?? { kind: "unknown", within: this.search.changes - 1, states: this.states };
  }
}
