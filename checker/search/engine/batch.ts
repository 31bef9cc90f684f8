import type { Words } from "./state-table.js";

/** How many successors wait until they are looked up together. */
const capacity = 512;

/** Successors that were made and not yet looked up, in order, with what is needed to go back to each. */
export class Batch {
  readonly tuples: Words;
  /** The state that each comes from, and the entry that leads there. */
  readonly parents = new Uint32Array(capacity);
  readonly entries = new Uint32Array(capacity);
  /** Who is asleep in each (see `Asleep`). */
  readonly asleep = new Uint32Array(capacity);
  /** How many transitions had been taken before those of the state that each comes from. */
  readonly transitions = new Float64Array(capacity);
  /** Which of them are new, once they have been looked up. */
  readonly fresh = new Uint32Array(capacity);
  count = 0;
  /** The state whose successors are made now, who is asleep in it, and how many transitions were taken before its own. */
  state = 0;
  asleepBefore = 0;
  transitionsBefore = 0;

  constructor(width: number) {
    this.tuples = new Uint32Array(capacity * width);
  }

  /** Successors of this state come next. */
  begin(state: number, asleep: number, transitions = 0): void {
    this.state = state;
    this.asleepBefore = asleep;
    this.transitionsBefore = transitions;
  }

  get room(): number {
    return capacity - this.count;
  }

  get isFull(): boolean {
    return this.count === capacity;
  }
}
