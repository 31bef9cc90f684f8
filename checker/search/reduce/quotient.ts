import { describeChoice } from "../../../sim/choice.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import { untested } from "../../liveness/untested.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { Successors } from "../engine/successors.js";
import type { Progress, SearchLimits } from "../search.js";
import type { AlikeClass } from "./alike.js";
import { Ample } from "./ample.js";
import { Asymmetry } from "./equivariance.js";
import { type Ending, Findings } from "./findings.js";
import { type Follower, Followers, told } from "./followers.js";
import { RunEnds } from "./run-ends.js";
import { SleepSets, type Woken } from "./sleep-sets.js";
import { Symmetry } from "./symmetry.js";
import type { Visible } from "./visible.js";
import { type RankRead, withWatchedRanks } from "./watched-ranks.js";

/**
 * One attempt at a reduced search.
 *
 * @throws Asymmetry from `advance` when nodes are not as alike as they seemed, and NewlyVisible when properties read more than
 * they seemed to.
 */
export class Quotient {
  private readonly system: System;
  private readonly successors: Successors;
  private readonly symmetry: Symmetry | undefined;
  private readonly ample: Ample | undefined;
  private readonly sleep: SleepSets | undefined;
  private readonly woken: Woken[] = [];
  private readonly followers: Followers;
  private readonly runEnds: RunEnds;
  private readonly findings: Findings;
  private rankRead: RankRead | undefined;
  /** The next state to be expanded, and the first of the next depth. */
  private head = 0;
  private nextDepthAt = 1;
  private depth = 1;
  private transitions = 0;
  private ended: Verdict | undefined;

  /** @param visible with persistent sets, what properties are known to read. */
  constructor(
    original: System,
    private readonly classes: readonly AlikeClass[],
    private readonly limits: SearchLimits,
    private readonly visible: Visible | undefined,
  ) {
    this.system = withWatchedRanks(original, classes, (read) => {
      this.rankRead ??= read;
    });
    this.successors = new Successors(this.system);
    this.symmetry = classes.length === 0 ? undefined : new Symmetry(this.system, classes, this.successors);
    this.ample = visible === undefined ? undefined : new Ample(this.system, this.successors, visible);
    this.sleep = visible === undefined ? undefined : new SleepSets();
    this.findings = new Findings(this.system, this.successors, this.symmetry);
    this.followers = new Followers(this.system, this.successors, this.symmetry);
    this.runEnds = new RunEnds(this.system, this.successors.components);
  }

  advance(states: number): Progress | Verdict {
    try {
      if (this.successors.visited.size === 0) this.begin();
      for (let i = 0; i < states && this.ended === undefined; i += 1) this.expandNext();
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.end({ kind: "crashed", failure: error, choices: [] });
    }
    return this.ended ?? this.progress();
  }

  stop(limit: Limit): Verdict {
    return this.ended ?? { kind: "unknown", limit, coverage: this.coverage(false) };
  }

  /** What could not be used for reducing, and why. */
  get problem(): string | undefined {
    return this.ample?.problem;
  }

  private begin(): void {
    this.successors.begin((ids) => this.symmetry?.of(ids) ?? ids);
    this.judge(0);
  }

  private expandNext(): void {
    const { visited } = this.successors;
    const woken = this.woken.pop();
    if (woken !== undefined) return this.expandAgain(woken);
    if (this.head === visited.size) return this.finish();
    if (this.head === this.nextDepthAt) {
      this.nextDepthAt = visited.size;
      this.depth += 1;
    }
    if (this.depth >= this.limits.maxDepth) {
      this.ended = this.stop("max-depth");
      return;
    }
    this.expand(this.head);
    this.head += 1;
  }

  private expand(state: number): void {
    const { successors } = this;
    const ids = successors.packing.unpack(successors.visited.wordsOf(state), 0);
    let all: Follower[];
    try {
      all = this.followers.of(state, ids);
      if (this.rankRead !== undefined) throw new Asymmetry(this.rankRead.alike, this.rankRead.detail);
      this.symmetry?.tryState(ids);
    } catch (error) {
      // A workload fails to say what comes next.
      if (error instanceof NodeFailure) return this.end(this.findings.ofStep(state, error.message));
      throw error;
    }
    this.takeEnough(state, ids, all);
    if (this.ended !== undefined) return;
    if (all.every(({ isChange, choice }) => !isChange || isFault(choice))) this.runEnds.judge(state, ids);
  }

