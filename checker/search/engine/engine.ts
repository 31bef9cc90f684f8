import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { withTraps } from "../../../sim/guard.js";
import { initialWorld } from "../../../sim/initial.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { HandlersRun } from "../handlers.js";
import type { Progress, SearchLimits } from "../search.js";
import { growthIn } from "../outlook/growth.js";
import { Levels } from "../outlook/levels.js";
import { Batch } from "./batch.js";
import { Components } from "./components.js";
import { Edges } from "./edges.js";
import { Explored, type ExploringSearch, type Tables } from "./explored.js";
import { type Finding, Judging, verdictOf } from "./judging.js";
import { type Layout, readColumn, readField } from "./layout.js";
import { type LocalStep, LocalSteps } from "./local-steps.js";
import { outgrown, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import { plainEntry, Rows } from "./rows.js";
import { Resuming } from "./resuming.js";
import type { Point, Snapshot } from "./snapshot.js";
import { StateTable, type VisitedTable, type Words } from "./state-table.js";
import { KeyTable, keyWidth } from "./key-table.js";
import { Visited } from "./visited.js";

/**
 * The exhaustive breadth-first search over interned states: user code runs once per (participant, own state, inbox), and a
 * state is a short tuple of bit-packed component ids, compared exactly (collapse compression, Holzmann, "State compression
 * in SPIN", 1997). It visits the same states in the same order as the plain search, and gives the same witness.
 *
 * @param from where another search stood that this one goes on with.
 */
export function engineSearch(system: System, limits: SearchLimits, from?: Snapshot): EngineSearch {
  return new Engine(system, limits, from);
}

export interface EngineSearch extends ExploringSearch {
  snapshot(): Snapshot;
  readonly tables: Tables;
}

class Engine implements EngineSearch {
  private readonly components: Components;
  private readonly packing: Packing;
  private readonly rows: Rows;
  private readonly edges: Edges;
  private readonly memo: PropertyMemo;
  private readonly handlers: HandlersRun;
  private readonly hasFaults: boolean;
  private readonly visited: Visited;
  private readonly judging: Judging;
  private batch: Batch;
  /** The next state to be expanded, and the first of the next depth. */
  private head = 0;
  private nextDepthAt = 1;
  private depth = 1;
  private transitions = 0;
  private ended: Verdict | undefined;
  private levels = new Levels();
  /** Where it stood when `advance` was called last: what a limit cut off after that is done again by who goes on. */
  private point: Point;
  private resuming: Resuming | undefined;

  constructor(
    private readonly system: System,
    private readonly limits: SearchLimits,
    from?: Snapshot,
  ) {
    this.components = new Components(system);
    this.handlers = new HandlersRun(system);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
    const steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, steps, this.handlers, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, steps);
    this.visited = new Visited(system, this.components, this.packing, visitedTable);
    this.judging = new Judging(this.memo, this.rows, this.visited);
    this.batch = new Batch(this.packing.width);
    this.point = this.here();
    if (from !== undefined) this.resumeFrom(from);
  }

  advance(states: number): Progress | Verdict {
    return withTraps(() => {
      try {
        if (this.isResuming(states)) return this.progress();
        if (this.visited.size === 0) this.begin();
        this.point = this.here();
        for (let i = 0; i < states && this.ended === undefined; i += 1) this.expandNext();
        this.flush();
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        this.end({ found: error, choices: [] });
      }
      return this.ended ?? this.progress();
    });
  }

  stop(limit: Limit): Verdict {
    if (this.ended !== undefined) return this.ended;
    return {
      kind: "unknown",
      limit,
      growth: growthIn(this.components, this.levels.all),
      coverage: this.coverage(false),
    };
  }

  explored(): Explored {
    return new Explored(this.tables);
  }

  get tables(): Tables {
    const { system, components, packing, rows, edges, hasFaults } = this;
    return { system, components, packing, rows, edges, states: this.visited.table, hasFaults };
  }

  snapshot(): Snapshot {
    if (this.resuming !== undefined) return this.resuming.snapshot;
    const point = this.ended?.kind === "unknown" ? this.point : this.here();
    const { log } = this.components;
    return {
      ...this.visited.first(point.size),
      log: log.written,
      layout: this.packing.layout,
      point,
      memo: this.memo.snapshot(),
      levels: this.levels.all.filter(({ depth }) => depth <= point.depth),
    };
  }

  private here(): Point {
    const { head, nextDepthAt, depth, transitions } = this;
    return { size: this.visited.size, head, nextDepthAt, depth, transitions };
  }

  private resumeFrom(snapshot: Snapshot): void {
    const { system, components, rows, edges, visited } = this;
    this.relayout(this.packing.adopt(snapshot.layout));
    this.memo.restore(snapshot.memo);
    this.levels = new Levels(snapshot.levels);
    this.resuming = new Resuming(system, components, { rows, edges }, visited, snapshot);
    const { head, nextDepthAt, depth, transitions } = (this.point = snapshot.point);
    Object.assign(this, { head, nextDepthAt, depth, transitions });
  }

  /** Does so much of the work of resuming; false when there is none. */
  private isResuming(amount: number): boolean {
    while (this.resuming !== undefined) {
      if (this.resuming.advance(amount)) this.resuming = undefined;
      if (Number.isFinite(amount)) return true;
    }
    if (this.visited.size > this.limits.maxStates) this.ended ??= this.stop("max-states");
    return false;
  }

  private begin(): void {
    const ids = this.components.idsOf(initialWorld(this.system, blindObserver(this.system)));
    this.widen();
    this.packing.pack(ids, this.batch.tuples);
    this.visited.discover(this.batch.tuples, 1, this.batch.parents, this.batch.fresh);
    this.end(this.judging.state(0));
  }

  /** Expands one state; the main loop of the search. */
  private expandNext(): void {
    if (this.head === this.nextDepthAt || this.head === this.visited.size) {
      this.flush();
      if (this.ended !== undefined) return;
      if (this.head === this.visited.size) {
        this.ended = { kind: "holds", coverage: this.coverage(true) };
        return;
      }
    }
    if (this.head === this.nextDepthAt) {
      this.nextDepthAt = this.visited.size;
      this.depth += 1;
      this.levels.note(this.depth, this.head, () => this.components.all.map(({ size }) => size));
    }
    if (this.depth >= this.limits.maxDepth) {
      this.ended = this.stop("max-depth");
      return;
    }
    const before = this.transitions;
    for (;;) {
      try {
        this.expand(this.head);
        this.head += 1;
        return;
      } catch (error) {
        if (error instanceof NodeFailure) return this.failedToExpand(error, before);
        if (error !== outgrown) throw error;
        // What was discovered stays; the state is expanded again, its successors then being known.
        this.flush();
        if (this.ended !== undefined) return;
        this.transitions = before;
        this.widen();
      }
    }
  }

  /** A workload failed while choices were listed: as if none of this state's had been taken. */
  private failedToExpand(error: NodeFailure, transitions: number): void {
    const { batch } = this;
    while (batch.count > 0 && batch.parents[batch.count - 1] === this.head) batch.count -= 1;
    this.flush();
    if (this.ended !== undefined) return;
    this.transitions = transitions;
    this.end({ found: error, choices: this.visited.pathTo(this.head) });
  }

  private widen(): void {
    this.relayout(this.packing.widen());
  }

  /** After the packing has changed from this layout. */
  private relayout(before: Layout): void {
    this.visited.relayout(before);
    this.batch = new Batch(this.packing.width);
    this.rows.relayout();
    this.memo.relayout();
  }

  /** Makes all successors of one state. */
  private expand(state: number): void {
    const { rows } = this;
    const { slotFields, inboxFields } = this.packing;
    const { arena, width } = this.visited.table;
    const base = state * width;
    const faults = readField(arena, base, this.packing.field(this.components.faultsComponent));
    const participants = this.system.participants.length;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readColumn(arena, base, slotFields, participant);
      const inbox = readColumn(arena, base, inboxFields, participant);
      this.takeAll(rows.regular(participant, slot, inbox, faults), arena, base, state);
    }
    if (!this.hasFaults) return;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readColumn(arena, base, slotFields, participant);
      const inbox = readColumn(arena, base, inboxFields, participant);
      this.takeAll(rows.faulty(participant, slot, inbox, faults), arena, base, state);
    }
    this.takeAll(rows.ofNetwork(faults), arena, base, state);
  }

  /** Puts the successors by a row's entries into the batch. `arena` keeps the state's words even when the table grows. */
  private takeAll(row: number, arena: Words, base: number, state: number): void {
    const { rows, batch } = this;
    const end = rows.ends[row] as number;
    for (let entry = rows.starts[row] as number; entry < end;) {
      if (batch.isFull) this.flush();
      if (this.ended !== undefined) return;
      const until = Math.min(end, entry + batch.room);
      if (!this.fill(entry, until, arena, base, state)) return;
      entry = until;
    }
    this.transitions += rows.totals[row] as number;
  }

  /** Puts the successors by these entries into the batch, which has room; false when a step fails, which ends the search. */
  private fill(from: number, until: number, arena: Words, base: number, state: number): boolean {
    const { batch, transitions } = this;
    const { flips, kinds } = this.rows;
    const { tuples, parents, entries } = batch;
    const before = batch.transitions;
    const { width } = this.visited.table;
    let { count } = batch;
    for (let entry = from; entry < until; entry += 1) {
      const at = count * width;
      const flip = entry * width;
      for (let word = 0; word < width; word += 1) {
        tuples[at + word] = (arena[base + word] as number) ^ (flips[flip + word] as number);
      }
      if (kinds[entry] !== plainEntry) {
        batch.count = count;
        if (!this.applyEffects(entry, at, state)) return false;
      }
      parents[count] = state;
      entries[count] = entry;
      before[count] = transitions;
      count += 1;
    }
    batch.count = count;
    return true;
  }

  /** Applies an entry's effects to the successor at `at` of the batch; false when the step fails, which ends the search. */
  private applyEffects(entry: number, at: number, state: number): boolean {
    const { effects, failure, choice } = this.rows.steps[entry] as LocalStep;
    try {
      if (failure !== undefined) throw failure;
      if (effects !== undefined) this.edges.apply(effects, this.batch.tuples, at);
      return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.flush();
      if (this.ended !== undefined) return false;
      this.transitions += (this.rows.positions[entry] as number) + 1;
      this.end({ found: error, choices: [...this.visited.pathTo(state), describeChoice(choice)] });
      return false;
    }
  }

  /** Looks up the successors of the batch, in order, and judges those that are new. */
  private flush(): void {
    const { batch, visited, memo } = this;
    const { tuples, parents, fresh } = batch;
    const { width } = visited.table;
    const bad = memo.hasSteps ? this.judgeTransitions() : undefined;
    const count = bad?.index ?? batch.count;
    batch.count = 0;
    const first = visited.size;
    const found = visited.discover(tuples, count, parents, fresh);
    const { arena } = visited.table;
    for (let i = 0; i < found; i += 1) {
      const state = first + i;
      const successor = fresh[i] as number;
      if (!memo.isJudgedWith(arena, state * width, (parents[successor] as number) * width)) {
        const finding = this.judging.state(state);
        if (finding !== undefined) return this.endAt(successor, state, finding);
      }
      if (state >= this.limits.maxStates) return this.endAt(successor, state, undefined);
    }
    if (bad !== undefined) this.endAt(bad.index, visited.size - 1, bad.finding);
  }

  /** The first transition of the batch that a property refuses. */
  private judgeTransitions(): { readonly index: number; readonly finding: Finding } | undefined {
    const { batch, judging } = this;
    const { width } = this.visited.table;
    for (let i = 0; i < batch.count; i += 1) {
      const after = batch.tuples.subarray(i * width, (i + 1) * width);
      const finding = judging.transition(batch.parents[i] as number, batch.entries[i] as number, after);
      if (finding !== undefined) return { index: i, finding };
    }
    return undefined;
  }

  /** Ends the search at a successor of the batch, `last` being the last state; what comes after does not count. */
  private endAt(successor: number, last: number, finding: Finding | undefined): void {
    this.visited.table.truncate(last + 1);
    const position = this.rows.positions[this.batch.entries[successor] as number] as number;
    this.transitions = (this.batch.transitions[successor] as number) + position + 1;
    if (finding === undefined) this.ended = this.stop("max-states");
    else this.end(finding);
  }

  /** Ends the search by what has been found, if anything has. */
  private end(finding: Finding | undefined): void {
    if (finding === undefined) return;
    this.ended = verdictOf(finding, this.coverage(false));
  }

  private progress(): Progress {
    const frontier = this.visited.size - this.head;
    return {
      kind: "progress",
      phase: this.resuming === undefined ? "states" : "resuming",
      states: this.visited.size,
      transitions: this.transitions,
      depth: this.depth,
      frontier,
    };
  }

  private coverage(complete: boolean): Coverage {
    const isNextFound = this.visited.size > this.nextDepthAt;
    return {
      states: this.visited.size,
      transitions: this.transitions,
      depth: isNextFound ? this.depth + 1 : this.depth,
      complete,
      neverReached: this.memo.neverReached(),
      ...this.handlers.coverage(),
      vacuous: [],
      satisfied: {},
    };
  }
}

/** A breadth-first search asks only whether a state is new, not which one it is. */
function visitedTable(width: number, capacity?: number): VisitedTable {
  return width === keyWidth ? new KeyTable(capacity) : new StateTable(width, capacity);
}
