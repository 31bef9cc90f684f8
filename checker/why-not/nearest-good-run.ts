import { describeChoice } from "../../sim/choice.js";
import { isInfluenced } from "./non-influence.js";
import { type AskedOutcome, OutcomeJudge, UnusableQuestion } from "./outcome-judge.js";
import { counterpartsOf, followed } from "./run-difference.js";
import type { Recording } from "./recording.js";
import type { ChangedDecision, EndedRun, RunSoFar } from "./run-point.js";
import { RunSearch } from "./run-search.js";

/**
 * The nearest good run, or how far there is none. `none`: no run of the scope is good. `unknown`: none is with at most
 * `within` changes, and whether one is with more was not decided.
 */
export type NearestGoodRun =
  | {
      readonly kind: "found";
      readonly changes: number;
      readonly changed: readonly ChangedDecision[];
      readonly choices: readonly string[];
      readonly states: number;
    }
  | { readonly kind: "none"; readonly states: number }
  | { readonly kind: "unknown"; readonly within: number; readonly states: number };

export interface NearestGoodRunOptions {
  /** Look no further than at so many changes. */
  readonly changesMax?: number;
  /** Only runs count in which this recorded event influences the event of the outcome's kind. */
  readonly influencedBy?: number;
}

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
    private readonly recording: Recording,
    outcome: AskedOutcome,
    private readonly options: NearestGoodRunOptions = {},
  ) {
    const judge = new OutcomeJudge(recording, outcome);
    const { changesMax, influencedBy } = options;
    if (influencedBy !== undefined && !judge.needsKind) {
      throw new UnusableQuestion(
        "The outcome's event has no kind that a good run must have, so nothing there is influenced.",
      );
    }
    this.search = new RunSearch(recording, {
      isCounting: true,
      judge,
      ...(changesMax === undefined ? {} : { changesMax }),
      isBarred: (before, after, choice) => {
        if (judge.isMadeBy(before, after.world, choice) || judge.isWrong(before, after.world, choice)) return true;
        return influencedBy !== undefined && judge.isOfKind(choice) && !this.isInfluenced(after, influencedBy);
      },
      onEnd: (run) => {
        if (!run.hasKind || judge.standsAtEnd(run.world) || judge.isWrongEnd(run.world)) return false;
        this.found = run;
        return true;
      },
    });
  }

  /** Whether the last event of a run is influenced by the counterpart of a recorded event. */
  private isInfluenced(run: RunSoFar, event: number): boolean {
    const trace = followed(this.recording.system, run.choices().map(describeChoice));
    const counterpart = counterpartsOf(this.recording, trace).indexOf(event);
    const outcome = { kind: "event", event: trace.length - 1 } as const;
    return counterpart >= 0 && counterpart < outcome.event && isInfluenced(trace, counterpart, outcome);
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
      const choices = this.found.choices().map(describeChoice);
      this.result = { kind: "found", changes, changed: this.found.changed(), choices, states: this.states };
    } else {
      this.result = this.search.isCut
        ? { kind: "unknown", within: this.options.changesMax ?? 0, states: this.states }
        : { kind: "none", states: this.states };
    }
    return this.result;
  }

  /** What is known so far: no good run has fewer changes than those that are being looked at. */
  stop(): NearestGoodRun {
    return this.result ?? { kind: "unknown", within: this.search.changes - 1, states: this.states };
  }
}
