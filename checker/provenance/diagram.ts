import { absent, type CellId, type ValueId } from "./cells.js";
import { forEachWrite } from "./changes.js";
import type { Effort } from "./effort.js";
import type { AnyTransitions } from "./transitions.js";
import { larger, mix } from "./node-table.js";
import type { Query } from "./query.js";
import type { Slice } from "./slice.js";

/**
 * All subtraces of a slice at once: level k has the different states (of the live cells) that its first k positions
 * lead to, with an edge for leaving the next position out and one for keeping it. A forced position has no skip edge.
 */
export interface Diagram {
  readonly positions: readonly number[];
  /** Per level and state, the state of the next level; -1 for none. */
  readonly skip: readonly Int32Array[];
  readonly take: readonly Int32Array[];
  /** Per last state, 1 if an answer there is not the one to be explained. */
  readonly bad: Uint8Array;
}

/** Linear in the number of different (position, live state) pairs. @throws OutOfBudget */
export function buildDiagram(
  transitions: AnyTransitions,
  inputs: readonly number[],
  slice: Slice,
  queries: readonly Query[],
  effort: Effort,
): Diagram {
  const walker = new Walker(transitions, slice, effort);
  const skip: Int32Array[] = [];
  const take: Int32Array[] = [];
  for (const position of slice.positions) {
    const isForced = slice.flow.forced[position] === 1;
    const edges = walker.advance(inputs[position] as number, isForced);
    skip.push(edges.skip);
    take.push(edges.take);
  }
  return { positions: slice.positions, skip, take, bad: walker.judge(queries) };
}

/** The states of the level that is being expanded. */
class Walker {
  #level = 0;
  #live: readonly CellId[];
  #slots: Int32Array;
  #rows: Rows;
  #base = 0;
  readonly #fixed: ValueId[] = [];

  constructor(
    readonly transitions: AnyTransitions,
    readonly slice: Slice,
    readonly effort: Effort,
  ) {
    for (const [cell, value] of transitions.initial) if (slice.flow.isConstant(cell)) this.#fixed[cell] = value;
    this.#live = slice.live[0] ?? [];
    this.#slots = this.#slotsOf(this.#live);
    this.#rows = new Rows(this.#live.length, effort);
    this.#live.forEach((cell, i) => {
      this.#rows.scratch[i] = transitions.initial.get(cell) ?? absent;
    });
    this.#rows.intern();
  }

  #slotsOf(live: readonly CellId[]): Int32Array {
    const slots = new Int32Array(this.transitions.cells.count).fill(-1);
    live.forEach((cell, i) => {
      slots[cell] = i;
    });
    return slots;
  }

  /** A cell that is neither live nor constant is absent in all states of this level. */
  readonly #lookup = (cell: CellId): ValueId => {
    const slot = this.#slots[cell];
    return slot === undefined || slot < 0
      ? (this.#fixed[cell] ?? absent)
      : (this.#rows.data[this.#base + slot] as number);
  };

  advance(input: number, isForced: boolean): { readonly skip: Int32Array; readonly take: Int32Array } {
    const next = this.slice.live[this.#level + 1] ?? [];
    const nextSlots = this.#slotsOf(next);
    const rows = new Rows(next.length, this.effort);
    const from = next.map((cell) => this.#slots[cell] ?? -1);
    const { count } = this.#rows;
    const skip = new Int32Array(count).fill(-1);
    const take = new Int32Array(count);
    for (let i = 0; i < count; i += 1) {
      this.#base = i * this.#live.length;
      this.#copy(from, rows.scratch);
      if (!isForced) skip[i] = rows.intern();
      forEachWrite(this.transitions.cells, this.transitions.run(input, this.#lookup).changes, (cell, value) => {
        const slot = nextSlots[cell] ?? -1;
        if (slot >= 0) rows.scratch[slot] = value;
      });
      take[i] = rows.intern();
    }
    this.#level += 1;
    this.#live = next;
    this.#slots = nextSlots;
    this.#rows = rows;
    return { skip, take };
  }

  #copy(from: readonly number[], scratch: Int32Array): void {
    for (let j = 0; j < from.length; j += 1) {
      const slot = from[j] as number;
      scratch[j] = slot < 0 ? absent : (this.#rows.data[this.#base + slot] as number);
    }
  }

  judge(queries: readonly Query[]): Uint8Array {
    const bad = new Uint8Array(this.#rows.count);
    for (let i = 0; i < bad.length; i += 1) {
      this.#base = i * this.#live.length;
      if (queries.some((query) => query.answer(this.#lookup) !== query.wanted)) bad[i] = 1;
    }
    return bad;
  }
}

/** Different rows of equal width. */
class Rows {
  count = 0;
  data: Int32Array;
  readonly scratch: Int32Array;
  #slots = new Int32Array(16);

  constructor(
    readonly width: number,
    readonly effort: Effort,
  ) {
    this.data = new Int32Array(Math.max(width, 1) * 8);
    this.scratch = new Int32Array(width);
  }

  /** The index of the row in `scratch`. */
  intern(): number {
    const { scratch, width } = this;
    const mask = this.#slots.length - 1;
    let slot = this.#hash(scratch, 0) & mask;
    for (;;) {
      const found = this.#slots[slot] as number;
      if (found === 0) break;
      if (this.#equals((found - 1) * width)) return found - 1;
      slot = (slot + 1) & mask;
    }
    this.effort.node();
    if ((this.count + 1) * width > this.data.length) this.data = larger(this.data);
    this.data.set(scratch, this.count * width);
    this.count += 1;
    this.#slots[slot] = this.count;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return this.count - 1;
  }

  #equals(base: number): boolean {
    for (let j = 0; j < this.width; j += 1) if (this.data[base + j] !== this.scratch[j]) return false;
    return true;
  }

  #hash(row: Int32Array, base: number): number {
    let sum = 0;
    for (let j = 0; j < this.width; j += 1) sum = mix(sum, row[base + j] as number, j);
    return sum;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    for (let i = 0; i < this.count; i += 1) {
      let slot = this.#hash(this.data, i * this.width) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = i + 1;
    }
    this.#slots = slots;
  }
}
