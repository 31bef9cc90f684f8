import type { Words } from "../engine/state-table.js";

/** How many states are kept together; what has been taken is given back in such pieces. */
const chunkStates = 4096;

/** States with their slots, first in, first out. */
export class StateQueue {
  size = 0;
  private chunks: Uint32Array[] = [];
  private from = 0;

  constructor(private readonly width: number) {}

  push(words: Words, at: number, slot: number): void {
    const place = this.from + this.size;
    const chunk = (this.chunks[Math.floor(place / chunkStates)] ??= new Uint32Array(chunkStates * (this.width + 1)));
    const start = (place % chunkStates) * (this.width + 1);
    for (let word = 0; word < this.width; word += 1) chunk[start + word] = words[at + word] as number;
    chunk[start + this.width] = slot;
    this.size += 1;
  }

  /** Takes the first state into `words`, and gives its slot. */
  shift(words: Words): number {
    const chunk = this.chunks[0] as Uint32Array;
    const start = this.from * (this.width + 1);
    for (let word = 0; word < this.width; word += 1) words[word] = chunk[start + word] as number;
    this.size -= 1;
    this.from += 1;
    if (this.from === chunkStates) {
      this.chunks.shift();
      this.from = 0;
    }
    return chunk[start + this.width] as number;
  }
}
