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
  /** Takes over an arena whose first `size` tuples are distinct, in place of its own; they may be those it had, written anew. */
  adopt(arena: Words, size: number): void;
}

/**
 * A set of tuples of words, compared exactly: an arena in order of discovery, which doubles as the breadth-first queue, and
 * an open-addressing table (linear probing, load at most 5/8) of pairs: a position in the arena plus 1, and a hash.
 */
export class StateTable implements VisitedTable {
  arena: Words;
  size = 0;
  private hashes = new Uint32Array(0);
  private slots: Uint32Array;
  private mask: number;

  constructor(
    readonly width: number,
    capacity = 1024,
  ) {
    this.arena = new Uint32Array(capacity * width);
    this.slots = new Uint32Array(capacity * 4);
    this.mask = capacity * 2 - 1;
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

  adopt(arena: Words, size: number): void {
    this.arena = arena;
    this.slots.fill(0);
    this.size = 0;
    while (!this.adoptNext(size));
  }

  /** Takes in the next tuple of its arena, if not all of so many are; whether they are then. */
  adoptNext(size: number): boolean {
    if (this.size === size) return true;
    this.put(this.hash(this.arena, this.size * this.width), this.size + 1);
    this.grow();
    return false;
  }

  /** The position of a tuple, if it is there. */
  find(tuple: Words): number | undefined {
    const { slots, mask } = this;
    const hash = this.hash(tuple, 0);
    for (let slot = 2 * (hash & mask); slots[slot] !== 0; slot = (slot + 2) & (2 * mask + 1)) {
      const position = (slots[slot] as number) - 1;
      if (slots[slot + 1] === hash && this.isAt(position, tuple, 0)) return position;
    }
    return undefined;
  }

  /** The position of the tuple at `tuples[at]`, which is added if it is new: then it is the `size` before the call. */
  insert(tuples: Words, at = 0): number {
    return this.insertHashed(tuples, at, this.hash(tuples, at));
  }

  addAll(tuples: Words, count: number, fresh: Uint32Array): number {
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

  truncate(size: number): void {
    this.size = size;
  }

  /** Reads what adding these tuples will read, so that the waits for memory overlap. */
  private touch(tuples: Words, count: number): void {
    if (this.hashes.length < count) this.hashes = new Uint32Array(count);
    const { width, slots, mask, arena, hashes } = this;
    let touched = 0;
    for (let i = 0; i < count; i += 1) {
      const hash = this.hash(tuples, i * width);
      hashes[i] = hash;
      touched ^= slots[2 * (hash & mask)] as number;
    }
    for (let i = 0; i < count; i += 1) {
      const hash = hashes[i] as number;
      let slot = 2 * (hash & mask);
      while (slots[slot] !== 0 && slots[slot + 1] !== hash) slot = (slot + 2) & (2 * mask + 1);
      const found = slots[slot] as number;
      if (found !== 0) touched ^= arena[(found - 1) * width] as number;
    }
    this.touched = touched;
  }

  /** Only keeps the reads of `touch` from being optimised away. */
  protected touched = 0;

  private insertHashed(tuples: Words, at: number, hash: number): number {
    const { slots, mask } = this;
    for (let slot = 2 * (hash & mask); ; slot = (slot + 2) & (2 * mask + 1)) {
      const found = slots[slot] as number;
      if (found === 0) {
        slots[slot] = this.size + 1;
        slots[slot + 1] = hash;
        return this.append(tuples, at);
      }
      if (slots[slot + 1] === hash && this.isAt(found - 1, tuples, at)) return found - 1;
    }
  }

  /** Murmur3's finalizer over each word: packed ids differ in few bits, and anything weaker clusters. */
  private hash(tuples: Words, at: number): number {
    let hash = 0;
    for (let word = 0; word < this.width; word += 1) {
      hash ^= tuples[at + word] as number;
      hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    return hash >>> 0;
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
    const { width } = this;
    const position = this.size;
    const start = position * width;
    if (start + width > this.arena.length) this.arena = grown(this.arena);
    for (let word = 0; word < width; word += 1) this.arena[start + word] = tuples[at + word] as number;
    this.grow();
    return position;
  }

  /** Counts one tuple more. */
  private grow(): void {
    this.size += 1;
    if (this.size * 16 > this.slots.length * 5) this.rehash();
  }

  private put(hash: number, found: number): void {
    const { slots, mask } = this;
    let slot = 2 * (hash & mask);
    while (slots[slot] !== 0) slot = (slot + 2) & (2 * mask + 1);
    slots[slot] = found;
    slots[slot + 1] = hash;
  }

  /** Doubles the table; the hashes are kept, so that the arena is not read. */
  private rehash(): void {
    const before = this.slots;
    const slots = new Uint32Array(before.length * 2);
    const last = slots.length - 1;
    for (let i = 0; i < before.length; i += 2) {
      const found = before[i] as number;
      if (found === 0) continue;
      const hash = before[i + 1] as number;
      let slot = (2 * hash) & last & ~1;
      while (slots[slot] !== 0) slot = (slot + 2) & last;
      slots[slot] = found;
      slots[slot + 1] = hash;
    }
    this.slots = slots;
    this.mask = slots.length / 2 - 1;
  }
}

/** The next power of two that is greater, and at least 1024. */
export function powerOfTwo(size: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(size + 1)));
}

/** A copy of twice the length. */
export function grown(array: Uint32Array): Uint32Array {
  const copy = new Uint32Array(array.length * 2);
  copy.set(array);
  return copy;
}
