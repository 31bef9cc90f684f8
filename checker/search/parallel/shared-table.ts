import type { InSlices } from "../../pace.js";
import { Asleep } from "../engine/asleep.js";
import type { Batch } from "../engine/batch.js";
import type { VisitedTable, Words } from "../engine/state-table.js";
import { type Candidates, type Chunks, hashAt, slotAt } from "./candidates.js";
import type { Control } from "./control.js";
import type { SharedMemory } from "./shared-memory.js";

/** Thrown when there is no more room in the memory that was reserved. */
export const memoryIsFull = Symbol("the shared memory is full");

/** So many candidates are looked up together. */
const mineMax = 256;

/** So many pairs of cells the table has at first. */
export const firstSlots = 2 ** 11;

/**
 * A set of tuples of words in shared memory, compared exactly: an arena in order of discovery, and an open-addressing table
 * (linear probing, load at most 5/8) that finds them. Outside rounds one thread alone uses it. In a round, each thread
 * first makes candidates, then adds those that are new and whose place is in its part of the table; then they get their numbers.
 */
export abstract class SharedTable implements VisitedTable {
  readonly arena: Words;
  readonly parents: Uint32Array;
  readonly asleep: Asleep;
  /** How often it was filled anew. */
  adopted = 0;
  protected readonly threads: number;
  /** Pairs of cells. */
  protected abstract readonly slots: Uint32Array | Int32Array;
  /** Where the candidates are that are being looked up. */
  private readonly mine = new Uint32Array(mineMax);
  /** Only keeps the reads of `pick` from being optimised away. */
  protected touched = 0;
  private readonly slotsMax: number;

  constructor(
    readonly width: number,
    memory: SharedMemory,
    protected readonly control: Control,
    /** Makes the table twice as large. */
    private readonly growAll: () => void,
  ) {
    this.arena = new Uint32Array(memory.arena);
    this.parents = new Uint32Array(memory.parents);
    this.asleep = new Asleep(new Uint32Array(memory.asleep));
    this.threads = memory.threads;
    this.slotsMax = memory.slots.byteLength / 8;
  }

  get size(): number {
    return this.control.size;
  }

  set size(count: number) {
    this.control.size = count;
  }

  /** A bit mask of the slots in use. */
  protected get mask(): number {
    return this.control.slots - 1;
  }

