import { judgeHolds, type Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { PropertyOf } from "../../../sim/property.js";
import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import { untested } from "../../liveness/untested.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import type { LocalStep } from "../engine/local-steps.js";
import { outgrown } from "../engine/packing.js";
import { Successors } from "../engine/successors.js";
import type { Progress, SearchLimits } from "../search.js";
import type { AlikeClass } from "./alike.js";
import { Ample, type Follower } from "./ample.js";
import { Asymmetry } from "./equivariance.js";
import { type Ending, Findings } from "./findings.js";
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
  private readonly findings: Findings;
  private readonly atQuiescence: readonly PropertyOf<"at-quiescence">[];
  /** The first quiescent state that breaks each of them. */
  private readonly stuck = new Map<string, { readonly state: number; readonly detail: string }>();
  /** The listed successors, and what the step to each breaks. */
  private readonly followers: Follower[] = [];
  private readonly broken: (string | undefined)[] = [];
  private hasQuiescence = false;
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
    this.findings = new Findings(this.system, this.successors, this.symmetry);
    this.atQuiescence = original.properties.filter((property) => property.kind === "at-quiescence");
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
    try {
      this.list(state, ids);
      if (this.rankRead !== undefined) throw new Asymmetry(this.rankRead.alike, this.rankRead.detail);
      this.symmetry?.tryState(ids);
    } catch (error) {
      // A workload fails to say what comes next.
      if (error instanceof NodeFailure) return this.end(this.findings.ofStep(state, error.message));
      throw error;
    }
    const all = this.followers.slice(0, successors.count);
    const chosen = this.ample?.choose(ids, all);
    if (chosen === undefined) {
      this.takeAll(state, all);
      this.transitions += successors.total;
    } else {
      const goesOn = this.takeAll(state, chosen.steps);
      // The cycle condition: something leads on to a state that is still to be expanded, or all is taken after all.
      if (!goesOn)
        this.takeAll(
          state,
          all.filter((one) => !chosen.steps.includes(one)),
        );
      this.transitions += goesOn ? chosen.choices : successors.total;
    }
    if (this.ended !== undefined) return;
    if (all.every(({ isChange, choice }) => !isChange || isFault(choice))) this.judgeQuiescent(state, ids);
  }

  /** Lists what follows a state. */
  private list(state: number, ids: readonly number[]): void {
    const { successors } = this;
    successors.list(state);
    for (let i = 0; i < successors.count; i += 1) {
      const after = successors.packing.unpack(successors.wordsOf(i), 0);
      const hasFailed = successors.failures[i] !== undefined;
      const step = successors.rows.entries.steps[successors.entries[i] as number] as LocalStep;
      const isChange = hasFailed || after.some((id, component) => id !== ids[component]);
      this.followers[i] = { number: i, step, choice: step.choice, after, isChange };
      this.broken[i] = hasFailed ? undefined : this.judgeStep(state, i);
      if (!hasFailed) this.symmetry?.tryStep(ids, after, step);
    }
  }

  /** Takes some of the listed steps; whether one of them leads to a state that is not expanded yet. */
  private takeAll(state: number, steps: readonly Follower[]): boolean {
    const { successors, symmetry } = this;
    const { packing } = successors;
    const standing = steps.map(({ number, after }) =>
      symmetry === undefined || successors.failures[number] !== undefined ? after : symmetry.of(after).slice(),
    );
    for (;;) {
      try {
        packing.checkAll();
        break;
      } catch (error) {
        if (error !== outgrown) throw error;
        successors.widen();
        successors.list(state);
      }
    }
    let goesOn = false;
    steps.forEach(({ number }, i) => {
      if (this.ended !== undefined) return;
      packing.pack(standing[i] as readonly number[], successors.wordsOf(number));
      if (this.take(state, number) > state) goesOn = true;
    });
    return goesOn;
  }

  private judgeStep(state: number, i: number): string | undefined {
    const { successors } = this;
    const { memo, visited } = successors;
    if (!memo.hasSteps) return undefined;
    const entry = successors.entries[i] as number;
    return told(() =>
      memo.judgeTransition(visited.wordsOf(state), successors.wordsOf(i), successors.choiceOf(i), entry),
    );
  }

  /** The number of the state that a step leads to; the same state for one that leads nowhere. */
  private take(state: number, i: number): number {
    const { successors } = this;
    const before = this.transitions;
    const broken = successors.failures[i]?.message ?? this.broken[i];
    let next = state;
    if (broken !== undefined) this.end(this.findings.ofStep(state, broken));
    else {
      const { size } = successors.visited;
      next = successors.visit(i, state);
      if (next !== size) return next;
      this.judge(next);
      if (successors.visited.size > this.limits.maxStates) this.ended ??= this.stop("max-states");
    }
    // It ended here, if it did: what follows in the list was not taken.
    if (this.ended !== undefined) this.endAt(before + (successors.positions[i] as number) + 1);
    return next;
  }

  private judge(state: number): void {
    const { memo, visited } = this.successors;
    const broken = told(() => memo.judgeState(visited.wordsOf(state)));
    this.visible?.see(memo, this.successors.components, this.classes);
    if (broken !== undefined) this.end(this.findings.ofState(state, broken));
  }

  /** What must hold where runs end is told after all states were found, as by the whole search. */
  private judgeQuiescent(state: number, ids: readonly number[]): void {
    this.hasQuiescence = true;
    for (const property of this.atQuiescence) {
      if (this.stuck.has(property.name)) continue;
      const detail = told(() => judgeHolds(property, new View(this.system, this.successors.components.worldOf(ids))));
      if (detail !== undefined) this.stuck.set(property.name, { state, detail });
    }
  }

  private finish(): void {
    for (const { name } of this.atQuiescence) {
      const found = this.stuck.get(name);
      if (found !== undefined) return this.end(this.findings.ofState(found.state, found.detail));
    }
    this.ended = { kind: "holds", coverage: this.coverage(true) };
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
    const vacuous = complete ? untested(this.system, this.transitions) : [];
    if (complete && !this.hasQuiescence) vacuous.push(...this.atQuiescence.map(({ name }) => name));
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

/** The sentence of a violation, or of a failure of the property's own code. */
function told(judge: () => Violation | undefined): string | undefined {
  try {
    return judge()?.detail;
  } catch (error) {
    if (error instanceof NodeFailure) return error.message;
    throw error;
  }
}
