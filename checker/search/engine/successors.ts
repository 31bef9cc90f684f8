import { blindObserver } from "../../../sim/carrier.js";
import type { Choice } from "../../../sim/choice.js";
import { initialWorld } from "../../../sim/initial.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { unpaused } from "../../pace.js";
import type { System } from "../../../sim/system.js";
import type { NodeSlot } from "../../../sim/world.js";
import { HandlersRun } from "../handlers.js";
import { Components } from "./components.js";
import { Edges } from "./edges.js";
import { Explored } from "./explored.js";
import { Judging } from "./judging.js";
import { readField } from "./layout.js";
import { type LocalStep, LocalSteps } from "./local-steps.js";
import { outgrown, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import { Rows } from "./rows.js";
import { grown, StateTable, type Words } from "./state-table.js";
import { Visited } from "./visited.js";

/**
 * The interned states of a system and what follows each, for searches that go their own way through them. States are
 * numbers in `visited`, which stay when ids outgrow their fields; words do not, so none is to be kept over a `list`.
 */
export class Successors {
  readonly components: Components;
  readonly steps: LocalSteps;
  readonly packing: Packing;
  readonly rows: Rows;
  readonly memo: PropertyMemo;
  readonly handlers: HandlersRun;
  readonly visited: Visited<StateTable>;
  readonly judging: Judging;
  /** How many successors were listed, and how many choices the state has: those that change nothing included. */
  count = 0;
  total = 0;
  /** Of each successor: its words, `packing.width` each; the entry in `rows`; the choice's position among the state's. */
  tuples: Words;
  entries: Uint32Array = new Uint32Array(64);
  positions: Uint32Array = new Uint32Array(64);
  /** Of each successor: why there is none, when the step fails. */
  readonly failures: (NodeFailure | undefined)[] = [];
  private readonly edges: Edges;
  private readonly hasFaults: boolean;

  constructor(private readonly system: System) {
    this.components = new Components(system);
    this.handlers = new HandlersRun(system);
    this.steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, this.steps, this.handlers, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, this.steps);
    this.visited = new Visited(
      system,
      this.components,
      this.packing,
      (width, capacity) => new StateTable(width, capacity),
    );
    this.judging = new Judging(this.memo, this.rows, this.visited);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
    this.tuples = new Uint32Array(64 * this.packing.width);
  }

  /**
   * Visits the initial state, which gets the number 0.
   *
   * @param standing the component ids of the state that stands for one: itself unless given.
   * @throws NodeFailure when user code fails before the first step.
   */
  begin(standing: (ids: readonly number[]) => readonly number[] = (ids) => ids): void {
    const ids = standing(this.components.idsOf(initialWorld(this.system, blindObserver(this.system))));
    this.widen();
    const words = new Uint32Array(this.packing.width);
    this.packing.pack(ids, words);
    this.visited.table.insert(words);
  }

  /**
   * Lists what may follow a state, in canonical order, in place of what was listed before. Steps that change nothing are left
   * out, unless the system has properties of transitions.
   *
   * @throws NodeFailure when a workload fails to say what comes next: then nothing is listed.
   */
  list(state: number): void {
    for (;;) {
      this.count = 0;
      this.total = 0;
      try {
        return this.listRows(state);
      } catch (error) {
        if (error !== outgrown) throw error;
        this.widen();
      }
    }
  }

  /** Visits a listed successor, coming from `parent`, and gives its number: if it is new, the `visited.size` before. */
  visit(successor: number, parent: number): number {
    return this.visited.visit(this.tuples, successor * this.packing.width, parent);
  }

  /** The words of a listed successor; not to be kept. */
  wordsOf(successor: number): Words {
    const { width } = this.packing;
    return this.tuples.subarray(successor * width, (successor + 1) * width);
  }

  /** Gives the slots of the nodes in a state. */
  slotsOf(state: number): (node: number) => NodeSlot | undefined {
    const { components, packing, visited } = this;
    return (node) => components.nodes[node]?.values[readField(visited.wordsOf(state), 0, packing.field(node))];
  }

  /** The choice of a listed successor. */
  choiceOf(successor: number): Choice {
    return (this.rows.entries.steps[this.entries[successor] as number] as LocalStep).choice;
  }

  /** All that was visited, of a search that has gone to its end. */
  explored(): Explored {
    const { system, components, packing, rows, edges } = this;
    return new Explored({ system, components, packing, rows, edges, states: this.visited.table });
  }

  private listRows(state: number): void {
    const { rows, packing, components, system } = this;
    const { arena, width } = this.visited.table;
    const base = state * width;
    const read = (component: number): number => readField(arena, base, packing.field(component));
    const faults = read(components.faultsComponent);
    const participants = system.participants.length;
    for (let participant = 0; participant < participants; participant += 1) {
      const [slot, inbox] = [read(components.slotComponent(participant)), read(components.inboxComponent(participant))];
      this.listRow(rows.regular(participant, slot, inbox, faults), arena, base);
    }
    if (!this.hasFaults) return;
    for (let participant = 0; participant < participants; participant += 1) {
      const [slot, inbox] = [read(components.slotComponent(participant)), read(components.inboxComponent(participant))];
      this.listRow(rows.faulty(participant, slot, inbox, faults), arena, base);
    }
    this.listRow(rows.ofNetwork(faults), arena, base);
  }

  private listRow(row: number, arena: Words, base: number): void {
    const { rows } = this;
    const { width } = this.packing;
    const end = rows.ends[row] as number;
    for (let entry = rows.starts[row] as number; entry < end; entry += 1) {
      const { count } = this;
      if ((count + 1) * width > this.tuples.length) this.tuples = grown(this.tuples);
      if (count === this.entries.length) {
        [this.entries, this.positions] = [grown(this.entries), grown(this.positions)];
      }
      const at = count * width;
      for (let word = 0; word < width; word += 1) {
        this.tuples[at + word] = (arena[base + word] as number) ^ (rows.entries.flips[entry * width + word] as number);
      }
      this.failures[count] = this.applyEffects(entry, at);
      this.entries[count] = entry;
      this.positions[count] = this.total + (rows.entries.positions[entry] as number);
      this.count += 1;
    }
    this.total += rows.totals[row] as number;
  }

  /** Applies an entry's effects to the successor at `at`; gives the failure of user code, if any. */
  private applyEffects(entry: number, at: number): NodeFailure | undefined {
    const { effects, failure } = this.rows.entries.steps[entry] as LocalStep;
    if (failure !== undefined || effects === undefined) return failure;
    try {
      this.edges.apply(effects, this.tuples, at);
      return undefined;
    } catch (error) {
      if (error instanceof NodeFailure) return error;
      throw error;
    }
  }

  /** Makes room for ids that have outgrown their fields; what was listed is to be listed again. */
  widen(): void {
    const layout = this.packing.widen();
    unpaused(this.visited.relayout(layout));
    this.tuples = new Uint32Array(64 * this.packing.width);
    this.rows.relayout();
    this.memo.relayout();
  }
}
