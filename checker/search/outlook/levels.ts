/** Where a search stood when it came to a new depth. */
export interface Level {
  /** The initial state having 1. */
  readonly depth: number;
  /** The number of the first state of this depth: so many had been found before. */
  readonly first: number;
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

  note(depth: number, first: number): void {
    if (depth % this.every !== 0) return;
    this.kept.push({ depth, first });
    if (this.kept.length < keptMax) return;
    this.every *= 2;
    this.kept = this.kept.filter((level) => level.depth % this.every === 0);
  }
}

const keptMax = 512;
