import { hashOf } from "./key-table.js";

/** Stands for a pair that is not in the table. */
export const absent = -1;

/** Up to so many cells, a table is an array of rows and columns. */
const densestCells = 1 << 20;

/**
 * A map from pairs of small whole numbers to whole numbers: an array of rows and columns while that is small enough, and
 * open addressing over typed arrays beyond.
 */
export class PairTable {
  private rows = 4;
  private columns = 4;
  private dense: Int32Array | undefined = new Int32Array(16).fill(absent);
  private keys = new Int32Array(0);
  private seconds = new Int32Array(0);
  private values = new Int32Array(0);
  private mask = 0;
  private size = 0;

  get(first: number, second: number): number {
    const { dense } = this;
    if (dense === undefined) return this.find(first, second);
    return first < this.rows && second < this.columns ? (dense[first * this.columns + second] as number) : absent;
  }

  set(first: number, second: number, value: number): void {
    if (this.dense !== undefined) this.widen(first, second);
    if (this.dense !== undefined) this.dense[first * this.columns + second] = value;
    else this.hash(first, second, value);
  }

  /** Puts a pair in that has no value; false if it is there already. */
  add(first: number, second: number): boolean {
    if (this.get(first, second) !== absent) return false;
    this.set(first, second, 1);
    return true;
  }

  private find(first: number, second: number): number {
    const { keys, seconds, mask } = this;
    for (let at = hashOf(first, second) & mask; ; at = (at + 1) & mask) {
      const key = keys[at];
      if (key === absent) return absent;
      if (key === first && seconds[at] === second) return this.values[at] as number;
    }
  }

  private hash(first: number, second: number, value: number): void {
    if (this.size * 2 >= this.keys.length) this.grow();
    this.size += 1;
    const { keys, seconds, values, mask } = this;
    let at = hashOf(first, second) & mask;
    while (keys[at] !== absent) at = (at + 1) & mask;
    keys[at] = first;
    seconds[at] = second;
    values[at] = value;
  }

  /** Makes the array large enough for a pair, or gives it up for open addressing. */
  private widen(first: number, second: number): void {
    if (first < this.rows && second < this.columns) return;
    const before = this.dense as Int32Array;
    const { rows, columns } = this;
    while (this.rows <= first) this.rows *= 2;
    while (this.columns <= second) this.columns *= 2;
    const isDense = this.rows * this.columns <= densestCells;
    this.dense = isDense ? new Int32Array(this.rows * this.columns).fill(absent) : undefined;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const value = before[row * columns + column] as number;
        if (value !== absent) this.set(row, column, value);
      }
    }
  }

  private grow(): void {
    const { keys, seconds, values } = this;
    const length = Math.max(64, keys.length * 2);
    this.keys = new Int32Array(length).fill(absent);
    this.seconds = new Int32Array(length);
    this.values = new Int32Array(length);
    this.mask = length - 1;
    this.size = 0;
    keys.forEach((key, i) => {
      if (key !== absent) this.hash(key, seconds[i] as number, values[i] as number);
    });
  }
}
