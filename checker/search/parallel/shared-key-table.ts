import type { Batch } from "../engine/batch.js";
import { hashOf, keyWidth } from "../engine/key-table.js";
import type { Words } from "../engine/state-table.js";
import { asleepAt, type Candidates, type Chunks, hashAt, parentAt, slotAt } from "./candidates.js";
import type { Control } from "./control.js";
import type { SharedMemory } from "./shared-memory.js";
import { SharedTable } from "./shared-table.js";

/** As many pairs as a core's own cache holds well: 2^15, of 8 bytes. */
const recentMask = 2 ** 16 - keyWidth;

/** A shared table of pairs of words, which it holds in its slots; the pair of zeros, which an empty slot looks like, apart. */
export class SharedKeyTable extends SharedTable {
  /** Pairs that this thread has met lately, each at the place that its hash gives. */
  private readonly recent = new Uint32Array(recentMask + keyWidth);

  constructor(memory: SharedMemory, control: Control, growAll: () => boolean) {
    super(keyWidth, memory, control, growAll);
  }

  gather({ tuples, count, parents, asleep }: Batch, candidates: Candidates): void {
    const { recent } = this;
    const { rows, stride } = candidates;
    let at = candidates.count * stride;
    for (let i = 0; i < count; i += 1) {
      const first = tuples[2 * i] as number;
      const second = tuples[2 * i + 1] as number;
      const hash = hashOf(first, second);
      const place = hash & recentMask;
      if (recent[place] === first && recent[place + 1] === second && (first | second) !== 0) continue;
      recent[place] = first;
      recent[place + 1] = second;
      rows[at] = first;
      rows[at + 1] = second;
      rows[at + keyWidth + parentAt] = parents[i] as number;
      rows[at + keyWidth + asleepAt] = asleep[i] as number;
      rows[at + keyWidth + hashAt] = hash;
      candidates.list(this.partOf(hash), at);
      at += stride;
    }
    candidates.count = at / stride;
  }

  protected settleRows(part: number, all: readonly Candidates[], owner: number, from: number, to: number): number {
    const { rows, lists } = all[owner] as Candidates;
    const list = lists[part] as Uint32Array;
    const { slots, mask } = this;
    const base = part * this.slotsMax;
    let found = 0;
    for (let i = from; i < to; i += 1) {
      const at = list[i] as number;
      const first = rows[at] as number;
      const second = rows[at + 1] as number;
      if ((first | second) === 0) {
        rows[at + keyWidth + slotAt] = this.control.hasZeros ? 0 : 1;
        if (!this.control.hasZeros) found += 1;
        this.control.hasZeros = true;
        continue;
      }
      let slot = base + ((rows[at + keyWidth + hashAt] as number) & mask);
      while (slots[2 * slot] !== first || slots[2 * slot + 1] !== second) {
        if (slots[2 * slot] === 0 && slots[2 * slot + 1] === 0) break;
        slot = base + ((slot + 1) & mask);
      }
      if (slots[2 * slot] === first && slots[2 * slot + 1] === second) {
        rows[at + keyWidth + slotAt] = 0;
        continue;
      }
      slots[2 * slot] = first;
      slots[2 * slot + 1] = second;
      rows[at + keyWidth + slotAt] = slot + 1;
      found += 1;
    }
    return found;
  }

  place({ rows, stride }: Candidates, chunks: Chunks, chunk: number): number {
    const { arena, parents, asleep } = this;
    const end = chunks.endOf(chunk) * stride;
    let state = chunks.placeOf(chunk);
    for (let at = chunks.firstOf(chunk) * stride; at < end; at += stride) {
      if (rows[at + keyWidth + slotAt] === 0) continue;
      arena[2 * state] = rows[at] as number;
      arena[2 * state + 1] = rows[at + 1] as number;
      parents[state] = rows[at + keyWidth + parentAt] as number;
      asleep.set(state, rows[at + keyWidth + asleepAt] as number);
      state += 1;
    }
    return state;
  }

  protected add(tuples: Words, at: number): boolean {
    const first = tuples[at] as number;
    const second = tuples[at + 1] as number;
    if ((first | second) === 0) {
      const isNew = !this.control.hasZeros;
      this.control.hasZeros = true;
      return isNew;
    }
    const hash = hashOf(first, second);
    const { slots, mask } = this;
    const part = this.partOf(hash);
    const base = part * this.slotsMax;
    let slot = base + (hash & mask);
    for (; slots[2 * slot] !== 0 || slots[2 * slot + 1] !== 0; slot = base + ((slot + 1) & mask)) {
      if (slots[2 * slot] === first && slots[2 * slot + 1] === second) return false;
    }
    slots[2 * slot] = first;
    slots[2 * slot + 1] = second;
    this.control.setFullIn(part, this.control.fullIn(part) + 1);
    return true;
  }

  protected empty(slot: number, { rows }: Candidates, at: number): void {
    if (((rows[at] as number) | (rows[at + 1] as number)) === 0) this.control.hasZeros = false;
    else this.slots.fill(0, 2 * slot, 2 * slot + 2);
  }

  protected readonly homeOf = (first: number, second: number): number => hashOf(first, second) << 1;

  forget(): void {
    this.recent.fill(0);
  }
}
