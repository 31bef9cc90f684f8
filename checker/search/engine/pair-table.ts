/** Stands for a pair that is not in the table. */
export const absent = -1;

/** A map from pairs of small whole numbers to whole numbers: open addressing over typed arrays. */
export class PairTable {
  private keys = new Int32Array(64).fill(absent);
  private seconds = new Int32Array(64);
  private values = new Int32Array(64);
  private mask = 63;
  private size = 0;

  get(first: number, second: number): number {
    const { keys, seconds, mask } = this;
    for (let at = place(first, second) & mask; ; at = (at + 1) & mask) {
      const key = keys[at];
      if (key === absent) return absent;
      if (key === first && seconds[at] === second) return this.values[at] as number;
    }
  }

  set(first: number, second: number, value: number): void {
    if (this.size * 2 >= this.keys.length) this.grow();
    this.size += 1;
    const { keys, seconds, values, mask } = this;
    let at = place(first, second) & mask;
    while (keys[at] !== absent) at = (at + 1) & mask;
    keys[at] = first;
    seconds[at] = second;
    values[at] = value;
  }

  private grow(): void {
    const { keys, seconds, values } = this;
    const length = keys.length * 2;
    this.keys = new Int32Array(length).fill(absent);
    this.seconds = new Int32Array(length);
    this.values = new Int32Array(length);
    this.mask = length - 1;
    this.size = 0;
    keys.forEach((key, i) => {
      if (key !== absent) this.set(key, seconds[i] as number, values[i] as number);
    });
  }
}

function place(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
