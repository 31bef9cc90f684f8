import type { Coverage } from "../../verdict.js";
import { type Level, Levels } from "../outlook/levels.js";
import type { Progress } from "../search.js";
import type { EngineTables } from "./engine-tables.js";
import type { Point, Snapshot } from "./snapshot.js";

/** How far a breadth-first search has come through the states in order of discovery. */
export class BreadthFirst {
  depth: number;
  transitions: number;
  /** The first state of the next depth. */
  nextDepthAt: number;
  /** The next state to be expanded. */
  private head: number;
  private readonly kept: Levels;

  /** @param from where another search stood that this one goes on with. */
  constructor(
    private readonly tables: EngineTables,
    from?: Snapshot,
  ) {
    const start: Omit<Point, "size"> = { head: 0, nextDepthAt: 1, depth: 1, transitions: 0 };
    const { head, nextDepthAt, depth, transitions } = from?.point ?? start;
    [this.head, this.nextDepthAt, this.depth, this.transitions] = [head, nextDepthAt, depth, transitions];
    this.kept = new Levels(from?.levels);
  }

  /** Whether all states of this depth, as far as they have been looked up, are expanded. */
  get isAtEndOfLevel(): boolean {
    return this.head === this.nextDepthAt || this.isAtEnd;
  }

  /** Whether all states that have been looked up are expanded. */
  get isAtEnd(): boolean {
    return this.head === this.tables.visited.size;
  }

  /** Goes on with the next depth, all states of which have been looked up, if the next state is of that depth. */
  beginLevel(): void {
    if (this.head !== this.nextDepthAt) return;
    this.nextDepthAt = this.tables.visited.size;
    this.depth += 1;
    this.kept.note(this.depth, this.head);
  }

  /** The first of the deepest states that have been found; 0 while there are none. */
  get levelAt(): number {
    const { size } = this.tables.visited;
    return this.nextDepthAt < size ? this.nextDepthAt : Math.max(0, Math.min(this.head, size - 1));
  }

  /** The state to expand next. */
  take(): number {
    const state = this.head;
    this.head += 1;
    return state;
  }

  /** The state that was taken is to be expanded once more. */
  putBack(): void {
    this.head -= 1;
  }

  /** The next state to be expanded. */
  get next(): number {
    return this.head;
  }

  /** Goes past so many states of this depth, which have been expanded. */
  skip(states: number, transitions: number): void {
    this.head += states;
    this.transitions += transitions;
  }

  /** Where it stands between two states. */
  get point(): Point {
    const { head, nextDepthAt, depth, transitions } = this;
    return { size: this.tables.visited.size, head, nextDepthAt, depth, transitions };
  }

  get levels(): readonly Level[] {
    return this.kept.all;
  }

  progress(phase: Progress["phase"]): Progress {
    const { transitions, depth } = this;
    const { size: states } = this.tables.visited;
    return { kind: "progress", phase, states, transitions, depth, frontier: states - this.head };
  }

  coverage(complete: boolean): Coverage {
    const { memo, handlers, visited } = this.tables;
    return {
      states: visited.size,
      transitions: this.transitions,
      depth: visited.size > this.nextDepthAt ? this.depth + 1 : this.depth,
      complete,
      neverReached: memo.neverReached(),
      ...handlers.coverage(),
      vacuous: [],
      satisfied: {},
    };
  }
}
