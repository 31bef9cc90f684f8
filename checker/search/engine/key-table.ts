import type { InSlices } from "../../pace.js";
import { homeIn, RoomyTable } from "./roomy-table.js";
import type { Words } from "./state-table.js";

/** The width that this table is for. */
export const keyWidth = 2;

/** As many pairs as a core's own cache holds well: 2^15, of 8 bytes. */
const recentMask = 2 ** 16 - keyWidth;

/**
 * A set of pairs of words, compared exactly, whose open-addressing table (linear probing) holds the pairs
 * themselves: a look-up touches one line of memory, where a table of positions touches two.
 */
export class KeyTable extends RoomyTable {
  /** The pair of zeros stands for an empty slot, and is kept here. */
  private hasZeros = false;
  /** Pairs seen lately, each at the place that its hash gives: most successors were met a moment before. */
  private readonly recent = new Uint32Array(recentMask + keyWidth);
  private homes = new Int32Array(0);
  private numbers = new Uint32Array(0);

  /** @param capacity a power of two: pairs for which there is room in the arena at first */
  constructor(capacity = 1024) {
    super(keyWidth, capacity, hashOf);
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
    this.reserve(count);
    const candidates = this.sift(tuples, count);
    const { slots, mask, homes, numbers, arena } = this;
    let found = 0;
    let end = this.size * keyWidth;
    for (let c = 0; c < candidates; c += 1) {
      const i = numbers[c] as number;
      const first = tuples[2 * i] as number;
      const second = tuples[2 * i + 1] as number;
      let slot = homes[c] as number;
      while (slots[slot] !== first || slots[slot + 1] !== second) {
        if (slots[slot] === 0 && slots[slot + 1] === 0) break;
        slot = (slot + keyWidth) & mask;
      }
      if ((first | second) === 0) {
        if (this.hasZeros) continue;
        this.hasZeros = true;
      } else {
        if (slots[slot] === first && slots[slot + 1] === second) continue;
        slots[slot] = first;
        slots[slot + 1] = second;
      }
      arena[end] = first;
      arena[end + 1] = second;
      end += keyWidth;
      fresh[found] = i;
      found += 1;
    }
    this.size = end / keyWidth;
    return found;
  }

  override *adopt(arena: Words, size: number): InSlices<void> {
    this.hasZeros = false;
    this.recent.fill(0);
    yield* super.adopt(arena, size);
  }

  /**
   * Drops the pairs that were seen a short while ago, and says how many are left, with their numbers and homes. It reads
   * what adding those will read first, so that the waits for memory overlap.
   */
  private sift(tuples: Words, count: number): number {
    if (this.homes.length < count) [this.homes, this.numbers] = [new Int32Array(count), new Uint32Array(count)];
    const { slots, mask, scale, homes, numbers, recent } = this;
    let touched = 0;
    let left = 0;
    for (let i = 0; i < count; i += 1) {
      const first = tuples[2 * i] as number;
      const second = tuples[2 * i + 1] as number;
      const hash = hashOf(first, second);
      const at = hash & recentMask;
      if (recent[at] === first && recent[at + 1] === second && (first | second) !== 0) continue;
      recent[at] = first;
      recent[at + 1] = second;
      const home = homeIn(mask, scale, hash);
      numbers[left] = i;
      homes[left] = home;
      left += 1;
      touched ^= slots[home] as number;
    }
    this.touched = touched;
    return left;
  }

  /** Only keeps the reads of `sift` from being optimised away. */
  protected touched = 0;

  protected override put(position: number): void {
    const { slots, mask, scale, arena } = this;
    const first = arena[position * keyWidth] as number;
    const second = arena[position * keyWidth + 1] as number;
    if ((first | second) === 0) {
      this.hasZeros = true;
      return;
    }
    let slot = homeIn(mask, scale, hashOf(first, second));
    while (slots[slot] !== 0 || slots[slot + 1] !== 0) slot = (slot + keyWidth) & mask;
    slots[slot] = first;
    slots[slot + 1] = second;
  }
}

/** Each word multiplied, then Murmur3's finalizer: packed ids differ in few bits, and anything weaker clusters. */
export function hashOf(first: number, second: number): number {
  let hash = Math.imul(first ^ (first >>> 15), 0x85ebca6b) ^ Math.imul(second ^ (second >>> 14), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
