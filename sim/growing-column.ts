/** A column of 32-bit integers that doubles as it fills. */
export class GrowingColumn {
  private values = new Int32Array(64);
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    if (this.count === this.values.length) {
      const doubled = new Int32Array(this.values.length * 2);
      doubled.set(this.values);
      this.values = doubled;
    }
    this.values[this.count] = value;
    this.count += 1;
  }

  get(index: number): number {
    return this.values[index] as number;
  }
}
