import { UnusableSearch } from "../unusable-search.js";
import { type CandidateMemory, chunksBytes, listsBytes } from "./candidates.js";
import { controlBytes } from "./control.js";

/** The memory that the threads of a search share. A part of it is taken from the machine when it is first written to. */
export interface SharedMemory {
  /** How many threads there are. */
  readonly threads: number;
  /** Into how many parts the table is split, a power of two; enough for a thread that was held up to leave some to others. */
  readonly parts: number;
  readonly control: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly letter: SharedArrayBuffer;
  /** The words of all states; for each the one from which it was discovered, and who is asleep; the slots of the table. */
  readonly arena: SharedArrayBuffer;
  readonly parents: SharedArrayBuffer;
  readonly asleep: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  /** What is told of each chunk of a round, and what each thread has found in its chunks. */
  readonly chunks: SharedArrayBuffer;
  readonly candidates: readonly CandidateMemory[];
}

/** Above this, places in an array of 32-bit words are no small integers any more. */
const arenaMax = 2 ** 33;
const powerMax = 2 ** 32;
const logMax = 2 ** 29;
const letterBytes = 2 ** 20;
const candidatesMax = 2 ** 24;
const least = 2 ** 22;
const partsPerThread = 4;

/**
 * Reserves the memory that so many threads share.
 *
 * @param bytes how large the search may get; less is taken if the system does not give as much.
 * @throws UnusableSearch when it gives next to nothing.
 */
export function reserveMemory(threads: number, bytes: number): SharedMemory {
  for (let size = Math.max(bytes, least); size >= least; size /= 2) {
    try {
      return reserve(threads, size);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new UnusableSearch("There is not enough memory to share between threads. Search without --workers.");
}

function reserve(threads: number, bytes: number): SharedMemory {
  const shared = (size: number): SharedArrayBuffer => new SharedArrayBuffer(Math.ceil(size / 8) * 8);
  const parts = 2 ** Math.ceil(Math.log2(threads * partsPerThread));
  const candidateBytes = Math.min(bytes / 4, candidatesMax);
  return {
    threads,
    parts,
    control: shared(controlBytes(parts)),
    log: shared(Math.min(bytes, logMax)),
    letter: shared(letterBytes),
    // A state takes at least 8 bytes in the arena, 4 as a parent, 4 for who is asleep, and 12.8 in the table.
    arena: shared(Math.min(bytes / 2, arenaMax)),
    parents: shared(powerOfTwo(bytes / 4)),
    asleep: shared(powerOfTwo(bytes / 4)),
    slots: shared(powerOfTwo(bytes / 2)),
    chunks: shared(chunksBytes(threads)),
    candidates: Array.from({ length: threads }, () => ({
      rows: shared(candidateBytes),
      lists: shared(listsBytes(parts, candidateBytes)),
    })),
  };
}

function powerOfTwo(bytes: number): number {
  return Math.min(powerMax, 2 ** Math.floor(Math.log2(bytes)));
}
