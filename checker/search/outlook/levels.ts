/** Where a search stood when it came to a new depth. */
export interface Level {
  /** The initial state having 1. */
  readonly depth: number;
  /** The number of the first state of this depth: so many had been found before. */
  readonly first: number;
  /** How many values each component had by then. */
  readonly values: readonly number[];
}

/** Keeps where a breadth-first search stood at each depth; of very deep ones at every second, every fourth, … */
export class Levels {
  private every = 1;
  private kept: Level[];

  constructor(kept: readonly Level[] = []) {
    this.kept = [...kept];
    const [first, second] = kept;
    if (first !== undefined && second !== undefined) this.every = second.depth - first.depth;
  }

  get all(): readonly Level[] {
    return this.kept;
  }

  /** @param values gives how many values each component has. */
  note(depth: number, first: number, values: () => readonly number[]): void {
    if (depth % this.every !== 0) return;
    this.kept.push({ depth, first, values: values() });
    if (this.kept.length < keptMax) return;
    this.every *= 2;
    this.kept = this.kept.filter((level) => level.depth % this.every === 0);
  }
}

const keptMax = 512;
