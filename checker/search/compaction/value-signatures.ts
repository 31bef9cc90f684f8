/** The signatures of inboxes that are interned values, as if they were counts of their messages still: by id, two words each. */
export class ValueSignatures {
  words = new Int32Array(64);
  private known = 0;

  /** @param drawnFor the signatures of the bits of the count of a message */
  constructor(
    private readonly messagesOf: (id: number) => readonly number[],
    private readonly drawnFor: (message: number) => Int32Array,
  ) {}

  /** Where the signature of an id is among the words. */
  at(id: number): number {
    for (; this.known <= id; this.known += 1) this.learn(this.known);
    return 2 * id;
  }

  private learn(id: number): void {
    if (2 * id === this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
    }
    const counts = new Map<number, number>();
    for (const message of this.messagesOf(id)) counts.set(message, (counts.get(message) ?? 0) + 1);
    for (const [message, count] of counts) {
      const drawn = this.drawnFor(message);
      for (let bit = 0; count >>> bit > 0; bit += 1) {
        if (((count >>> bit) & 1) === 0) continue;
        this.words[2 * id] = (this.words[2 * id] as number) ^ (drawn[2 * bit] as number);
        this.words[2 * id + 1] = (this.words[2 * id + 1] as number) ^ (drawn[2 * bit + 1] as number);
      }
    }
  }
}
