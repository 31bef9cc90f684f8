import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { withTraps } from "../../../sim/guard.js";
import { initialWorld } from "../../../sim/initial.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { HandlersRun } from "../handlers.js";
import { compactedSearch } from "../compaction/compacted-search.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { type Estimate, estimateStates } from "../outlook/estimate.js";
import { growthIn } from "../outlook/growth.js";
import { Levels } from "../outlook/levels.js";
import { Batch } from "./batch.js";
import { Components } from "./components.js";
import { type CountedInbox, inboxBitsMax } from "./counted-inbox.js";
import { Edges } from "./edges.js";
import { plainEntry } from "./entries.js";
import { Expansion } from "./expansion.js";
import { Explored, type ExploringSearch, type Tables } from "./explored.js";
import { valuesSeen } from "./inboxes-seen.js";
import { InternLog } from "./intern-log.js";
import { type Finding, Judging, verdictOf } from "./judging.js";
import { type Layout, readField } from "./layout.js";
import { type LocalStep, LocalSteps } from "./local-steps.js";
import { type Interned, outgrown, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import { Rows } from "./rows.js";
import { Resuming } from "./resuming.js";
import type { Point, Snapshot } from "./snapshot.js";
import { StateTable, type VisitedTable, type Words } from "./state-table.js";
import { KeyTable, keyWidth } from "./key-table.js";
import { Visited } from "./visited.js";

/**
 * The exhaustive breadth-first search over interned states: user code runs once per (participant, own state, message), and a
 * state is a short tuple of bit-packed component ids, compared exactly (collapse compression, Holzmann, "State compression
 * in SPIN", 1997). It visits the same states in the same order as the plain search, and gives the same witness.
 *
 * @param from where another search stood that this one goes on with.
 * @param inboxBits up to how many bits an inbox may be kept as counts of its messages; 0 for none (see `Components`)
 */
export function engineSearch(
  system: System,
  limits: SearchLimits,
  from?: Snapshot,
  inboxBits = inboxBitsMax,
): EngineSearch {
  return new Engine(system, limits, from, inboxBits);
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
  private readonly expansion: Expansion;
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
    from: Snapshot | undefined,
    inboxBits: number,
  ) {
    this.components = new Components(system, new InternLog(), inboxBits);
    this.handlers = new HandlersRun(system);
    const steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, steps, this.handlers, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, steps);
    this.expansion = new Expansion(system, this.components, this.packing, this.rows);
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
    const { components, levels } = valuesSeen(this.components, this.packing, this.visited.table, this.levels.all);
    const growth = growthIn(components, levels);
    const estimate = growth === undefined ? this.estimate() : undefined;
    return { kind: "unknown", limit, growth, estimate, coverage: this.coverage(false) };
  }

  explored(): Explored {
    return new Explored(this.tables);
  }

  get tables(): Tables {
    const { system, components, packing, rows, edges } = this;
    return { system, components, packing, rows, edges, states: this.visited.table };
  }

  estimate(): Estimate | undefined {
    return estimateStates(this.levels.all, this.nextDepthAt);
  }

  compact(bytes: number): Search | undefined {
    if (this.ended !== undefined || this.resuming !== undefined || this.visited.size === 0) return undefined;
    const { memo, handlers, limits } = this;
    const snapshot = this.snapshot();
    // Who holds on to this search keeps no states alive.
    this.visited.forget();
    return compactedSearch({ tables: this.tables, memo, handlers, limits, snapshot, bytes });
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
      if (this.resuming.advance(amount)) this.resumed();
      if (Number.isFinite(amount)) return true;
    }
    if (this.visited.size > this.limits.maxStates) this.ended ??= this.stop("max-states");
    return false;
  }

  private resumed(): void {
    this.resuming = undefined;
    // Now that all messages are known, their fields are put in order.
    this.packing.adopt(this.packing.layout);
  }

  private begin(): void {
    const { components, packing, edges } = this;
    const world = initialWorld(this.system, blindObserver(this.system));
    components.idsOf(world);
    for (const participant of packing.overfull()) {
      const messages = (components.counted[participant] as CountedInbox).messagesIn(world.network.inbox(participant));
      edges.internInbox(participant, edges.beginInterning(participant), messages);
    }
    this.widen();
    packing.pack(components.idsOf(world), this.batch.tuples);
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
    for (;;) {
      try {
        this.expand(this.head);
        this.head += 1;
        return;
      } catch (error) {
        if (error !== outgrown) throw error;
        // What was discovered stays; the state is expanded again, its successors then being known.
        this.flush();
        if (this.ended !== undefined) return;
        this.widen();
      }
    }
  }

  private widen(): void {
    const interned = new Map(this.packing.overfull().map((participant) => [participant, this.intern(participant)]));
    this.relayout(this.packing.widen(), interned);
  }

  /** After the packing has changed from this layout. */
  private relayout(before: Layout, interned?: Interned): void {
    this.visited.relayout(before, interned);
    this.batch = new Batch(this.packing.width);
    this.rows.relayout();
    this.memo.relayout();
  }

  /** Makes the inboxes of a participant interned values, which were counts; gives the id of each that was visited. */
  private intern(participant: number): Map<number, number> {
    const { arena, width, size } = this.visited.table;
    const field = this.packing.field(this.components.inboxComponent(participant));
    const counted = this.components.counted[participant] as CountedInbox;
    const empty = this.edges.beginInterning(participant);
    const ids = new Map<number, number>();
    for (let state = 0; state < size; state += 1) {
      const count = readField(arena, state * width, field);
      if (!ids.has(count)) ids.set(count, this.edges.internInbox(participant, empty, counted.messagesOf(count)));
    }
    return ids;
  }

  /** Makes all successors of one state. */
  private expand(state: number): void {
    const { expansion } = this;
    // It keeps the state's words even when the table grows.
    const { arena, width } = this.visited.table;
    const base = state * width;
    try {
      expansion.list(arena, base);
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      // A workload failed while choices were listed: as if none of this state's had been taken.
      this.flush();
      if (this.ended === undefined) this.end({ found: error, choices: this.visited.pathTo(state) });
      return;
    }
    for (let next = 0; next < expansion.count;) {
      if (this.batch.isFull) this.flush();
      if (this.ended !== undefined) return;
      const until = Math.min(expansion.count, next + this.batch.room);
      if (!this.fill(next, until, arena, base, state)) return;
      next = until;
    }
    this.transitions += expansion.total;
  }

  /** Puts some of the successors into the batch, which has room; false when a step fails, which ends the search. */
  private fill(from: number, until: number, arena: Words, base: number, state: number): boolean {
    const { batch, expansion, transitions } = this;
    const { flips, kinds } = this.rows.entries;
    const { tuples, parents, entries } = batch;
    const before = batch.transitions;
    const { width } = this.packing;
    let { count } = batch;
    for (let next = from; next < until; next += 1) {
      const entry = expansion.entries[next] as number;
      const at = count * width;
      const flip = entry * width;
      for (let word = 0; word < width; word += 1) {
        tuples[at + word] = (arena[base + word] as number) ^ (flips[flip + word] as number);
      }
      if (kinds[entry] !== plainEntry) {
        batch.count = count;
        if (!this.complete(entry, at, state)) return false;
      }
      parents[count] = state;
      entries[count] = entry;
      before[count] = transitions;
      count += 1;
    }
    batch.count = count;
    return true;
  }

  /** Completes the successor at `at` of the batch; false when the step fails, which ends the search. */
  private complete(entry: number, at: number, state: number): boolean {
    const { entries } = this.rows;
    try {
      this.edges.complete(entries, entry, this.batch.tuples, at);
      return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.flush();
      if (this.ended !== undefined) return false;
      this.transitions += this.positionOf(entry, state) + 1;
      const { choice } = entries.steps[entry] as LocalStep;
      this.end({ found: error, choices: [...this.visited.pathTo(state), describeChoice(choice)] });
      return false;
    }
  }

  /** The position of an entry among all choices of a state. */
  private positionOf(entry: number, state: number): number {
    const { arena, width } = this.visited.table;
    return this.expansion.positionOf(arena, state * width, entry);
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
    const { entries, parents, transitions } = this.batch;
    const position = this.positionOf(entries[successor] as number, parents[successor] as number);
    this.transitions = (transitions[successor] as number) + position + 1;
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
