import { type InSlices, unpaused } from "../../pace.js";
import { enlarged } from "../engine/room.js";
import type { VisitedTable, Words } from "../engine/state-table.js";
import type { SignatureSet } from "./signature-set.js";
import type { StateHash } from "./state-hash.js";

/** As many pairs as a core's own cache holds well: 2^15, of 8 bytes. */
const recentMask = 2 ** 16 - 2;

/** The arena has room for so many more when more is made. */
const spareTuples = 1024;

/** The arena grows by so much before those that are not needed are dropped. */
const growth = 1.1;

/** A set of states of which only signatures are kept, and, in an arena, those that were added last until they are dropped. */
export class SignatureTable implements VisitedTable {
  /** Of those that were found to be new by the last `addAll`, the second word of each one's signature. */
  checks = new Int32Array(0);
  private uppers = new Int32Array(0);
  private lowers = new Int32Array(0);
  private numbers = new Uint32Array(0);
  /** Signatures seen lately, each at the place that it gives: most successors were met a moment before. */
  private readonly recent = new Int32Array(recentMask + 2);
  /** When there are so many in the arena, those that are not needed any more should be dropped. */
  private sizeWanted: number;

  /** @param size how many there are in the arena, which are in the set */
  constructor(
    private readonly hash: StateHash,
    private readonly set: SignatureSet,
    readonly width: number,
    public arena: Words,
    public size: number,
  ) {
    // No signature of zeros is there by chance.
    this.recent[1] = 1;
    this.sizeWanted = wantedFor(size);
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
    const candidates = this.sift(tuples, count);
    const { set, width, uppers, lowers, numbers, checks } = this;
    while ((this.size + candidates) * width > this.arena.length)
      this.arena = unpaused(enlarged(this.arena, this.size * width));
    const { arena } = this;
    let found = 0;
    for (let c = 0; c < candidates; c += 1) {
      const i = numbers[c] as number;
      const lower = lowers[i] as number;
      if (!set.add(uppers[i] as number, lower)) continue;
      const end = (this.size + found) * width;
      for (let word = 0; word < width; word += 1) arena[end + word] = tuples[i * width + word] as number;
      checks[found] = lower;
      fresh[found] = i;
      found += 1;
    }
    this.size += found;
    return found;
  }

  truncate(size: number): void {
    this.size = size;
  }

  *adopt(arena: Words, size: number): InSlices<void> {
    this.arena = arena;
    this.size = size;
    yield;
  }

  /** The same set, with another arena, for states of another width. */
  over(width: number, arena: Words, size: number): SignatureTable {
    return new SignatureTable(this.hash, this.set, width, arena, size);
  }

  /** Whether those that are not needed any more should be dropped from the arena. */
  get isFull(): boolean {
    return this.size + spareTuples > this.sizeWanted;
  }

  /** Drops the first so many tuples from the arena. */
  drop(count: number): void {
    this.arena.copyWithin(0, count * this.width, this.size * this.width);
    this.size -= count;
    this.sizeWanted = wantedFor(this.size);
  }

  /** Hashes tuples, drops those that were seen a short while ago, and says how many are left, with their numbers. */
  private sift(tuples: Words, count: number): number {
    if (this.numbers.length < count) {
      [this.uppers, this.lowers] = [new Int32Array(count), new Int32Array(count)];
      [this.numbers, this.checks] = [new Uint32Array(count), new Int32Array(count)];
    }
    const { hash, set, uppers, lowers, numbers, recent } = this;
    hash.hash(tuples, count, uppers, lowers);
    let touched = 0;
    let left = 0;
    for (let i = 0; i < count; i += 1) {
      const upper = uppers[i] as number;
      const lower = lowers[i] as number;
      const at = lower & recentMask;
      if (recent[at] === upper && recent[at + 1] === lower) continue;
      recent[at] = upper;
      recent[at + 1] = lower;
      numbers[left] = i;
      left += 1;
      touched ^= set.touch(upper);
    }
    this.touched = touched;
    return left;
  }

  /** Only keeps the reads of `sift` from being optimised away. */
  protected touched = 0;
}

function wantedFor(size: number): number {
  return Math.ceil(size * growth) + 4 * spareTuples;
}
