import { judgeHolds } from "../../../sim/judge.js";
import { isFault } from "../../../sim/quiescent.js";
import { type Random, stream } from "../../../sim/random.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import { notJudgedByRuns } from "../../simulate.js";
import type { Coverage, Guarantee, Limit, Verdict } from "../../verdict.js";
import type { Finding } from "../engine/judging.js";
import { Successors } from "../engine/successors.js";
import { HandlersRun } from "../handlers.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { Course } from "../course.js";
import { Moves } from "./moves.js";
import { takeStep } from "./take-step.js";

/** How the walks of a sampling strategy are made. */
export interface Sampling {
  /** Begins a walk that draws from this stream. `longest` is the length of the longest walk so far, 0 at first. */
  begin(random: Random, longest: number): Walker;
  /** What the walks so far were sure to find with some probability; asked after at least one. */
  guarantee?(longest: number): Guarantee;
}

/** Decides one walk. */
export interface Walker {
  /** Which of the moves to take, of which there is at least one; undefined ends the walk. */
  pick(moves: Moves): number | undefined;
}

export interface WalkOptions {
  /** The seed of the first walk; each next one has the next whole number. */
  readonly seed: number;
  readonly runs: number;
  /** A walk ends after so many steps. */
  readonly maxSteps: number;
}

/**
 * Samples schedules: walks from the initial state until nothing would change any more, as a sampling strategy picks the
 * moves. States, transitions and ends of runs are judged as they are in a search; but nothing is exhausted, so that without a
 * violation the verdict is `unknown`.
 */
export function walks(
  system: System,
  samplingOf: (moves: Moves) => Sampling,
  options: SearchLimits & WalkOptions,
): Search {
  return new Walks(system, samplingOf, options);
}

class Walks implements Search {
  private readonly successors: Successors;
  private readonly moves: Moves;
  private readonly sampling: Sampling;
  /** The handlers of steps that were taken: user code also runs for those that were offered alone. */
  private readonly handlers: HandlersRun;
  private readonly taken: boolean[] = [];
  private readonly atEnd;
  private walker: Walker | undefined;
  private state = 0;
  /** Whether no walk was in this state before. */
  private isNew = true;
  private steps = 0;
  private runs = 0;
  private longest = 0;
  private transitions = 0;
  private readonly course = new Course(() => this.coverage());

  constructor(
    private readonly system: System,
    samplingOf: (moves: Moves) => Sampling,
    private readonly options: SearchLimits & WalkOptions,
  ) {
    this.successors = new Successors(system);
    this.moves = new Moves(this.successors);
    this.sampling = samplingOf(this.moves);
    this.handlers = new HandlersRun(system);
    this.atEnd = system.properties.filter((property) => property.kind === "at-quiescence");
  }

  /** Takes so many steps. */
  advance(steps: number): Progress | Verdict {
    const { course } = this;
    return (
      course.advance(
        steps,
        () => this.begin(),
        () => this.goOn(),
      ) ?? this.progress()
    );
  }

  stop(limit: Limit): Verdict {
    return this.course.stop(limit);
  }

  private begin(): void {
    if (this.successors.visited.size > 0) return;
    this.successors.begin();
    this.course.end(this.successors.judging.state(0));
  }

  /** Takes the next step, of the next walk if none is under way. */
  private goOn(): void {
    this.walker ??= this.beginWalk();
    if (this.walker === undefined) {
      this.course.stop("runs");
      return;
    }
    const { maxSteps, maxDepth } = this.options;
    const isOver = this.steps >= Math.min(maxSteps, maxDepth - 1) || !this.look();
    const move = isOver ? undefined : this.walker.pick(this.moves);
    if (move === undefined) this.walker = undefined;
    else this.take(move);
  }

  private beginWalk(): Walker | undefined {
    if (this.runs === this.options.runs) return undefined;
    const random = stream(this.options.seed + this.runs, "walk");
    this.state = 0;
    this.isNew = this.runs === 0;
    this.steps = 0;
    this.runs += 1;
    return this.sampling.begin(random, this.longest);
  }

  /** Lists the moves, and judges what can be judged where a walk stands; false when it cannot go on. */
  private look(): boolean {
    const { moves, state, course } = this;
    const work = (): void => {
      moves.list(state);
      if (this.isNew) this.judgeHere();
    };
    course.attempt(work, () => this.successors.visited.pathTo(state));
    return !course.isOver && moves.count > 0;
  }

  /** Judges the steps that change nothing, and the end of a run if there is nothing else but faults. */
  private judgeHere(): void {
    const { successors, moves, state } = this;
    if (successors.memo.hasSteps) {
      for (const idle of moves.idle()) this.see(takeStep(successors, state, idle));
    }
    if (this.atEnd.length === 0 || !moves.every(isFault)) return;
    const ids = successors.packing.unpack(successors.visited.wordsOf(state), 0);
    for (const property of this.atEnd) {
      const violation = judgeHolds(property, new View(this.system, successors.components.worldOf(ids)));
      if (violation !== undefined) this.course.end({ found: violation, choices: successors.visited.pathTo(state) });
    }
  }

  private take(move: number): void {
    const { successors, moves } = this;
    const entry = moves.entry(move);
    if (this.taken[entry] !== true) {
      this.taken[entry] = true;
      this.handlers.see(moves.choice(move), successors.slotsOf(this.state));
    }
    this.transitions += 1;
    this.steps += 1;
    this.longest = Math.max(this.longest, this.steps);
    const { size } = successors.visited;
    this.state = this.see(takeStep(successors, this.state, moves.successor(move)));
    this.isNew = this.state === size;
    if (successors.visited.size > this.options.maxStates) this.course.stop("max-states");
  }

  /** The state that a step led to; where it led to a finding, that ends it all. */
  private see(reached: number | Finding): number {
    if (typeof reached === "number") return reached;
    this.course.end(reached);
    return this.state;
  }

  private progress(): Progress {
    return {
      kind: "progress",
      phase: "walks",
      states: this.successors.visited.size,
      transitions: this.transitions,
      depth: null,
      frontier: this.options.runs - this.runs,
    };
  }

  private coverage(): Coverage {
    const { runs, longest } = this;
    const { visited, memo } = this.successors;
    const guarantee = runs === 0 ? undefined : this.sampling.guarantee?.(longest);
    return {
      states: visited.size,
      transitions: this.transitions,
      depth: null,
      complete: false,
      neverReached: memo.neverReached(),
      ...this.handlers.coverage(),
      vacuous: [],
      satisfied: {},
      sampled: {
        runs,
        longest,
        notJudged: notJudgedByRuns(this.system),
        ...(guarantee === undefined ? {} : { guarantee }),
      },
    };
  }
}
