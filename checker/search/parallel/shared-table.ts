import type { InSlices } from "../../pace.js";
import { Asleep } from "../engine/asleep.js";
import type { VisitedTable, Words } from "../engine/state-table.js";
import type { Candidates, Chunks } from "./candidates.js";
import type { Control } from "./control.js";
import type { SharedMemory } from "./shared-memory.js";

/** Thrown when there is no more room in the memory that was reserved. */
export const memoryIsFull = Symbol("the shared memory is full");

/** So many pairs of cells the table has at first. */
export const firstSlots = 2 ** 11;

/**
 * A set of tuples of words in shared memory, compared exactly: an arena in order of discovery, and an open-addressing table
 * (linear probing, load at most 5/8) that finds them. Outside rounds one thread alone uses it. In a round, all look tuples up
 * while none is added; then each thread adds those whose place is in its part of the table; then they get their numbers.
 */
export abstract class SharedTable implements VisitedTable {
  readonly arena: Words;
  readonly parents: Uint32Array;
  readonly asleep: Asleep;
  /** How often it was filled anew. */
  adopted = 0;
  protected readonly threads: number;
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

  /** Forgets which tuples the thread has met. */
  abstract forget(): void;
  /** Those that were found in a round, from the thread's own chunks, get the numbers that `chunks` gives them. */
  abstract place(candidates: Candidates, chunks: Chunks, chunk: number): void;
  /** Puts the new ones of a chunk's candidates whose place is in a thread's part into the table; says how many there were. */
  abstract settle(all: readonly Candidates[], chunks: Chunks, chunk: number, thread: number): number;
  /** Puts one more of the candidates into the table, wherever there is room; false when it was there. */
  abstract settleOne(all: readonly Candidates[], candidates: Candidates, i: number): boolean;
  /**
   * Writes the numbers and hashes of those tuples that are not in the table; but for some of those of which the thread has met
   * an equal one before. Says how many.
   */
  abstract sift(tuples: Words, count: number, fresh: Uint32Array, hashes: Uint32Array): number;
  /** Puts a tuple into the table, as the next one; false when it is there. */
  protected abstract add(tuples: Words, at: number): boolean;
  protected abstract isEmpty(slot: number): boolean;
  /** Moves what is in the slots from `from` to before `to`, modulo `slots`, to its place in a table of twice as many. */
  protected abstract move(from: number, to: number, slots: number): void;
  protected abstract clear(): void;
}
