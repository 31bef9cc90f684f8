/** Sets of small numbers as rows of bits. */
export class BitSet {
  readonly #words: Int32Array;

  constructor(readonly capacity: number) {
    this.#words = new Int32Array((capacity + 31) >>> 5);
  }

  has(member: number): boolean {
    return (((this.#words[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1;
  }

  add(member: number): void {
    this.#words[member >>> 5] = (this.#words[member >>> 5] ?? 0) | (1 << (member & 31));
  }

  /** Adds all of another; true if that changed anything. */
  addAll(other: BitSet): boolean {
    let changed = 0;
    for (let i = 0; i < this.#words.length; i += 1) {
      const before = this.#words[i] ?? 0;
      const after = before | (other.#words[i] ?? 0);
      changed |= before ^ after;
      this.#words[i] = after;
    }
    return changed !== 0;
  }

  /** Its members, the smallest first. */
  *members(): Generator<number> {
    for (let i = 0; i < this.#words.length; i += 1) {
      for (let word = this.#words[i] ?? 0; word !== 0; word &= word - 1) {
        yield (i << 5) + (31 - Math.clz32(word & -word));
      }
    }
  }
}
