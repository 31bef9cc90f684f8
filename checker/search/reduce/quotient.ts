import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import { untested } from "../../liveness/untested.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { Course } from "../course.js";
import { BreadthFirst } from "../engine/breadth-first.js";
import type { Finding } from "../engine/judging.js";
import { Successors } from "../engine/successors.js";
import type { Progress, SearchLimits } from "../search.js";
import type { AlikeClass } from "./alike.js";
import { Ample } from "./ample.js";
import { Asymmetry } from "./asymmetry.js";
import { Findings, told } from "./findings.js";
import { Followers } from "./followers.js";
import { RunEnds } from "./run-ends.js";
import { SleepSets, type Woken } from "./sleep-sets.js";
import { Standing } from "./standing.js";
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
  private readonly followers: Followers;
  private readonly order: BreadthFirst;
  private readonly course = new Course((isComplete) => this.coverage(isComplete));
  private readonly symmetry: Symmetry | undefined;
  private readonly standing: Standing | undefined;
  private readonly ample: Ample | undefined;
  private readonly sleep: SleepSets | undefined;
  private readonly woken: Woken[] = [];
  private readonly runEnds: RunEnds;
  private readonly findings: Findings;
  private rankRead: RankRead | undefined;

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
    this.followers = new Followers(this.system, this.successors);
    this.order = new BreadthFirst(this.successors.tables);
    if (classes.length > 0) {
      this.symmetry = new Symmetry(this.system, classes, this.successors);
      this.standing = new Standing(this.followers, this.symmetry);
    }
    if (visible !== undefined) {
      this.ample = new Ample(this.system, this.followers, visible);
      this.sleep = new SleepSets(this.followers);
    }
    this.findings = new Findings(this.system, this.successors, this.symmetry);
    this.runEnds = new RunEnds(this.system, this.successors.components);
  }

  advance(states: number): Progress | Verdict {
    const verdict = this.course.advance(
      states,
      () => this.begin(),
      () => this.expandNext(),
    );
    return verdict ?? this.order.progress("states");
  }

  stop(limit: Limit): Verdict {
    return this.course.stop(limit);
  }

  /** What could not be used for reducing, and why. */
  get problem(): string | undefined {
    return this.ample?.problem;
  }

  private begin(): void {
    if (this.successors.visited.size > 0) return;
    const { symmetry } = this;
    this.successors.begin(symmetry && ((ids) => symmetry.of(ids)));
    this.course.end(this.judge(0));
  }

  private expandNext(): void {
    const { order, course } = this;
    const woken = this.woken.pop();
    if (woken !== undefined) return this.expandAgain(woken);
    if (order.isAtEnd) return this.finish();
    order.beginLevel();
    if (order.depth >= this.limits.maxDepth) course.stop("max-depth");
    else this.expand(order.take());
  }

  private finish(): void {
    const found = this.runEnds.firstBroken;
    if (found === undefined) this.course.complete();
    else this.course.end(this.findings.ofState(found.state, found.detail));
  }

  private expand(state: number): void {
    const { successors, followers } = this;
    let ids: readonly number[];
    try {
      followers.list(state);
      if (this.rankRead !== undefined) throw new Asymmetry(this.rankRead.alike, this.rankRead.detail);
      ids = successors.packing.unpack(followers.words, 0);
      this.symmetry?.tryState(ids);
    } catch (error) {
      // A workload fails to say what comes next.
      if (!(error instanceof NodeFailure)) throw error;
      return this.course.end(this.findings.ofStep(state, error.message));
    }
    const isEnd = !followers.isAny((step) => followers.isProgress(step));
    this.takeEnough(state, ids);
    if (isEnd && !this.course.isOver) this.runEnds.judge(state, ids);
  }

  /** Takes those steps of a state that are enough. */
  private takeEnough(state: number, ids: readonly number[]): void {
    const { successors, followers, order } = this;
    const { count } = followers;
    const { total } = successors;
    const chosen = this.ample?.choose(ids);
    if (chosen === undefined) {
      const awake = this.sleep?.awake(state) ?? followers.all();
      this.takeAll(state, awake, true);
      order.transitions += total - (count - awake.length);
      return;
    }
    this.sleep?.wake(state);
    const goesOn = this.takeAll(state, chosen.steps, false);
    // The cycle condition: something leads on to a state that is still to be expanded, or all is taken after all.
    if (!goesOn)
      this.takeAll(
        state,
        followers.all().filter((step) => !chosen.steps.includes(step)),
        false,
      );
    order.transitions += goesOn ? chosen.choices : total;
  }

  /** Takes the steps of a state that were left out as others came first, which did not on another way there. */
  private expandAgain(woken: Woken): void {
    this.followers.list(woken.state);
    const steps = this.sleep?.woken(woken) ?? [];
    this.takeAll(woken.state, steps, true);
    this.order.transitions += steps.length;
  }

  /**
   * Takes some of the listed steps; whether one of them leads to a state that is not expanded yet.
   *
   * @param maySleep whether steps may sleep after others.
   */
  private takeAll(state: number, steps: readonly number[], maySleep: boolean): boolean {
    const { sleep, standing, order } = this;
    let goesOn = false;
    for (let i = 0; i < steps.length && !this.course.isOver; i += 1) {
      const step = steps[i] as number;
      const { size } = this.successors.visited;
      const next = this.take(state, step);
      if (next > state) goesOn = true;
      if (sleep === undefined || this.course.isOver) continue;
      // Names of choices are those of this state: where nodes exchange places, nothing sleeps.
      const asleep = maySleep && standing?.isItself !== false ? sleep.after(state, step, steps, i) : 0;
      const woken = sleep.reach(next, asleep, { isNew: next === size, isExpanded: next < order.next });
      if (woken !== undefined) this.woken.push(woken);
    }
    return goesOn;
  }

  /** The number of the state that a step leads to; the same state for one that leads nowhere. */
  private take(state: number, step: number): number {
    const { successors, standing } = this;
    const broken = successors.failures[step]?.message ?? this.judgeTransition(state, step);
    if (broken !== undefined) {
      this.endAt(state, step, () => this.findings.ofStep(state, broken));
      return state;
    }
    const { size } = successors.visited;
    const next = standing === undefined ? successors.visit(step, state) : standing.visit(step, state);
    if (next !== size) return next;
    const { arena, width } = successors.visited.table;
    if (!successors.memo.isJudgedWith(arena, next * width, state * width)) {
      const finding = this.judge(next);
      if (finding !== undefined) this.endAt(state, step, () => finding);
    }
    if (successors.visited.size > this.limits.maxStates) this.endAt(state, step, () => undefined);
    return next;
  }

  private judgeTransition(state: number, step: number): string | undefined {
    const { memo, visited, entries } = this.successors;
    if (!memo.hasSteps) return undefined;
    const [before, after] = [visited.wordsOf(state), this.successors.wordsOf(step)];
    return told(() => memo.judgeTransition(before, after, this.successors.choiceOf(step), entries[step] as number));
  }

  private judge(state: number): Finding | undefined {
    const { memo, visited, components } = this.successors;
    const broken = told(() => memo.judgeState(visited.wordsOf(state)));
    this.visible?.see(memo, components, this.classes);
    return broken === undefined ? undefined : this.findings.ofState(state, broken);
  }

  /** Ends at a step, by what was found there or else by the limit of states: what follows in the list was not taken. */
  private endAt(state: number, step: number, found: () => Finding | undefined): void {
    if (this.course.isOver) return;
    const finding = found();
    this.order.transitions += this.successors.positionOf(step, state) + 1;
    if (finding === undefined) this.course.stop("max-states");
    else this.course.end(finding);
  }

  private coverage(isComplete: boolean): Coverage {
    const coverage = this.order.coverage(isComplete);
    return {
      ...coverage,
      // What was left out may have run and seen them.
      ...(this.ample === undefined ? {} : { neverRun: [], faultsNeverSeen: [] }),
      vacuous: isComplete ? [...untested(this.system, coverage.transitions), ...this.runEnds.untested] : [],
    };
  }
}
