import { grown } from "../engine/state-table.js";
import type { Frontier } from "./frontier-search.js";

/**
 * Depth-first within a bound that grows by one as soon as nothing is left within it (Korf, "Depth-first iterative-deepening",
 * 1985), so that the first violation is one of the shortest. A round goes again through the states that are known, each
 * once, at its least depth, since the round before has found all of lesser depth; it ends complete when it cut nothing.
 */
export function iterativeDeepening(): Frontier {
  return new Deepening();
}

class Deepening implements Frontier {
  private readonly stack: number[] = [];
  /** For each state the round in which it was met last; a round has the number of its bound. */
  private rounds: Uint32Array = new Uint32Array(1024);
  private bound = 1;
  /** Whether some state has not been expanded because it lies at the bound. */
  private hasCut = false;
  private isOver = false;

  get size(): number {
    return this.stack.length;
  }

  get depthComplete(): number {
    return this.isOver ? this.bound : this.bound - 1;
  }

  add(state: number, depth: number): void {
    while (state >= this.rounds.length) this.rounds = grown(this.rounds);
    this.rounds[state] = this.bound;
    if (depth < this.bound) this.stack.push(state);
    else this.hasCut = true;
  }

  meet(state: number, depth: number): void {
    if (this.rounds[state] !== this.bound) this.add(state, depth);
  }

  take(): number | undefined {
    const state = this.stack.pop();
    this.isOver = state === undefined && !this.hasCut;
    if (state !== undefined || this.isOver) return state;
    this.bound += 1;
    this.hasCut = false;
    this.rounds[0] = this.bound;
    return 0;
  }
}
