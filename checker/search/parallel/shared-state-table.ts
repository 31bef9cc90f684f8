import type { Batch } from "../engine/batch.js";
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
  protected readonly slots: Int32Array;
  private readonly recent: Uint32Array;

  constructor(width: number, memory: SharedMemory, control: Control, growAll: () => void) {
    super(width, memory, control, growAll);
    this.slots = new Int32Array(memory.slots);
    this.recent = new Uint32Array(recentCount * width);
  }

  gather({ tuples, count, parents, asleep }: Batch, candidates: Candidates): void {
    const { recent, width } = this;
    const { rows, stride } = candidates;
    for (let i = 0; i < count; i += 1) {
      const hash = hashOfWords(tuples, i * width, width);
      const place = (hash & (recentCount - 1)) * width;
      // All zeros may be a place that is empty.
      if (hash !== 0 && isSame(recent, place, tuples, i * width, width)) continue;
      const at = candidates.count * stride;
      for (let word = 0; word < width; word += 1) {
        rows[at + word] = recent[place + word] = tuples[i * width + word] as number;
      }
      rows[at + width + parentAt] = parents[i] as number;
      rows[at + width + asleepAt] = asleep[i] as number;
      rows[at + width + hashAt] = hash;
      candidates.count += 1;
    }
  }

  protected settleRows(
    candidates: Candidates,
    mine: Uint32Array,
    count: number,
    to: number,
    all: readonly Candidates[],
  ): number {
    const { rows, stride, room } = candidates;
    const { mask, width } = this;
    const first = all.indexOf(candidates) * room;
    let found = 0;
    for (let c = 0; c < count; c += 1) {
      const at = mine[c] as number;
      const i = at / stride;
      const hash = rows[at + width + hashAt] as number;
      const slot = this.placeFor(all, candidates, i, { home: hash & mask, to, hash: hash | 0, reference: first + i });
      rows[at + width + slotAt] = slot;
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
    const { slots, mask, width, arena } = this;
    for (let at = home; at < to; at += 1) {
      const slot = at & mask;
      const there = slots[2 * slot] as number;
      if (there === 0) {
        slots[2 * slot] = -1 - reference;
        slots[2 * slot + 1] = hash;
        return slot + 1;
      }
      if (slots[2 * slot + 1] !== hash) continue;
      if (there > 0) {
        if (isSame(arena, (there - 1) * width, rows, i * stride, width)) return 0;
        continue;
      }
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

  place({ rows, stride }: Candidates, chunks: Chunks, chunk: number): number {
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
    return state;
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

  protected empty(slot: number): void {
    this.slots[2 * slot] = 0;
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
