import { chunksMax, type SharedMemory } from "./shared-memory.js";

/** Of each candidate, after the words of the state: where it comes from, who is asleep, its hash, and what became of it. */
export const parentAt = 0;
export const asleepAt = 1;
export const hashAt = 2;
export const slotAt = 3;
const extra = 4;

/** In place of a slot: none was found yet. */
export const unsettled = 0xffffffff;

/**
 * The states that a thread has found in its chunks of a round, in order, and that had not been visited before the round. Any
 * of them may be there several times. What became of each: 0 when it was found before, else its slot in the table, plus 1.
 */
export class Candidates {
  readonly rows: Uint32Array;
  readonly stride: number;
  readonly room: number;
  count = 0;

  constructor(
    memory: SharedArrayBuffer,
    readonly width: number,
  ) {
    this.rows = new Uint32Array(memory);
    this.stride = width + extra;
    this.room = Math.floor(this.rows.length / this.stride);
  }
}

/** What is told of the chunks of a round: who expanded each, where its candidates are, and how many were new. */
export class Chunks {
  private readonly cells: Int32Array;
  private readonly transitions: Float64Array;
  private readonly threads: number;
  private readonly stride: number;

  constructor({ chunks, threads }: Pick<SharedMemory, "chunks" | "threads">) {
    this.threads = threads;
    this.stride = 4 + threads;
    this.transitions = new Float64Array(chunks, 0, chunksMax);
    this.cells = new Int32Array(chunks, chunksMax * 8, chunksMax * this.stride);
  }

  /** Tells that a thread has expanded a chunk: its candidates are the ones from `first` to before `end`. */
  tell(chunk: number, thread: number, first: number, end: number, transitions: number): void {
    const at = chunk * this.stride;
    this.cells.set([thread, first, end, 0], at);
    this.cells.fill(0, at + 4, at + 4 + this.threads);
    this.transitions[chunk] = transitions;
  }

  threadOf(chunk: number): number {
    return this.cells[chunk * this.stride] as number;
  }

  firstOf(chunk: number): number {
    return this.cells[chunk * this.stride + 1] as number;
  }

  endOf(chunk: number): number {
    return this.cells[chunk * this.stride + 2] as number;
  }

  transitionsOf(chunk: number): number {
    return this.transitions[chunk] as number;
  }

  /** The number of its first new state. */
  placeOf(chunk: number): number {
    return this.cells[chunk * this.stride + 3] as number;
  }

  /** A thread has put so many new states of a chunk into the table. */
  addNew(chunk: number, thread: number, count: number): void {
    const at = chunk * this.stride + 4 + thread;
    this.cells[at] = (this.cells[at] as number) + count;
  }

  /** Numbers the new states of so many chunks from `size` on; gives the number after the last. */
  number(chunks: number, size: number): number {
    let next = size;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const at = chunk * this.stride;
      this.cells[at + 3] = next;
      for (let thread = 0; thread < this.threads; thread += 1) next += this.cells[at + 4 + thread] as number;
    }
    return next;
  }
}
