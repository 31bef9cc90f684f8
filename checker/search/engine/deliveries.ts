import { absent } from "./pair-table.js";

/** Bits of an inbox that is kept as counts. */
export const bitsOfInbox = 32;

/**
 * For each own state of one participant whose inbox is kept as counts: the row of what it does of itself, and the entry of
 * each delivery, by the bit at which the message's field begins. What is known of messages is forgotten when these bits move.
 */
export class Deliveries {
  /** The row; `absent` while it is not known. */
  own = new Int32Array(0);
  /** The messages of which it is known what their delivery does; and those whose delivery has an entry. */
  known: Uint32Array = new Uint32Array(0);
  live: Uint32Array = new Uint32Array(0);
  /** The entry for the state and the bit at `state * bitsOfInbox + bit`. */
  entries: Uint32Array = new Uint32Array(0);
  /** Makes room for a state. */
  reserve(slot: number): void {
    while (slot >= this.own.length) {
      const { length } = this.own;
      const own = new Int32Array(Math.max(16, 2 * length)).fill(absent);
      own.set(this.own);
      this.own = own;
      [this.known, this.live] = [resized(this.known, own.length), resized(this.live, own.length)];
      this.entries = resized(this.entries, own.length * bitsOfInbox);
    }
  }

  learn(slot: number, bit: number, entry: number | undefined): void {
    this.known[slot] = (this.known[slot] as number) | (1 << bit);
    if (entry === undefined) return;
    this.live[slot] = (this.live[slot] as number) | (1 << bit);
    this.entries[slot * bitsOfInbox + bit] = entry;
  }

  /** After the bits have moved. */
  forget(): void {
    this.known.fill(0);
    this.live.fill(0);
  }
}

function resized(array: Uint32Array, length: number): Uint32Array {
  const copy = new Uint32Array(length);
  copy.set(array);
  return copy;
}
