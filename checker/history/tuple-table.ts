/**
 * Numbers tuples of 32-bit integers of one length: equal tuples get equal numbers, and comparison is exact.
 *
 * Open addressing over one typed array; the hash only says where to look first.
 */
export class TupleTable {
  #tuples: Int32Array;
  #slots: Int32Array;
  #size = 0;

  constructor(readonly width: number) {
    // Most tables of short histories stay this small, and there are many of them.
    this.#tuples = new Int32Array(width * 4);
    this.#slots = new Int32Array(16).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the tuple that stands at `offset` in `source`, and a new one if it was not met before. */
  add(source: Int32Array, offset = 0): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(source, offset) & mask;
    for (;;) {
      const id = this.#slots[slot] ?? -1;
      if (id < 0) break;
      if (this.#equals(id, source, offset)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.#append(source, offset);
    this.#slots[slot] = id;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return id;
  }

  /** The field of a numbered tuple. */
  at(id: number, field: number): number {
    return this.#tuples[id * this.width + field] ?? 0;
  }

  #append(source: Int32Array, offset: number): number {
    const id = this.#size;
    this.#size += 1;
    const start = id * this.width;
    if (start + this.width > this.#tuples.length) {
      const larger = new Int32Array(this.#tuples.length * 2);
      larger.set(this.#tuples);
      this.#tuples = larger;
    }
    for (let i = 0; i < this.width; i += 1) this.#tuples[start + i] = source[offset + i] ?? 0;
    return id;
  }

  #equals(id: number, source: Int32Array, offset: number): boolean {
    const start = id * this.width;
    for (let i = 0; i < this.width; i += 1) if (this.#tuples[start + i] !== source[offset + i]) return false;
    return true;
  }

  #hash(source: Int32Array, offset: number): number {
    let hash = 0x9e3779b9 | 0;
    for (let i = 0; i < this.width; i += 1) {
      hash = Math.imul(hash ^ (source[offset + i] ?? 0), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #grow(): void {
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1).fill(-1);
    for (let id = 0; id < this.#size; id += 1) {
      let slot = this.#hash(this.#tuples, id * this.width) & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}
