import type { Field } from "./layout.js";
import type { Words } from "./state-table.js";

/** Copies fields from where one layout has them to where another has them; those that go the same way, all at once. */
export class Move {
  private readonly fromWords: number[] = [];
  private readonly toWords: number[] = [];
  private readonly masks: number[] = [];
  /** By how many bits they are rotated to the left. */
  private readonly rotations: number[] = [];

  add(from: Field, to: Field): void {
    if (from.bits === 0) return;
    const rotation = (to.shift - from.shift) & 31;
    const mask = from.bits === 32 ? -1 : ((1 << from.bits) - 1) << from.shift;
    const known = this.masks.findIndex(
      (_, i) => this.fromWords[i] === from.word && this.toWords[i] === to.word && this.rotations[i] === rotation,
    );
    if (known >= 0) {
      this.masks[known] = (this.masks[known] as number) | mask;
      return;
    }
    this.fromWords.push(from.word);
    this.toWords.push(to.word);
    this.masks.push(mask);
    this.rotations.push(rotation);
  }

  /** Copies one state's fields; what is copied to must be zero. */
  copy(from: Words, base: number, to: Words, at: number): void {
    const { fromWords, toWords, masks, rotations } = this;
    for (let i = 0; i < masks.length; i += 1) {
      const word = at + (toWords[i] as number);
      const rotation = rotations[i] as number;
      const bits = (from[base + (fromWords[i] as number)] as number) & (masks[i] as number);
      to[word] = (to[word] as number) | (bits << rotation) | (bits >>> (32 - rotation));
    }
  }
}
