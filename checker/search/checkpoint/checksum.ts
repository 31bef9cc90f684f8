/** A 64-bit checksum of words that come in pieces; it tells damage, not malice. */
export class Checksum {
  private low = 0x2545f491;
  private high = 0x9e3779b9;

  add(words: Uint32Array): void {
    let { low, high } = this;
    for (let i = 0; i < words.length; i += 1) {
      low = Math.imul(low ^ (words[i] as number), 0x85ebca6b);
      low ^= low >>> 15;
      high = (Math.imul(high, 31) + low) | 0;
    }
    this.low = low;
    this.high = high;
  }

  /** Two words. */
  get words(): Uint32Array {
    return Uint32Array.of(this.low, this.high);
  }
}
