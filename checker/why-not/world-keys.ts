import { encodeComponents, type World } from "../../sim/world.js";

/** Short texts that are equal for equal worlds, and for no others: each component's text is numbered once. */
export class WorldKeys {
  private readonly numbers = new Map<string, number>();
  private readonly known = new WeakMap<World, string>();

  /** The world must not be changed afterwards. */
  of(world: World): string {
    let key = this.known.get(world);
    if (key === undefined) {
      key = "";
      for (const text of encodeComponents(world)) key += this.numberOf(text);
      this.known.set(world, key);
    }
    return key;
  }

  /** The number of any text, as two code units. */
  numberOf(text: string): string {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(text, number);
    }
    return String.fromCharCode(number & 0xffff, number >>> 16);
  }
}
