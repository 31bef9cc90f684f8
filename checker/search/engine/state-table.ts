/** States are kept as tuples of this many 32-bit words at most. */
export type Words = Uint32Array;

const emptySlot = 0;

/**
 * A set of tuples of words, compared exactly: an arena in order of discovery, which doubles as the breadth-first queue, and
 * an open-addressing table (linear probing, load at most 5/8) of positions in it, each beside a tag of its hash.
 */
export class StateTable {
  /** Tuple `i` is at `i * width`. */
  arena: Words;
  size = 0;
  private slots: Uint32Array;
  private tags: Uint32Array;
  private mask: number;

  constructor(
    readonly width: number,
    capacity = 1024,
  ) {
    this.arena = new Uint32Array(capacity * width);
    this.slots = new Uint32Array(capacity * 2);
    this.tags = new Uint32Array(capacity * 2);
    this.mask = capacity * 2 - 1;
  }

  /** The position of a tuple, which is added if it is new: then it is the `size` before the call. */
  insert(tuple: Words): number {
    const { width, mask, slots, tags } = this;
    let hash = 0;
    for (let word = 0; word < width; word += 1)
      hash = Math.imul(hash ^ (tuple[word] as number), 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash = (hash ^ (hash >>> 13)) >>> 0;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const found = slots[at] as number;
      if (found === emptySlot) {
        slots[at] = this.size + 1;
        tags[at] = hash;
        return this.append(tuple);
      }
      if (tags[at] === hash && this.isAt(found - 1, tuple)) return found - 1;
    }
  }

  private isAt(position: number, tuple: Words): boolean {
    const { width, arena } = this;
    const start = position * width;
    for (let word = 0; word < width; word += 1) {
      if (arena[start + word] !== tuple[word]) return false;
    }
    return true;
  }

  private append(tuple: Words): number {
    const { width } = this;
    const position = this.size;
    const start = position * width;
    if (start + width > this.arena.length) this.arena = grown(this.arena);
    for (let word = 0; word < width; word += 1) this.arena[start + word] = tuple[word] as number;
    this.size += 1;
    if (this.size * 8 > this.slots.length * 5) this.rehash();
    return position;
  }

  /** Doubles the table; the tags are the hashes, so that the arena is not read. */
  private rehash(): void {
    const [slots, tags] = [this.slots, this.tags];
    this.slots = new Uint32Array(slots.length * 2);
    this.tags = new Uint32Array(tags.length * 2);
    this.mask = this.slots.length - 1;
    for (let i = 0; i < slots.length; i += 1) {
      if (slots[i] === emptySlot) continue;
      const hash = tags[i] as number;
      let at = hash & this.mask;
      while (this.slots[at] !== emptySlot) at = (at + 1) & this.mask;
      this.slots[at] = slots[i] as number;
      this.tags[at] = hash;
    }
  }
}

/** A copy of twice the length. */
export function grown(array: Uint32Array): Uint32Array {
  const copy = new Uint32Array(array.length * 2);
  copy.set(array);
  return copy;
}
