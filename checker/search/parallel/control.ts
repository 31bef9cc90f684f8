/** What the helpers are told to do. */
export const adopt = 1;
export const expand = 2;
export const grow = 3;
export const settle = 4;
export const place = 5;

export type Task = typeof adopt | typeof expand | typeof grow | typeof settle | typeof place;

/** The cells of the shared memory through which the threads of a search agree. */
const order = 0;
const task = 1;
const done = 2;
const nextChunk = 3;
const end = 4;
const cut = 5;
const mutex = 6;
const from = 7;
const until = 8;
const chunkStates = 9;
const size = 10;
const slots = 11;
const zeros = 12;
const nextPart = 13;
/** Of each part of the table, how many slots are full. */
const full = 14;

export function controlBytes(parts: number): number {
  return (full + parts) * 4;
}

/** How long one waits at once, in milliseconds, before one looks whether the others are still there. */
const patience = 50;

/** Who finds the intern log locked looks so often, which takes some hundredths of a millisecond, before it waits to be woken. */
const looks = 10_000;

/** A round: this range of states, which is expanded in chunks of so many. */
export interface Range {
  readonly from: number;
  readonly until: number;
  readonly chunkStates: number;
}

/**
 * What the threads of a search agree on: one of them gives tasks, in which all take part; each takes chunks of states, and one
 * at a time makes what is not in the intern log yet. Between tasks the helpers wait and touch nothing.
 */
export class Control {
  private readonly cells: Int32Array;
  private seen = 0;

  constructor(memory: SharedArrayBuffer) {
    this.cells = new Int32Array(memory);
  }

  /** Gives the helpers a task. */
  give(what: Task): void {
    this.set(task, what);
    this.set(done, 0);
    Atomics.add(this.cells, order, 1);
    Atomics.notify(this.cells, order);
  }

  /** Waits a while for so many helpers to be done with their task; false if they are not. */
  areDone(helpers: number): boolean {
    const now = this.get(done);
    if (now < helpers) Atomics.wait(this.cells, done, now, patience);
    return this.get(done) >= helpers;
  }

  /** The next task, for which a helper waits. */
  next(): Task {
    while (this.get(order) === this.seen) Atomics.wait(this.cells, order, this.seen);
    this.seen = this.get(order);
    return this.get(task) as Task;
  }

  /** A helper is done with its task. */
  finish(): void {
    Atomics.add(this.cells, done, 1);
    Atomics.notify(this.cells, done);
  }

  get range(): Range {
    return { from: this.get(from), until: this.get(until), chunkStates: this.get(chunkStates) };
  }

  /** Begins a round over a range. */
  begin(range: Range): void {
    this.set(from, range.from);
    this.set(until, range.until);
    this.set(chunkStates, range.chunkStates);
    const chunks = Math.ceil((range.until - range.from) / range.chunkStates);
    for (const [cell, value] of [
      [nextChunk, 0],
      [end, chunks],
      [cut, chunks],
    ] as const)
      this.set(cell, value);
  }

  /** The next chunk for whoever asks; undefined when there is none. They are given out in order. */
  takeChunk(): number | undefined {
    const chunk = Atomics.add(this.cells, nextChunk, 1);
    return chunk < this.chunks ? chunk : undefined;
  }

  /** The parts of the table are given out from now on. */
  beginParts(): void {
    this.set(nextPart, 0);
  }

  /** The next of so many parts for whoever asks; undefined when there is none. */
  takePart(parts: number): number | undefined {
    const part = Atomics.add(this.cells, nextPart, 1);
    return part < parts ? part : undefined;
  }

  /** How many chunks the round has: those after the first that could not be expanded do not count. */
  get chunks(): number {
    return this.get(end);
  }

  /** A chunk found no room: the round ends before it. */
  endBefore(chunk: number): void {
    this.lower(end, chunk);
  }

  /** A chunk holds something that one thread alone has to deal with, in order: the round ends before it. */
  cutBefore(chunk: number): void {
    this.lower(cut, chunk);
    this.lower(end, chunk);
  }

  /** Whether the round ends because of a chunk for one thread alone. */
  get isCut(): boolean {
    return this.get(cut) === this.chunks && this.chunks * this.get(chunkStates) < this.get(until) - this.get(from);
  }

  /** Waits for the right to append to the intern log; false when it is not to be had for a second, or not needed any more. */
  lock(isEnough: () => boolean): boolean {
    for (let left = 1000 / patience; left > 0;) {
      for (let look = 0; look < looks && this.get(mutex) !== 0; look += 1) if (isEnough()) return false;
      if (Atomics.compareExchange(this.cells, mutex, 0, 1) === 0) return true;
      if (Atomics.wait(this.cells, mutex, 1, patience) === "timed-out") left -= 1;
    }
    return false;
  }

  unlock(): void {
    Atomics.store(this.cells, mutex, 0);
    Atomics.notify(this.cells, mutex, 1);
  }

  /** How many states there are. */
  get size(): number {
    return this.get(size);
  }

  set size(count: number) {
    this.set(size, count);
  }

  /** How many slots each part of the table has, a power of two. */
  get slots(): number {
    return this.get(slots);
  }

  set slots(count: number) {
    this.set(slots, count);
  }

  /** Whether the tuple of zeros is in a table whose empty slots look like it. */
  get hasZeros(): boolean {
    return this.get(zeros) !== 0;
  }

  set hasZeros(has: boolean) {
    this.set(zeros, Number(has));
  }

  /** How many slots of a part of the table are full. */
  fullIn(part: number): number {
    return this.get(full + part);
  }

  setFullIn(part: number, count: number): void {
    this.set(full + part, count);
  }

  private get(cell: number): number {
    return Atomics.load(this.cells, cell);
  }

  private set(cell: number, value: number): void {
    Atomics.store(this.cells, cell, value);
  }

  private lower(cell: number, value: number): void {
    for (let now = this.get(cell); value < now; now = this.get(cell)) {
      Atomics.compareExchange(this.cells, cell, now, value);
    }
  }
}
