import type { Choice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { Search } from "../search.js";
import type { Components } from "./components.js";
import type { Edges } from "./edges.js";
import { readField } from "./layout.js";
import type { LocalStep } from "./local-steps.js";
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
  readonly hasFaults: boolean;
}

/** A search that can tell, once it has ended complete, all that it has found. */
export interface ExploringSearch extends Search {
  explored(): Explored;
}

/** All states of a search that went to its end, and the steps between them, which the memo rows tell again. */
export class Explored {
  readonly components: Components;
  private readonly current: Words;
  private readonly successor: Words;
  private readonly positions: StateTable;

  constructor(private readonly tables: Tables) {
    this.components = tables.components;
    this.current = new Uint32Array(tables.packing.width);
    this.successor = new Uint32Array(tables.packing.width);
    this.positions = StateTable.indexing(tables.states);
  }

  /** How many there are; they are numbered in the order in which they were found, the initial one being 0. */
  get size(): number {
    return this.tables.states.size;
  }

  /** The id of one component of a state. */
  idOf(state: number, component: number): number {
    const { states, packing } = this.tables;
    return readField(states.arena, state * states.width, packing.field(component));
  }

  /** Tells each step that leads elsewhere; equal `entry` numbers mean equal choices. */
  eachStep(state: number, tell: (choice: Choice, entry: number, target: number) => void): void {
    const { system, components, packing, rows, hasFaults, states } = this.tables;
    const { current } = this;
    current.set(states.arena.subarray(state * states.width, (state + 1) * states.width));
    const read = (component: number): number => readField(current, 0, packing.field(component));
    const faults = read(components.faultsComponent);
    system.participants.forEach((_, participant) => {
      const slot = read(components.slotComponent(participant));
      const inbox = read(components.inboxComponent(participant));
      this.tellRow(rows.regular(participant, slot, inbox, faults), state, tell);
    });
    if (!hasFaults) return;
    system.participants.forEach((_, participant) => {
      const slot = read(components.slotComponent(participant));
      const inbox = read(components.inboxComponent(participant));
      this.tellRow(rows.faulty(participant, slot, inbox, faults), state, tell);
    });
    this.tellRow(rows.ofNetwork(faults), state, tell);
  }

  private tellRow(row: number, state: number, tell: (choice: Choice, entry: number, target: number) => void): void {
    const { rows, states, edges } = this.tables;
    const { current, successor } = this;
    const { width } = states;
    for (let entry = rows.starts[row] as number; entry < (rows.ends[row] as number); entry += 1) {
      for (let word = 0; word < width; word += 1) {
        successor[word] = (current[word] as number) ^ (rows.flips[entry * width + word] as number);
      }
      const { choice, effects } = rows.steps[entry] as LocalStep;
      if (effects !== undefined) edges.apply(effects, successor, 0);
      const target = this.positions.find(successor);
      if (target === undefined)
        throw new Error(`A step of state ${state} leads to a state that the search has not found.`);
      if (target !== state) tell(choice, entry, target);
    }
  }
}
