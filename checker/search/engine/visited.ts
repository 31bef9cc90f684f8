import type { System } from "../../../sim/system.js";
import type { Components } from "./components.js";
import type { Packing } from "./packing.js";
import { namesOfPath } from "./path.js";
import { grown, StateTable, type Words } from "./state-table.js";

/** The states that a search has visited, in order of discovery, and for each the one from which it was discovered. */
export class Visited {
  table: StateTable;
  private parents: Uint32Array = new Uint32Array(1024);

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
  ) {
    this.table = new StateTable(packing.width);
  }

  get size(): number {
    return this.table.size;
  }

  /** Whether the tuple at `at` is new; if so, it is visited now. */
  discover(tuples: Words, at: number, hash: number, parent: number): boolean {
    const state = this.table.size;
    if (this.table.insertHashed(tuples, at, hash) !== state) return false;
    this.keepParent(state, parent);
    return true;
  }

  /** The number of the state at `at`, which is visited from now on. */
  visit(tuples: Words, at: number, parent: number): number {
    const { size } = this.table;
    const state = this.table.insert(tuples, at);
    if (state === size) this.keepParent(state, parent);
    return state;
  }

  /** A state's words; not to be kept. */
  wordsOf(state: number): Words {
    const { arena, width } = this.table;
    return arena.subarray(state * width, (state + 1) * width);
  }

  private keepParent(state: number, parent: number): void {
    if (state === this.parents.length) this.parents = grown(this.parents);
    this.parents[state] = parent;
  }

  /** The names of the choices that lead to a state. */
  pathTo(state: number): string[] {
    const path: number[][] = [];
    for (let at = state; at !== 0; at = this.parents[at] as number) path.push(this.packing.unpack(this.wordsOf(at), 0));
    return namesOfPath(this.system, this.components, path.reverse());
  }
}
