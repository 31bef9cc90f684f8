import { type InSlices, unpaused } from "../../pace.js";
import { Asleep } from "../engine/asleep.js";
import type { Batch } from "../engine/batch.js";
import { doubled, type HomeOf } from "../engine/room.js";
import { dense, loose } from "../engine/roomy-table.js";
import type { VisitedTable, Words } from "../engine/state-table.js";
import { type Candidates, type Chunks, hashAt, slotAt } from "./candidates.js";
import type { Control } from "./control.js";
import type { SharedMemory } from "./shared-memory.js";

/** Thrown when there is no more room in the memory that was reserved. */
export const memoryIsFull = Symbol("the shared memory is full");

/** So many candidates beyond those of a chunk are touched together with them. */
const touchedAhead = 128;

/** So many pairs of cells a part of the table has at first. */
export const firstSlots = 2 ** 10;

/**
 * A set of tuples of words in shared memory, compared exactly: an arena in order of discovery, and an open-addressing table
 * (linear probing, load at most 5/8 while it can grow) that finds them. It has parts, each a table by itself, with room of its own to grow;
 * the highest bits of a tuple's hash tell the part. Outside rounds one thread alone uses it. In a round, each thread
 * first makes candidates; then the new ones are added, in each part by one thread; then they get their numbers.
 */
export abstract class SharedTable implements VisitedTable {
  readonly arena: Words;
  readonly parents: Uint32Array;
  readonly asleep: Asleep;
  /** How often it was filled anew. */
  adopted = 0;
  readonly parts: number;
  /** Of each slot, a pair of cells. */
  protected readonly slots: Words;
  /** Only keeps the reads of `touch` from being optimised away. */
  protected read = 0;
  /** How many slots a part may have: so far apart the parts begin. */
  protected readonly slotsMax: number;
  private readonly partShift: number;
  /** Whether there is no memory for more slots: then they are filled further. */
  private isLast = false;

  constructor(
    readonly width: number,
    memory: SharedMemory,
    protected readonly control: Control,
    /** Makes the table twice as large; false, and it does not, when there is no memory for that. */
    private readonly growAll: () => boolean,
  ) {
    this.arena = new Uint32Array(memory.arena);
    this.parents = new Uint32Array(memory.parents);
    this.asleep = new Asleep(new Uint32Array(memory.asleep));
    this.slots = new Uint32Array(memory.slots);
    this.parts = memory.parts;
    this.partShift = 32 - Math.log2(memory.parts);
    this.slotsMax = memory.slots.byteLength / 8 / memory.parts;
  }

  get size(): number {
    return this.control.size;
  }

  set size(count: number) {
    this.control.size = count;
  }

  /** A bit mask of the slots in use in a part. */
  protected get mask(): number {
    return this.control.slots - 1;
  }

  /** The part in which a tuple of this hash has its place. */
  protected partOf(hash: number): number {
    return hash >>> this.partShift;
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
    for (this.size = 0; this.size < size; this.size += 1) {
      if (this.size % 1024 === 1023) yield;
      if (this.size % 512 === 0) this.reserve(512);
      this.add(this.arena, this.size * this.width);
    }
  }

  truncate(size: number): void {
    this.size = size;
  }

  /**
   * Makes room for so many more, of which at most so many come to each part.
   *
   * @throws memoryIsFull when there is none.
   */
  reserve(count: number, inPart: (part: number) => number = () => count): void {
    const size = this.size + count;
    if (size * this.width > this.arena.length || size > this.parents.length) throw memoryIsFull;
    for (let part = 0; part < this.parts; part += 1) {
      const full = this.control.fullIn(part) + inPart(part);
      while (full > this.control.slots * loose && !this.isLast) {
        this.isLast = this.control.slots === this.slotsMax || !this.growAll();
        if (!this.isLast) this.control.slots *= 2;
      }
      if (full > this.control.slots * dense) throw memoryIsFull;
    }
  }

