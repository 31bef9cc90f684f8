import type { Choice } from "../../../sim/choice.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import type { NodeSlot } from "../../../sim/world.js";
import type { HandlersRun } from "../handlers.js";
import type { Components } from "./components.js";
import { EngineTables } from "./engine-tables.js";
import { plainEntry } from "./entries.js";
import { Expansion } from "./expansion.js";
import { Explored } from "./explored.js";
import { Judging } from "./judging.js";
import { readField } from "./layout.js";
import type { LocalStep } from "./local-step.js";
import { outgrown, type Packing } from "./packing.js";
import type { PropertyMemo } from "./property-memo.js";
import type { Rows } from "./rows.js";
import { grown, StateTable, type Words } from "./state-table.js";
import type { Visited } from "./visited.js";

/**
 * The interned states of a system and what follows each, for searches that go their own way through them. States are
 * numbers in `visited`, which stay when ids outgrow their fields; words do not, so none is to be kept over a `list`.
 */
export class Successors {
  readonly tables: EngineTables;
  readonly components: Components;
  readonly packing: Packing;
  readonly rows: Rows;
  readonly memo: PropertyMemo;
  readonly handlers: HandlersRun;
  readonly visited: Visited<StateTable>;
  readonly judging: Judging;
  /** Of each successor: its words, `packing.width` each. */
  tuples: Words;
  /** Of each successor: why there is none, when the step fails. */
  readonly failures: (NodeFailure | undefined)[] = [];
  private readonly expansion: Expansion;

  /** Inboxes are interned values: what is known of their ids can be kept in arrays. */
  constructor(system: System) {
    this.tables = new EngineTables(system, 0, {
      emptyTable: (width, before) => new StateTable(width).inPlaceOf(before),
    });
    this.tables.sightings.release();
    const { components, packing, rows, memo, handlers } = this.tables;
    [this.components, this.packing, this.rows, this.memo] = [components, packing, rows, memo];
    this.handlers = handlers;
    this.visited = this.tables.visited as Visited<StateTable>;
    this.judging = new Judging(memo, rows, this.visited);
    this.expansion = new Expansion(system, components, packing, rows);
    this.tuples = new Uint32Array(64 * packing.width);
  }

  /** How many successors were listed. */
  get count(): number {
    return this.expansion.count;
  }

  /** How many choices the state has: those that change nothing included. */
  get total(): number {
    return this.expansion.total;
  }

  /** Of each successor: the entry in `rows`. */
  get entries(): Uint32Array {
    return this.expansion.entries;
  }

  /**
   * Visits the initial state, which gets the number 0.
   *
   * @param standing the component ids of the state that stands for one: itself unless given.
   * @throws NodeFailure when user code fails before the first step.
   */
  begin(standing?: (ids: readonly number[]) => readonly number[]): void {
    let words = this.tables.initial();
    if (standing !== undefined) {
      const ids = standing(this.packing.unpack(words, 0));
      this.tables.widen();
      words = new Uint32Array(this.packing.width);
      this.packing.pack(ids, words);
    }
    this.tuples = new Uint32Array(64 * this.packing.width);
    this.visited.table.insert(words);
  }

  /**
   * Lists what may follow a state, in canonical order, in place of what was listed before. Steps that change nothing are left
   * out, unless the system has properties of transitions.
   *
   * @throws NodeFailure when a workload fails to say what comes next: then what is listed is of no use.
   */
  list(state: number): void {
    for (;;) {
      try {
        const { arena, width } = this.visited.table;
        this.expansion.list(arena, state * width);
        return this.make(arena, state * width);
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

  /** The step of a listed successor. */
  stepOf(successor: number): LocalStep {
    return this.rows.entries.steps[this.entries[successor] as number] as LocalStep;
  }

  /** The choice of a listed successor. */
  choiceOf(successor: number): Choice {
    return this.stepOf(successor).choice;
  }

  /** The position of a listed successor among all choices of its state, which is to be listed again then. */
  positionOf(successor: number, state: number): number {
    const { arena, width } = this.visited.table;
    return this.expansion.positionOf(arena, state * width, this.entries[successor] as number);
  }

  /** All that was visited, of a search that has gone to its end. */
  explored(): Explored {
    return new Explored(this.tables);
  }

  /** Makes room for ids that have outgrown their fields; what was listed is to be listed again. */
  widen(): void {
    this.tables.widen();
    this.tuples = new Uint32Array(64 * this.packing.width);
  }

  /** Makes the words of the listed successors of the state at `base`. */
  private make(arena: Words, base: number): void {
    const { count, entries, failures } = this;
    const { width } = this.packing;
    const { flips, kinds } = this.rows.entries;
    while (count * width > this.tuples.length) this.tuples = grown(this.tuples);
    const { tuples } = this;
    for (let i = 0; i < count; i += 1) {
      const entry = entries[i] as number;
      const at = i * width;
      for (let word = 0; word < width; word += 1) {
        tuples[at + word] = (arena[base + word] as number) ^ (flips[entry * width + word] as number);
      }
      failures[i] = kinds[entry] === plainEntry ? undefined : this.complete(entry, at);
    }
  }

  /** Completes the successor at `at`; gives the failure of user code, if any. */
  private complete(entry: number, at: number): NodeFailure | undefined {
    try {
      this.tables.edges.complete(this.rows.entries, entry, this.tuples, at);
      return undefined;
    } catch (error) {
      if (error instanceof NodeFailure) return error;
      throw error;
    }
  }
}