  /** Takes those steps of a state that are enough. */
  private takeEnough(state: number, ids: readonly number[], all: readonly Follower[]): void {
    const chosen = this.ample?.choose(ids, all);
    if (chosen === undefined) {
      const awake = this.sleep?.awake(state, all) ?? all;
      this.takeAll(state, awake, all);
      this.transitions += this.successors.total - (all.length - awake.length);
      return;
    }
    this.sleep?.wake(state);
    const goesOn = this.takeAll(state, chosen.steps);
    // The cycle condition: something leads on to a state that is still to be expanded, or all is taken after all.
    if (!goesOn)
      this.takeAll(
        state,
        all.filter((one) => !chosen.steps.includes(one)),
      );
    this.transitions += goesOn ? chosen.choices : this.successors.total;
  }

  /** Takes the steps of a state that were left out as others came first, which did not on another way there. */
  private expandAgain({ state, names }: Woken): void {
    const { successors } = this;
    const all = this.followers.of(state, successors.packing.unpack(successors.visited.wordsOf(state), 0));
    const woken = all.filter(({ choice }) => names.has(describeChoice(choice)));
    this.takeAll(state, woken, all);
    this.transitions += woken.length;
  }

  /**
   * Takes some of the listed steps; whether one of them leads to a state that is not expanded yet.
   *
   * @param all where steps may sleep after others: all steps of the state.
   */
  private takeAll(state: number, steps: readonly Follower[], all?: readonly Follower[]): boolean {
    const standing = this.followers.stand(state, steps);
    let goesOn = false;
    steps.forEach((step, i) => {
      if (this.ended !== undefined) return;
      const after = standing[i] as readonly number[];
      // Names of choices are those of this state: where nodes exchange places, nothing sleeps.
      const maySleep = all !== undefined && after.every((id, component) => id === step.after[component]);
      const asleep = maySleep ? (this.sleep?.after(state, step, steps.slice(0, i), all) ?? 0) : 0;
      if (this.take(state, step, asleep) > state) goesOn = true;
    });
    return goesOn;
  }

  /** The number of the state that a step leads to; the same state for one that leads nowhere. */
  private take(state: number, { number, broken }: Follower, asleep: number): number {
    const { successors } = this;
    const before = this.transitions;
    let next = state;
    if (broken !== undefined) this.end(this.findings.ofStep(state, broken));
    else {
      const { size } = successors.visited;
      next = successors.visit(number, state);
      const isExpanded = next === state || next < this.head;
      const woken = this.sleep?.reach(next, asleep, { isNew: next === size, isExpanded });
      if (woken !== undefined) this.woken.push(woken);
      if (next !== size) return next;
      this.judge(next);
      if (successors.visited.size > this.limits.maxStates) this.ended ??= this.stop("max-states");
    }
    // It ended here, if it did: what follows in the list was not taken.
    if (this.ended !== undefined) this.endAt(before + (successors.positions[number] as number) + 1);
    return next;
  }

  private judge(state: number): void {
    const { memo, visited } = this.successors;
    const broken = told(() => memo.judgeState(visited.wordsOf(state)));
    this.visible?.see(memo, this.successors.components, this.classes);
    if (broken !== undefined) this.end(this.findings.ofState(state, broken));
  }

  private finish(): void {
    const found = this.runEnds.firstBroken;
    if (found !== undefined) this.end(this.findings.ofState(found.state, found.detail));
    else this.ended = { kind: "holds", coverage: this.coverage(true) };
  }

  private end(ending: Ending): void {
    this.ended = { ...ending, coverage: this.coverage(false) };
  }

  private endAt(transitions: number): void {
    if (this.ended === undefined) return;
    this.transitions = transitions;
    this.ended = { ...this.ended, coverage: { ...this.ended.coverage, transitions } };
  }

  private progress(): Progress {
    const { size } = this.successors.visited;
    const { transitions, depth } = this;
    return { kind: "progress", phase: "states", states: size, transitions, depth, frontier: size - this.head };
  }

  private coverage(complete: boolean): Coverage {
    const { visited, memo, handlers } = this.successors;
    const vacuous = complete ? [...untested(this.system, this.transitions), ...this.runEnds.untested] : [];
    return {
      states: visited.size,
      transitions: this.transitions,
      depth: visited.size > this.nextDepthAt ? this.depth + 1 : this.depth,
      complete,
      neverReached: memo.neverReached(),
      ...handlers.coverage(),
      // What was left out may have run and seen them.
      ...(this.ample === undefined ? {} : { neverRun: [], faultsNeverSeen: [] }),
      vacuous,
      satisfied: {},
    };
  }
}
