import type { InSlices } from "../../pace.js";
import { RoomyTable } from "./roomy-table.js";
import type { VisitedTable, Words } from "./state-table.js";

/** The width that this table is for. */
export const keyWidth = 2;

/** As many pairs as a core's own cache holds well: 2^15, of 8 bytes. */
const recentMask = 2 ** 16 - keyWidth;

/** Beyond this load, room is made at once, if it was not before. */
const loadMax = 3 / 4;

/**
 * A set of pairs of words, compared exactly, whose open-addressing table (linear probing) holds the pairs
 * themselves: a look-up touches one line of memory, where a table of positions touches two.
 */
export class KeyTable extends RoomyTable implements VisitedTable {
  /** The pair of zeros stands for an empty slot, and is kept here. */
  private hasZeros = false;
  /** Pairs seen lately, each at the place that its hash gives: most successors were met a moment before. */
  private readonly recent = new Uint32Array(recentMask + keyWidth);
  private hashes = new Uint32Array(0);
  private numbers = new Uint32Array(0);

  /** @param capacity a power of two: pairs for which there is room in the arena at first */
  constructor(capacity = 1024) {
    super(keyWidth, capacity, hashOf);
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
    this.reserve(count, loadMax);
    const candidates = this.sift(tuples, count);
    const { slots, mask, hashes, numbers, arena } = this;
    let found = 0;
    let end = this.size * keyWidth;
    for (let c = 0; c < candidates; c += 1) {
      const i = numbers[c] as number;
      const first = tuples[2 * i] as number;
      const second = tuples[2 * i + 1] as number;
      let slot = (hashes[c] as number) & mask;
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

  *adopt(arena: Words, size: number): InSlices<void> {
    this.hasZeros = false;
    this.recent.fill(0);
    yield* this.takeOver(arena, size);
    for (let at = 0; at < size * keyWidth; at += keyWidth) {
      if (at % 4096 === 0) yield;
      const [first, second] = [arena[at] as number, arena[at + 1] as number];
      if ((first | second) === 0) this.hasZeros = true;
      this.put(first, second);
    }
  }

  truncate(size: number): void {
    this.size = size;
  }

  /**
   * Drops the pairs that were seen a short while ago, and says how many are left, with their numbers and hashes. It reads
   * what adding those will read first, so that the waits for memory overlap.
   */
  private sift(tuples: Words, count: number): number {
    if (this.hashes.length < count) [this.hashes, this.numbers] = [new Uint32Array(count), new Uint32Array(count)];
    const { slots, mask, hashes, numbers, recent } = this;
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
      numbers[left] = i;
      hashes[left] = hash;
      left += 1;
      touched ^= slots[hash & mask] as number;
    }
    this.touched = touched;
    return left;
  }

  /** Only keeps the reads of `sift` from being optimised away. */
  protected touched = 0;

  /** Puts a pair that is not there. */
  private put(first: number, second: number): void {
    if ((first | second) === 0) return;
    const { slots, mask } = this;
    let slot = hashOf(first, second) & mask;
    while ((slots[slot] as number) !== 0 || slots[slot + 1] !== 0) slot = (slot + keyWidth) & mask;
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