  /** Makes a part twice as large, in place. */
  grow(part: number): void {
    const { slots } = this.control;
    const at = 2 * part * this.slotsMax;
    unpaused(doubled(this.slots.subarray(at, at + 4 * slots), 2 * slots, this.homeOf));
  }

  /** Puts the new ones of the candidates of so many chunks into a part, in order, and tells how many of each there were. */
  settle(part: number, all: readonly Candidates[], chunks: Chunks, count: number, thread: number): void {
    const done = all.map(() => 0);
    const touched = all.map(() => 0);
    let full = this.control.fullIn(part);
    for (let chunk = 0; chunk < count; chunk += 1) {
      const owner = chunks.threadOf(chunk);
      const candidates = all[owner] as Candidates;
      const list = candidates.lists[part] as Uint32Array;
      const listed = candidates.listed[part] as number;
      const end = chunks.endOf(chunk) * candidates.stride;
      const first = done[owner] as number;
      let next = first;
      while (next < listed && (list[next] as number) < end) next += 1;
      if (next > (touched[owner] as number)) {
        touched[owner] = Math.min(listed, next + touchedAhead);
        this.touch(candidates.rows, list, first, touched[owner], part * this.slotsMax);
      }
      const found = this.settleRows(part, all, owner, first, next);
      chunks.addNew(chunk, thread, found);
      full += found;
      done[owner] = next;
    }
    this.control.setFullIn(part, full);
  }

  /** Reads what looking candidates up will read first, so that the waits for memory overlap. */
  private touch(rows: Words, list: Uint32Array, from: number, to: number, base: number): void {
    const { mask, slots, width } = this;
    let read = 0;
    for (let i = from; i < to; i += 1) {
      const hash = rows[(list[i] as number) + width + hashAt] as number;
      read ^= slots[2 * (base + (hash & mask))] as number;
    }
    this.read = read;
  }

  /** Takes a chunk's candidates out of the table again, after those of all later chunks. */
  unsettle(all: readonly Candidates[], chunks: Chunks, chunk: number): void {
    const candidates = all[chunks.threadOf(chunk)] as Candidates;
    const { rows, stride, width } = candidates;
    for (let at = chunks.firstOf(chunk) * stride; at < chunks.endOf(chunk) * stride; at += stride) {
      const slot = rows[at + width + slotAt] as number;
      if (slot === 0) continue;
      const part = this.partOf(rows[at + width + hashAt] as number);
      this.control.setFullIn(part, this.control.fullIn(part) - 1);
      this.empty(slot - 1, candidates, at);
    }
  }

  private clear(): void {
    const { slotsMax, control } = this;
    for (let part = 0; part < this.parts; part += 1) {
      this.slots.fill(0, 2 * part * slotsMax, 2 * (part * slotsMax + control.slots));
      control.setFullIn(part, 0);
    }
    control.hasZeros = false;
  }

  /** Forgets which tuples the thread has met. */
  abstract forget(): void;
  /** Those that were found in a round, from a chunk, get the numbers that `chunks` gives them; gives the one after. */
  abstract place(candidates: Candidates, chunks: Chunks, chunk: number): number;
  /** Adds those of a batch to a thread's candidates; but for some of those of which it has met an equal one before. */
  abstract gather(batch: Batch, candidates: Candidates): void;
  /** Puts those of one thread's candidates into a part that are new, from one place in its list to before another; says how many. */
  protected abstract settleRows(
    part: number,
    all: readonly Candidates[],
    owner: number,
    from: number,
    to: number,
  ): number;
  /** Empties the slot in which the candidate at `at` was put, and which nothing was put behind that is to stay. */
  protected abstract empty(slot: number, candidates: Candidates, at: number): void;
  /** Puts a tuple into the table, as the next one; false when it is there. */
  protected abstract add(tuples: Words, at: number): boolean;
  /** Where the search for the tuple of a full pair of cells begins in its part. */
  protected abstract readonly homeOf: HomeOf;
}
