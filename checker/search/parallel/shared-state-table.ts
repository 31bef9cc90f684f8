import { hashOfWords, type Words } from "../engine/state-table.js";
import { asleepAt, type Candidates, type Chunks, hashAt, parentAt, slotAt, unsettled } from "./candidates.js";
import type { Control } from "./control.js";
import type { SharedMemory } from "./shared-memory.js";
import { SharedTable } from "./shared-table.js";

/** How many tuples a thread remembers to have met, a power of two. */
const recentCount = 2 ** 14;

/**
 * A shared table of tuples of any width. A slot holds a state's number plus 1, and its hash; while a round is on, for a new
 * state −1 minus the number of its candidate.
 */
export class SharedStateTable extends SharedTable {
  private readonly slots: Int32Array;
  private readonly recent: Uint32Array;
  /** Only keeps the reads of `sift` from being optimised away. */
  protected touched = 0;

  constructor(width: number, memory: SharedMemory, control: Control, growAll: () => void) {
    super(width, memory, control, growAll);
    this.slots = new Int32Array(memory.slots);
    this.recent = new Uint32Array(recentCount * width);
  }

  sift(tuples: Words, count: number, fresh: Uint32Array, hashes: Uint32Array): number {
    const left = this.dropRecent(tuples, count, fresh, hashes);
    const { slots, mask, width, arena } = this;
    let found = 0;
    for (let c = 0; c < left; c += 1) {
      const i = fresh[c] as number;
      const hash = hashes[c] as number;
      let slot = hash & mask;
      for (let at = slots[2 * slot] as number; at !== 0; at = slots[2 * slot] as number) {
        if (slots[2 * slot + 1] === (hash | 0) && isSame(arena, (at - 1) * width, tuples, i * width, width)) break;
        slot = (slot + 1) & mask;
      }
      if (slots[2 * slot] !== 0) continue;
      fresh[found] = i;
      hashes[found] = hash;
      found += 1;
    }
    return found;
  }

  /** It reads what looking the others up will read first, so that the waits for memory overlap. */
  private dropRecent(tuples: Words, count: number, fresh: Uint32Array, hashes: Uint32Array): number {
    const { slots, mask, recent, width, arena } = this;
    let touched = 0;
    let left = 0;
    for (let i = 0; i < count; i += 1) {
      const hash = hashOfWords(tuples, i * width, width);
      const at = (hash & (recentCount - 1)) * width;
      // All zeros may be a place that is empty.
      if (hash !== 0 && isSame(recent, at, tuples, i * width, width)) continue;
      for (let word = 0; word < width; word += 1) recent[at + word] = tuples[i * width + word] as number;
      fresh[left] = i;
      hashes[left] = hash;
      left += 1;
      touched ^= slots[2 * (hash & mask)] as number;
    }
    for (let c = 0; c < left; c += 1) {
      const found = slots[2 * ((hashes[c] as number) & mask)] as number;
      if (found !== 0) touched ^= arena[(found - 1) * width] as number;
    }
    this.touched = touched;
    return left;
  }

  settle(all: readonly Candidates[], chunks: Chunks, chunk: number, thread: number): number {
    const owner = chunks.threadOf(chunk);
    const candidates = all[owner] as Candidates;
    const { rows, stride, room } = candidates;
    const { from, to } = this.partOf(thread);
    const { mask, width } = this;
    let found = 0;
    for (let i = chunks.firstOf(chunk); i < chunks.endOf(chunk); i += 1) {
      const hash = rows[i * stride + width + hashAt] as number;
      const home = hash & mask;
      if (home < from || home >= to) continue;
      const slot = this.placeFor(all, candidates, i, { home, to, hash: hash | 0, reference: owner * room + i });
      rows[i * stride + width + slotAt] = slot;
      if (slot === unsettled) this.control.addLeftOver(1);
      else if (slot !== 0) found += 1;
    }
    return found;
  }

  /** Its slot plus 1; 0 when an equal one is there, `unsettled` when there is no room before the slot `to`. */
  private placeFor(
    all: readonly Candidates[],
    { rows, stride }: Candidates,
    i: number,
    { home, to, hash, reference }: { home: number; to: number; hash: number; reference: number },
  ): number {
    const { slots, mask, width } = this;
    for (let at = home; at < to; at += 1) {
      const slot = at & mask;
      const there = slots[2 * slot] as number;
      if (there === 0) {
        slots[2 * slot] = -1 - reference;
        slots[2 * slot + 1] = hash;
        return slot + 1;
      }
      // What was there before the round is none of the candidates.
      if (there > 0 || slots[2 * slot + 1] !== hash) continue;
      const other = all[Math.floor((-1 - there) / (all[0] as Candidates).room)] as Candidates;
      const j = (-1 - there) % other.room;
      if (isSame(other.rows, j * stride, rows, i * stride, width)) return 0;
    }
    return unsettled;
  }

  settleOne(all: readonly Candidates[], candidates: Candidates, i: number): boolean {
    const { rows, stride, room } = candidates;
    const hash = rows[i * stride + this.width + hashAt] as number;
    const home = hash & this.mask;
    const reference = all.indexOf(candidates) * room + i;
    const to = home + this.control.slots;
    const slot = this.placeFor(all, candidates, i, { home, to, hash: hash | 0, reference });
    rows[i * stride + this.width + slotAt] = slot;
    return slot !== 0;
  }

  place({ rows, stride }: Candidates, chunks: Chunks, chunk: number): void {
    const { arena, parents, asleep, slots, width } = this;
    const end = chunks.endOf(chunk) * stride;
    let state = chunks.placeOf(chunk);
    for (let at = chunks.firstOf(chunk) * stride; at < end; at += stride) {
      const slot = rows[at + width + slotAt] as number;
      if (slot === 0) continue;
      for (let word = 0; word < width; word += 1) arena[state * width + word] = rows[at + word] as number;
      parents[state] = rows[at + width + parentAt] as number;
      asleep.set(state, rows[at + width + asleepAt] as number);
      slots[2 * (slot - 1)] = state + 1;
      state += 1;
    }
  }

  protected add(tuples: Words, at: number): boolean {
    const { slots, mask, width, arena } = this;
    const hash = hashOfWords(tuples, at, width) | 0;
    let slot = hash & mask;
    for (let there = slots[2 * slot] as number; there !== 0; there = slots[2 * slot] as number) {
      if (slots[2 * slot + 1] === hash && isSame(arena, (there - 1) * width, tuples, at, width)) return false;
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = this.size + 1;
    slots[2 * slot + 1] = hash;
    return true;
  }

  protected isEmpty(slot: number): boolean {
    return this.slots[2 * slot] === 0;
  }

  protected move(from: number, to: number, count: number): void {
    const { slots } = this;
    const mask = 2 * count - 1;
    for (let slot = from; slot < to; slot += 1) {
      const at = 2 * (slot & (count - 1));
      const there = slots[at] as number;
      if (there === 0) continue;
      const hash = slots[at + 1] as number;
      slots[at] = 0;
      let free = hash & mask;
      while (slots[2 * free] !== 0) free = (free + 1) & mask;
      slots[2 * free] = there;
      slots[2 * free + 1] = hash;
    }
  }

  forget(): void {
    this.recent.fill(0);
  }

  protected clear(): void {
    this.slots.fill(0, 0, 2 * this.control.slots);
  }
}

function isSame(some: Words, at: number, others: Words, from: number, width: number): boolean {
  for (let word = 0; word < width; word += 1) if (some[at + word] !== others[from + word]) return false;
  return true;
}