  /** For each thread, the slots of its part: from `from` to before `to`. */
  protected partOf(thread: number): { readonly from: number; readonly to: number } {
    const { slots } = this.control;
    const at = (one: number): number => Math.floor((slots / this.threads) * one);
    return { from: at(thread), to: at(thread + 1) };
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
    this.reserve(count);
    const { width } = this;
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      if (!this.add(tuples, i * width)) continue;
      const { size } = this;
      for (let word = 0; word < width; word += 1) this.arena[size * width + word] = tuples[i * width + word] as number;
      this.size = size + 1;
      fresh[found] = i;
      found += 1;
    }
    return found;
  }

  *adopt(arena: Words, size: number): InSlices<void> {
    if (arena !== this.arena) this.arena.set(arena.subarray(0, size * this.width));
    this.clear();
    this.forget();
    this.adopted += 1;
    this.size = 0;
    this.reserve(size);
    for (; this.size < size; this.size += 1) {
      if (this.size % 1024 === 1023) yield;
      this.add(this.arena, this.size * this.width);
    }
  }

  truncate(size: number): void {
    this.size = size;
  }

  /**
   * Makes room for so many more.
   *
   * @throws memoryIsFull when there is none.
   */
  reserve(count: number): void {
    const size = this.size + count;
    if (size * this.width > this.arena.length || size > this.parents.length) throw memoryIsFull;
    while (size * 8 > this.control.slots * 5) {
      if (this.control.slots === this.slotsMax) throw memoryIsFull;
      for (let thread = 0; thread < this.threads; thread += 1) {
        this.control.setStart(thread, this.firstCluster(this.partOf(thread).from));
      }
      this.growAll();
      this.control.slots *= 2;
    }
  }

  /**
   * Moves one thread's part of the table to where it belongs in one of twice the size, in place (as `doubled` does): the part
   * begins and ends between runs of full slots, each of which stays within where it was and the same place in the new half.
   */
  grow(thread: number): void {
    const { slots } = this.control;
    const from = this.control.startOf(thread);
    const next = thread + 1 < this.threads ? this.control.startOf(thread + 1) : this.control.startOf(0) + slots;
    this.move(from, next, slots);
  }

  /** The first slot from here on at which no run of full slots goes on that began before. */
  private firstCluster(from: number): number {
    const { mask } = this;
    let slot = from;
    while (!this.isEmpty((slot - 1) & mask)) slot += 1;
    return slot;
  }

  /** Puts the new ones of a chunk's candidates whose place is in a thread's part into the table; says how many there were. */
  settle(all: readonly Candidates[], chunks: Chunks, chunk: number, thread: number): number {
    const candidates = all[chunks.threadOf(chunk)] as Candidates;
    const { from, to } = this.partOf(thread);
    const end = chunks.endOf(chunk);
    let found = 0;
    for (let i = chunks.firstOf(chunk); i < end; i += mineMax) {
      const count = this.pick(candidates, i, Math.min(end, i + mineMax), from, to);
      found += this.settleRows(candidates, this.mine, count, to, all);
    }
    return found;
  }

  /**
   * Notes where those candidates are whose place is in a part, and says how many there are. It reads what looking them up will
   * read first, so that the waits for memory overlap.
   */
  private pick({ rows, stride, width }: Candidates, first: number, end: number, from: number, to: number): number {
    const { mine, slots, mask } = this;
    let [count, touched] = [0, 0];
    for (let at = first * stride; at < end * stride; at += stride) {
      const slot = (rows[at + width + hashAt] as number) & mask;
      if (slot < from || slot >= to) continue;
      mine[count] = at;
      count += 1;
      touched ^= slots[2 * slot] as number;
    }
    this.touched = touched;
    return count;
  }

  /** Takes a chunk's candidates out of the table again, after those of all later chunks. */
  unsettle(all: readonly Candidates[], chunks: Chunks, chunk: number): void {
    const candidates = all[chunks.threadOf(chunk)] as Candidates;
    const { rows, stride, width } = candidates;
    for (let at = chunks.firstOf(chunk) * stride; at < chunks.endOf(chunk) * stride; at += stride) {
      const slot = rows[at + width + slotAt] as number;
      if (slot !== 0) this.empty(slot - 1, candidates, at);
    }
  }

  /** Forgets which tuples the thread has met. */
  abstract forget(): void;
  /** Those that were found in a round, from the thread's own chunks, get the numbers that `chunks` gives them; gives the one after. */
  abstract place(candidates: Candidates, chunks: Chunks, chunk: number): number;
  /** Puts one more of the candidates into the table, wherever there is room; false when it was there. */
  abstract settleOne(all: readonly Candidates[], candidates: Candidates, i: number): boolean;
  /** Adds those of a batch to a thread's candidates; but for some of those of which it has met an equal one before. */
  abstract gather(batch: Batch, candidates: Candidates): void;
  /** Puts those candidates into the table that are new, `mine` telling where they are; says how many there were. */
  protected abstract settleRows(
    candidates: Candidates,
    mine: Uint32Array,
    count: number,
    to: number,
    all: readonly Candidates[],
  ): number;
  /** Empties the slot in which the candidate at `at` was put, and which nothing was put behind that is to stay. */
  protected abstract empty(slot: number, candidates: Candidates, at: number): void;
  /** Puts a tuple into the table, as the next one; false when it is there. */
  protected abstract add(tuples: Words, at: number): boolean;
  protected abstract isEmpty(slot: number): boolean;
  /** Moves what is in the slots from `from` to before `to`, modulo `slots`, to its place in a table of twice as many. */
  protected abstract move(from: number, to: number, slots: number): void;
  protected abstract clear(): void;
}
