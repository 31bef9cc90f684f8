import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { withTraps } from "../../../sim/guard.js";
import { initialWorld } from "../../../sim/initial.js";
import type { Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { HandlersRun } from "../handlers.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { Batch } from "./batch.js";
import { Components } from "./components.js";
import { Edges } from "./edges.js";
import { Explored } from "./explored.js";
import { type FieldColumns, fieldColumns, readColumn, readField } from "./layout.js";
import { type LocalStep, LocalSteps } from "./local-steps.js";
import { outgrown, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import { namesOfPath } from "./path.js";
import { plainEntry, Rows } from "./rows.js";
import { grown, StateTable, type Words } from "./state-table.js";

/**
 * The exhaustive breadth-first search over interned states: user code runs once per (participant, own state, inbox), and a
 * state is a short tuple of bit-packed component ids, compared exactly (collapse compression, Holzmann, "State compression
 * in SPIN", 1997). It visits the same states in the same order as the plain search, and gives the same witness.
 */
export function engineSearch(system: System, limits: SearchLimits): EngineSearch {
  return new Engine(system, limits);
}

/** A search that can tell, once it has ended complete, all that it has found. */
export interface EngineSearch extends Search {
  explored(): Explored;
}

class Engine implements EngineSearch {
  private readonly components: Components;
  private readonly packing: Packing;
  private readonly rows: Rows;
  private readonly edges: Edges;
  private readonly memo: PropertyMemo;
  private readonly handlers: HandlersRun;
  private readonly hasFaults: boolean;
  private states: StateTable;
  private batch: Batch;
  /** For each state, the one from which it was discovered. */
  private parents: Uint32Array = new Uint32Array(1024);
  /** Where the ids of each participant's own state and inbox stand in a state's words. */
  private slotFields: FieldColumns;
  private inboxFields: FieldColumns;
  /** The next state to be expanded, and the first of the next depth. */
  private head = 0;
  private nextDepthAt = 1;
  private depth = 1;
  private transitions = 0;
  private ended: Verdict | undefined;

  constructor(
    private readonly system: System,
    private readonly limits: SearchLimits,
  ) {
    this.components = new Components(system);
    this.handlers = new HandlersRun(system);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
    const steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, steps, this.handlers, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, steps);
    this.states = new StateTable(this.packing.width);
    this.batch = new Batch(this.packing.width);
    this.slotFields = this.fieldsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.fieldsOf((participant) => this.components.inboxComponent(participant));
  }

  advance(states: number): Progress | Verdict {
    return withTraps(() => {
      try {
        if (this.states.size === 0) this.begin();
        for (let i = 0; i < states && this.ended === undefined; i += 1) this.expandNext();
        this.flush();
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        this.crashed(error, []);
      }
      return this.ended ?? this.progress();
    });
  }

  stop(limit: Limit): Verdict {
    return this.ended ?? { kind: "unknown", limit, coverage: this.coverage(false) };
  }

  explored(): Explored {
    const { system, components, packing, rows, edges, states, hasFaults } = this;
    return new Explored({ system, components, packing, rows, edges, states, hasFaults });
  }

  private begin(): void {
    const ids = this.components.idsOf(initialWorld(this.system, blindObserver(this.system)));
    this.widen();
    this.packing.pack(ids, this.batch.tuples);
    this.states.insert(this.batch.tuples);
    this.judge(0);
  }

  /** Expands one state; the main loop of the search. */
  private expandNext(): void {
    if (this.head === this.nextDepthAt || this.head === this.states.size) {
      this.flush();
      if (this.ended !== undefined) return;
      if (this.head === this.states.size) {
        this.ended = { kind: "holds", coverage: this.coverage(true) };
        return;
      }
    }
    if (this.head === this.nextDepthAt) {
      this.nextDepthAt = this.states.size;
      this.depth += 1;
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
    this.crashed(error, this.pathTo(this.head));
  }

  private widen(): void {
    const layout = this.packing.widen();
    this.states = this.packing.repack(this.states, layout);
    this.batch = new Batch(this.packing.width);
    this.slotFields = this.fieldsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.fieldsOf((participant) => this.components.inboxComponent(participant));
    this.rows.relayout();
    this.memo.relayout();
  }

  private fieldsOf(component: (participant: number) => number): FieldColumns {
    return fieldColumns(this.system.participants.map((_, participant) => this.packing.field(component(participant))));
  }

  /** Makes all successors of one state. */
  private expand(state: number): void {
    const { rows, slotFields, inboxFields } = this;
    const { arena, width } = this.states;
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
    const { flips, kinds, positions } = rows;
    const { tuples, parents, entries, transitions } = batch;
    const { width } = this.states;
    const end = rows.ends[row] as number;
    for (let entry = rows.starts[row] as number; entry < end; entry += 1) {
      if (this.ended !== undefined) return;
      if (batch.isFull) this.flush();
      const at = batch.count * width;
      const flip = entry * width;
      for (let word = 0; word < width; word += 1) {
        tuples[at + word] = (arena[base + word] as number) ^ (flips[flip + word] as number);
      }
      if (kinds[entry] !== plainEntry && !this.applyEffects(entry, at, state)) return;
      parents[batch.count] = state;
      entries[batch.count] = entry;
      transitions[batch.count] = this.transitions + (positions[entry] as number) + 1;
      batch.count += 1;
    }
    this.transitions += rows.totals[row] as number;
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
      this.crashed(error, [...this.pathTo(state), describeChoice(choice)]);
      return false;
    }
  }

  /** Looks up the successors of the batch, in order, and judges those that are new. */
  private flush(): void {
    const { batch, states, memo } = this;
    const { tuples, hashes } = batch;
    const { width } = states;
    const { count } = batch;
    batch.count = 0;
    states.prepare(tuples, count, hashes);
    for (let i = 0; i < count && this.ended === undefined; i += 1) {
      const parent = batch.parents[i] as number;
      if (memo.hasSteps) this.judgeTransition(i, parent);
      if (this.ended === undefined) {
        const state = states.size;
        if (states.insertHashed(tuples, i * width, hashes[i] as number) !== state) continue;
        if (state === this.parents.length) this.parents = grown(this.parents);
        this.parents[state] = parent;
        if (!memo.isJudgedWith(states.arena, state * width, parent * width)) this.judge(state);
        if (states.size > this.limits.maxStates) this.ended ??= this.stop("max-states");
      }
      // It ended here: what was taken after this transition does not count.
      if (this.ended !== undefined) this.endAt(batch.transitions[i] as number);
    }
  }

  private judge(state: number): void {
    const { width, arena } = this.states;
    try {
      const violation = this.memo.judgeState(arena.subarray(state * width, (state + 1) * width));
      if (violation !== undefined) this.violated(violation, this.pathTo(state));
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.crashed(error, this.pathTo(state));
    }
  }

  private judgeTransition(i: number, parent: number): void {
    const { width, arena } = this.states;
    const { tuples, entries } = this.batch;
    const entry = entries[i] as number;
    const { choice } = this.rows.steps[entry] as LocalStep;
    const before = arena.subarray(parent * width, (parent + 1) * width);
    const after = tuples.subarray(i * width, (i + 1) * width);
    try {
      const violation = this.memo.judgeTransition(before, after, choice, entry);
      if (violation !== undefined) this.violated(violation, [...this.pathTo(parent), describeChoice(choice)]);
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.crashed(error, [...this.pathTo(parent), describeChoice(choice)]);
    }
  }

  private endAt(transitions: number): void {
    if (this.ended === undefined) return;
    this.transitions = transitions;
    this.ended = { ...this.ended, coverage: { ...this.ended.coverage, transitions } };
  }

  private violated(violation: Violation, choices: readonly string[]): void {
    const witness = { ...violation, choices, step: choices.length };
    this.ended = { kind: "violated", witness, coverage: this.coverage(false) };
  }

  private crashed(failure: NodeFailure, choices: readonly string[]): void {
    this.ended = { kind: "crashed", failure, choices, coverage: this.coverage(false) };
  }

  private pathTo(state: number): string[] {
    const path: number[][] = [];
    for (let at = state; at !== 0; at = this.parents[at] as number) {
      path.push(this.packing.unpack(this.states.arena, at * this.states.width));
    }
    return namesOfPath(this.system, this.components, path.reverse());
  }

  private progress(): Progress {
    const frontier = this.states.size - this.head;
    return {
      kind: "progress",
      phase: "states",
      states: this.states.size,
      transitions: this.transitions,
      depth: this.depth,
      frontier,
    };
  }

  private coverage(complete: boolean): Coverage {
    const isNextFound = this.states.size > this.nextDepthAt;
    return {
      states: this.states.size,
      transitions: this.transitions,
      depth: isNextFound ? this.depth + 1 : this.depth,
      complete,
      neverReached: this.memo.neverReached(),
      neverRun: this.handlers.neverRun(),
      vacuous: [],
      satisfied: {},
    };
  }
}
