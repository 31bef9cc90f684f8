import { random } from "../../../bench/generator.js";

/** A seeded generator for tests: the same draws on every machine. */
export class Draw {
  readonly below: (bound: number) => number;

  constructor(seed: number) {
    this.below = random(seed);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  list<T>(length: number, item: () => T): T[] {
    return Array.from({ length }, item);
  }
}
