import type { Choice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { Search } from "../search.js";
import type { Components } from "./components.js";
import type { Edges } from "./edges.js";
import { Expansion } from "./expansion.js";
import { readField } from "./layout.js";
import type { LocalStep } from "./local-step.js";
import type { Packing } from "./packing.js";
import type { Rows } from "./rows.js";
import { StateTable, type VisitedTable, type Words } from "./state-table.js";

/** The tables of a search. */
export interface Tables {
  readonly system: System;
  readonly components: Components;
  readonly packing: Packing;
  readonly rows: Rows;
  readonly edges: Edges;
  readonly states: VisitedTable;
}

/** A search that can tell, once it has ended complete, all that it has found. */
export interface ExploringSearch extends Search {
  explored(): Explored;
}

/** All states of a search that went to its end, and the steps between them, which the memo rows tell again. */
export class Explored {
  readonly components: Components;
  private readonly expansion: Expansion;
  private readonly successor: Words;
  private readonly positions: StateTable;

  constructor(private readonly tables: Tables) {
    this.components = tables.components;
    this.expansion = new Expansion(tables.system, tables.components, tables.packing, tables.rows);
    this.successor = new Uint32Array(tables.packing.width);
    this.positions = StateTable.indexing(tables.states);
  }

  /** How many there are; they are numbered in the order in which they were found, the initial one being 0. */
  get size(): number {
    return this.tables.states.size;
  }

  /** Makes one more state known to `eachStep`, which needs to know all; true once it does. */
  index(): boolean {
    return this.positions.adoptNext(this.size);
  }

  /** The id of one component of a state. */
  idOf(state: number, component: number): number {
    const { states, packing } = this.tables;
    return readField(states.arena, state * states.width, packing.field(component));
  }

  /** Tells each step that leads elsewhere; equal `entry` numbers mean equal choices. */
  eachStep(state: number, tell: (choice: Choice, entry: number, target: number) => void): void {
    const { rows, states, edges } = this.tables;
    const { expansion, successor } = this;
    const { arena, width } = states;
    const base = state * width;
    expansion.list(arena, base);
    for (let i = 0; i < expansion.count; i += 1) {
      const entry = expansion.entries[i] as number;
      for (let word = 0; word < width; word += 1) {
        successor[word] = (arena[base + word] as number) ^ (rows.entries.flips[entry * width + word] as number);
      }
      edges.complete(rows.entries, entry, successor, 0);
      const target = this.positions.find(successor);
      if (target === undefined)
        throw new Error(`A step of state ${state} leads to a state that the search has not found.`);
      if (target !== state) tell((rows.entries.steps[entry] as LocalStep).choice, entry, target);
    }
  }
}
