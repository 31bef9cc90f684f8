/** The words of one or more states, `width` each. */
export type Words = Uint32Array;

/**
 * A set of tuples of words, compared exactly: an arena in order of discovery, which doubles as the breadth-first queue, and
 * an open-addressing table (linear probing, load at most 5/8) of pairs: a position in the arena plus 1, and a hash.
 */
export class StateTable {
  /** Tuple `i` is at `i * width`. */
  arena: Words;
  size = 0;
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

  /** The position of the tuple at `tuples[at]`, which is added if it is new: then it is the `size` before the call. */
  insert(tuples: Words, at = 0): number {
    return this.insertHashed(tuples, at, this.hash(tuples, at));
  }

  /**
   * Touches what inserting these tuples will read, so that the waits for memory overlap, and gives their hashes.
   *
   * The insertions that follow one by one find it all in the cache.
   */
  prepare(tuples: Words, count: number, hashes: Uint32Array): void {
    const { width, slots, mask, arena } = this;
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

  /** Only keeps the reads of `prepare` from being optimised away. */
  protected touched = 0;

  /** Adds a tuple that is known not to be there. */
  addDistinct(tuple: Words): void {
    const { slots, mask } = this;
    const hash = this.hash(tuple, 0);
    let slot = 2 * (hash & mask);
    while (slots[slot] !== 0) slot = (slot + 2) & (2 * mask + 1);
    slots[slot] = this.size + 1;
    slots[slot + 1] = hash;
    this.append(tuple, 0);
  }

  insertHashed(tuples: Words, at: number, hash: number): number {
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
    this.size += 1;
    if (this.size * 16 > this.slots.length * 5) this.rehash();
    return position;
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

/** A copy of twice the length. */
export function grown(array: Uint32Array): Uint32Array {
  const copy = new Uint32Array(array.length * 2);
  copy.set(array);
  return copy;
}
