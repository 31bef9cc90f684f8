/** How many chunks a round may have. */
export const chunksMax = 1024;

/** Where a thread keeps its candidates. */
export interface CandidateMemory {
  readonly rows: SharedArrayBuffer;
  /** For each part of the table, how many of them belong there, and which. */
  readonly lists: SharedArrayBuffer;
}

/** Of each candidate, after the words of the state: where it comes from, who is asleep, its hash, and what became of it. */
export const parentAt = 0;
export const asleepAt = 1;
export const hashAt = 2;
export const slotAt = 3;
const extra = 4;

/** How many words the rows of so many bytes are at most: one list has room for all of them. */
export function listsBytes(parts: number, rowBytes: number): number {
  const rowsMax = rowBytes / (4 * (1 + extra));
  return parts * 4 * (1 + rowsMax);
}

/**
 * The states that a thread has found in its chunks of a round, in order, and that had not been visited before the round. Any
 * of them may be there several times. What became of each: 0 when it was found before, else its slot in the table, plus 1.
 *
 * They are listed by the part of the table where their places are, in order, by where their rows begin.
 */
export class Candidates {
  readonly rows: Uint32Array;
  readonly lists: readonly Uint32Array[];
  /** For each part, how many of them are in its list. */
  readonly listed: Uint32Array;
  readonly stride: number;
  readonly room: number;
  count = 0;

  constructor(
    { rows, lists }: CandidateMemory,
    readonly width: number,
    parts: number,
  ) {
    this.rows = new Uint32Array(rows);
    this.stride = width + extra;
    this.room = Math.floor(this.rows.length / this.stride);
    this.listed = new Uint32Array(lists, 0, parts);
    const length = Math.floor((lists.byteLength / 4 - parts) / parts);
    this.lists = Array.from(
      { length: parts },
      (_, part) => new Uint32Array(lists, 4 * (parts + part * length), length),
    );
  }

  /** Forgets all of them. */
  clear(): void {
    this.count = 0;
    this.listed.fill(0);
  }

  /** Tells in which part the candidate is whose row begins at `at`. */
  list(part: number, at: number): void {
    const { listed } = this;
    const count = listed[part] as number;
    (this.lists[part] as Uint32Array)[count] = at;
    listed[part] = count + 1;
  }
}

/** Of each chunk: who expanded it, where its candidates begin and end, and the number of its first new state. */
const threadAt = 0;
const firstAt = 1;
const endAt = 2;
const placeAt = 3;
/** Whether somebody numbers its states. */
const claimedAt = 4;
/** For each thread, how many of its states that one has put into the table. */
const newAt = 5;

export function chunksBytes(threads: number): number {
  return chunksMax * (8 + 4 * (newAt + threads));
}

/** What is told of the chunks of a round. */
export class Chunks {
  private readonly cells: Int32Array;
  private readonly transitions: Float64Array;
  private readonly threads: number;
  private readonly stride: number;

  constructor(chunks: SharedArrayBuffer, threads: number) {
    this.threads = threads;
    this.stride = newAt + threads;
    this.transitions = new Float64Array(chunks, 0, chunksMax);
    this.cells = new Int32Array(chunks, chunksMax * 8, chunksMax * this.stride);
  }

  /** Tells that a thread has expanded a chunk: its candidates are the ones from `first` to before `end`. */
  tell(chunk: number, thread: number, first: number, end: number, transitions: number): void {
    const at = chunk * this.stride;
    this.cells.fill(0, at, at + this.stride);
    this.cells[at + threadAt] = thread;
    this.cells[at + firstAt] = first;
    this.cells[at + endAt] = end;
    this.transitions[chunk] = transitions;
  }

  threadOf(chunk: number): number {
    return this.cells[chunk * this.stride + threadAt] as number;
  }

  firstOf(chunk: number): number {
    return this.cells[chunk * this.stride + firstAt] as number;
  }

  endOf(chunk: number): number {
    return this.cells[chunk * this.stride + endAt] as number;
  }

  transitionsOf(chunk: number): number {
    return this.transitions[chunk] as number;
  }

  /** The number of its first new state. */
  placeOf(chunk: number): number {
    return this.cells[chunk * this.stride + placeAt] as number;
  }

  /** Whether one is the first who wants to number its states. */
  claim(chunk: number): boolean {
    const at = chunk * this.stride + claimedAt;
    return this.cells[at] === 0 && Atomics.exchange(this.cells, at, 1) === 0;
  }

  /** A thread has put so many new states of a chunk into the table. */
  addNew(chunk: number, thread: number, count: number): void {
    const at = chunk * this.stride + newAt + thread;
    this.cells[at] = (this.cells[at] as number) + count;
  }

  /** Numbers the new states of so many chunks from `size` on; gives the number after the last. */
  number(chunks: number, size: number): number {
    let next = size;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      const at = chunk * this.stride;
      this.cells[at + placeAt] = next;
      for (let thread = 0; thread < this.threads; thread += 1) next += this.cells[at + newAt + thread] as number;
    }
    return next;
  }
}
