import { type FieldColumns, fieldColumns, type Layout, readColumn } from "../engine/layout.js";
import type { Snapshot } from "../engine/snapshot.js";
import type { Words } from "../engine/state-table.js";
import { noSlot, type SignatureTable } from "./signature-table.js";
import type { StateQueue } from "./state-queue.js";

/** Puts the states of an exact search into a table of signatures, some at a time, and those not expanded into queues. */
export class TakeOver {
  private state = 0;
  private readonly slots: Uint32Array;
  private readonly from: FieldColumns;
  private readonly to: FieldColumns;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly before: Layout,
    after: Layout,
  ) {
    this.slots = new Uint32Array(snapshot.point.size);
    this.from = fieldColumns(before.fields);
    this.to = fieldColumns(after.fields);
  }

  /**
   * Takes over so many states; true once all have been.
   *
   * @param words room for a state.
   * @param current gets the states of the depth that is being expanded, and `next` those of the depth after it.
   */
  advance(amount: number, words: Words, table: SignatureTable, current: StateQueue, next: StateQueue): boolean {
    const { head, nextDepthAt, size } = this.snapshot.point;
    const end = Math.min(size, this.state + amount);
    for (; this.state < end; this.state += 1) {
      const { state, slots } = this;
      this.pack(state, words);
      const parent = state === 0 ? noSlot : (slots[this.snapshot.parents[state] as number] as number);
      const found = table.insert(words, 0, words.length, parent);
      const slot = found < 0 ? -1 - found : found;
      slots[state] = slot;
      if (state >= head) (state < nextDepthAt ? current : next).push(words, 0, slot);
    }
    return end === size;
  }

  private pack(state: number, words: Words): void {
    const { from, to, before } = this;
    const base = state * before.width;
    words.fill(0);
    for (let component = 0; component < before.fields.length; component += 1) {
      const id = readColumn(this.snapshot.states, base, from, component);
      const word = to.words[component] as number;
      words[word] = (words[word] as number) | (id << (to.shifts[component] as number));
    }
  }
}
