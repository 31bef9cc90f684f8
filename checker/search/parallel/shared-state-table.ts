import type { Batch } from "../engine/batch.js";
import { hashOfWords, type Words } from "../engine/state-table.js";
import { asleepAt, type Candidates, type Chunks, hashAt, parentAt, slotAt } from "./candidates.js";
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
  /** The same cells as `slots`, signed. */
  private readonly cells: Int32Array;
  private readonly recent: Uint32Array;

  constructor(width: number, memory: SharedMemory, control: Control, growAll: () => boolean) {
    super(width, memory, control, growAll);
    this.cells = new Int32Array(memory.slots);
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
      candidates.list(this.partOf(hash), at);
      candidates.count += 1;
    }
  }

  protected settleRows(part: number, all: readonly Candidates[], owner: number, from: number, to: number): number {
    const { rows, lists, stride, room } = all[owner] as Candidates;
    const list = lists[part] as Uint32Array;
    const { width } = this;
    const base = part * this.slotsMax;
    let found = 0;
    for (let i = from; i < to; i += 1) {
      const at = list[i] as number;
      const hash = rows[at + width + hashAt] as number;
      const slot = this.placeFor(all, rows, at, hash | 0, base, owner * room + at / stride);
      rows[at + width + slotAt] = slot;
      if (slot !== 0) found += 1;
    }
    return found;
  }

  /** Its slot plus 1, where the reference now is; 0 when an equal one is there. */
  private placeFor(
    all: readonly Candidates[],
    rows: Words,
    row: number,
    hash: number,
    base: number,
    reference: number,
  ): number {
    const { cells, mask, width, arena } = this;
    for (let slot = base + (hash & mask); ; slot = base + ((slot + 1) & mask)) {
      const there = cells[2 * slot] as number;
      if (there === 0) {
        cells[2 * slot] = -1 - reference;
        cells[2 * slot + 1] = hash;
        return slot + 1;
      }
      if (cells[2 * slot + 1] !== hash) continue;
      if (there > 0) {
        if (isSame(arena, (there - 1) * width, rows, row, width)) return 0;
        continue;
      }
      const { room } = all[0] as Candidates;
      const other = all[Math.floor((-1 - there) / room)] as Candidates;
      if (isSame(other.rows, ((-1 - there) % room) * other.stride, rows, row, width)) return 0;
    }
  }

  place({ rows, stride }: Candidates, chunks: Chunks, chunk: number): number {
    const { arena, parents, asleep, cells, width } = this;
    const end = chunks.endOf(chunk) * stride;
    let state = chunks.placeOf(chunk);
    for (let at = chunks.firstOf(chunk) * stride; at < end; at += stride) {
      const slot = rows[at + width + slotAt] as number;
      if (slot === 0) continue;
      for (let word = 0; word < width; word += 1) arena[state * width + word] = rows[at + word] as number;
      parents[state] = rows[at + width + parentAt] as number;
      asleep.set(state, rows[at + width + asleepAt] as number);
      cells[2 * (slot - 1)] = state + 1;
      state += 1;
    }
    return state;
  }

  protected add(tuples: Words, at: number): boolean {
    const { cells, mask, width, arena } = this;
    const hash = hashOfWords(tuples, at, width) | 0;
    const part = this.partOf(hash);
    const base = part * this.slotsMax;
    let slot = base + (hash & mask);
    for (let there = cells[2 * slot] as number; there !== 0; there = cells[2 * slot] as number) {
      if (cells[2 * slot + 1] === hash && isSame(arena, (there - 1) * width, tuples, at, width)) return false;
      slot = base + ((slot + 1) & mask);
    }
    cells[2 * slot] = this.size + 1;
    cells[2 * slot + 1] = hash;
    this.control.setFullIn(part, this.control.fullIn(part) + 1);
    return true;
  }

  protected empty(slot: number): void {
    this.cells[2 * slot] = 0;
  }

  protected readonly homeOf = (_: number, hash: number): number => hash << 1;

  forget(): void {
    this.recent.fill(0);
  }
}

function isSame(some: Words, at: number, others: Words, from: number, width: number): boolean {
  for (let word = 0; word < width; word += 1) if (some[at + word] !== others[from + word]) return false;
  return true;
}
