import type { BytesLeft, Room } from "./room.js";
import { homeIn, RoomyTable } from "./roomy-table.js";

/** The words of one or more states, `width` each. */
export type Words = Uint32Array;

/** A set of tuples of words, compared exactly, with an arena of them in order of discovery, which is the search's queue. */
export interface VisitedTable {
  readonly width: number;
  /** Tuple `i` is at `i * width`. */
  readonly arena: Words;
  readonly size: number;
  /** Adds the first `count` of these tuples, in order; writes the numbers of those that are new to `fresh`, and says how many. */
  addAll(tuples: Words, count: number, fresh: Uint32Array): number;
  /** Forgets the tuples after the first `size`; nothing can be added any more. */
  truncate(size: number): void;
  /**
   * Takes over an arena whose first `size` tuples are distinct, in place of its own; they may be those it had, written anew.
   * Some of the work is done each time that the result is asked to go on, and nothing else can be done before the end.
   */
  adopt(arena: Words, size: number): Iterable<undefined>;
  /** Whether it will need more room soon, and had better be given it (`moreRoom`) than make it at once in the midst of adding. */
  readonly isTight?: boolean;
  /** @param bytesLeft of what all tables of the search may take. */
  moreRoom?(bytesLeft: BytesLeft): Room;
}

/**
 * A set of tuples of words, compared exactly: an arena in order of discovery, which doubles as the breadth-first queue, and
 * an open-addressing table (linear probing) of pairs: a position in the arena plus 1, and a hash.
 */
export class StateTable extends RoomyTable {
  private hashes = new Uint32Array(0);

  constructor(width: number, capacity = 1024) {
    super(width, capacity, (_, hash) => hash << 1);
  }

  /**
   * Over the same arena as another table, to find positions once all have been adopted (`adoptNext`); nothing is to be added
   * to either any more.
   */
  static indexing(table: VisitedTable): StateTable {
    if (table instanceof StateTable) return table;
    const index = new StateTable(table.width, powerOfTwo(table.size));
    index.arena = table.arena;
    return index;
  }

  /** Takes in the next tuple of its arena, if not all of so many are; whether they are then. */
  adoptNext(size: number): boolean {
    if (this.size === size) return true;
    this.reserve(0);
    this.put(this.size);
    this.size += 1;
    return false;
  }

  /** The position of a tuple, if it is there. */
  find(tuple: Words): number | undefined {
    const { slots, mask, scale } = this;
    const hash = hashOfWords(tuple, 0, this.width);
    for (let slot = homeIn(mask, scale, hash << 1); slots[slot] !== 0; slot = (slot + 2) & mask) {
      const position = (slots[slot] as number) - 1;
      if (slots[slot + 1] === hash && this.isAt(position, tuple, 0)) return position;
    }
    return undefined;
  }

  /** The position of the tuple at `tuples[at]`, which is added if it is new: then it is the `size` before the call. */
  insert(tuples: Words, at = 0): number {
    this.reserve(1, 5 / 8);
    return this.insertHashed(tuples, at, hashOfWords(tuples, at, this.width));
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
    this.reserve(count);
    this.touch(tuples, count);
    const { hashes, width } = this;
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      const { size } = this;
      if (this.insertHashed(tuples, i * width, hashes[i] as number) !== size) continue;
      fresh[found] = i;
      found += 1;
    }
    return found;
  }

  /** Reads what adding these tuples will read, so that the waits for memory overlap. */
  private touch(tuples: Words, count: number): void {
    if (this.hashes.length < count) this.hashes = new Uint32Array(count);
    const { width, slots, mask, scale, arena, hashes } = this;
    let touched = 0;
    for (let i = 0; i < count; i += 1) {
      const hash = hashOfWords(tuples, i * width, width);
      hashes[i] = hash;
      touched ^= slots[homeIn(mask, scale, hash << 1)] as number;
    }
    for (let i = 0; i < count; i += 1) {
      const hash = hashes[i] as number;
      let slot = homeIn(mask, scale, hash << 1);
      while (slots[slot] !== 0 && slots[slot + 1] !== hash) slot = (slot + 2) & mask;
      const found = slots[slot] as number;
      if (found !== 0) touched ^= arena[(found - 1) * width] as number;
    }
    this.touched = touched;
  }

  /** Only keeps the reads of `touch` from being optimised away. */
  protected touched = 0;

  private insertHashed(tuples: Words, at: number, hash: number): number {
    const { slots, mask, scale } = this;
    for (let slot = homeIn(mask, scale, hash << 1); ; slot = (slot + 2) & mask) {
      const found = slots[slot] as number;
      if (found === 0) {
        slots[slot] = this.size + 1;
        slots[slot + 1] = hash;
        return this.append(tuples, at);
      }
      if (slots[slot + 1] === hash && this.isAt(found - 1, tuples, at)) return found - 1;
    }
  }

  private isAt(position: number, tuples: Words, at: number): boolean {
    const { width, arena } = this;
    const start = position * width;
    for (let word = 0; word < width; word += 1) {
      if (arena[start + word] !== tuples[at + word]) return false;
    }
    return true;
  }

  private append(tuples: Words, at: number): number {
    const { width, size, arena } = this;
    const start = size * width;
    for (let word = 0; word < width; word += 1) arena[start + word] = tuples[at + word] as number;
    this.size = size + 1;
    return size;
  }

  protected override put(position: number): void {
    const { slots, mask, scale, arena, width } = this;
    const hash = hashOfWords(arena, position * width, width);
    let slot = homeIn(mask, scale, hash << 1);
    while (slots[slot] !== 0) slot = (slot + 2) & mask;
    slots[slot] = position + 1;
    slots[slot + 1] = hash;
  }
}

/** The next power of two that is greater, and at least 1024. */
export function powerOfTwo(size: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(size + 1)));
}

/** The hash of a tuple: Murmur3's finalizer over each word, as packed ids differ in few bits, and anything weaker clusters. */
export function hashOfWords(tuples: Words, at: number, width: number): number {
  let hash = 0;
  for (let word = 0; word < width; word += 1) {
    hash ^= tuples[at + word] as number;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A copy of twice the length. */
export function grown(array: Uint32Array): Uint32Array {
  const copy = new Uint32Array(array.length * 2);
  copy.set(array);
  return copy;
}
