type Column = Int32Array | Float64Array;

/** A column of numbers that doubles as it fills: of 32-bit integers, unless it is given another kind of array. */
export class GrowingColumn {
  private values: Column;
  private count = 0;

  constructor(private readonly kind: new (length: number) => Column = Int32Array) {
    this.values = new kind(64);
  }

  get length(): number {
    return this.count;
  }

  push(value: number): void {
    if (this.count === this.values.length) {
      const doubled = new this.kind(this.values.length * 2);
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
