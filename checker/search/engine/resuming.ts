import { blindObserver } from "../../../sim/carrier.js";
import { initialWorld } from "../../../sim/initial.js";
import type { System } from "../../../sim/system.js";
import { UnusableCheckpoint } from "../checkpoint/unusable-checkpoint.js";
import type { Components } from "./components.js";
import { InternsDiverged, observed } from "./intern-log.js";
import { type Makers, replayInterns } from "./replay-interns.js";
import type { Snapshot } from "./snapshot.js";
import type { Visited } from "./visited.js";

/** How many states are put into the table at once. */
const batchMax = 512;

/**
 * Fills the tables of a search from a snapshot, some of it at a time: the ids by doing again what the log tells of, then the
 * states.
 */
export class Resuming {
  private readonly fresh = new Uint32Array(batchMax);

  /** The tables are those of a search that has not begun, packed as the snapshot is. */
  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly makers: Makers,
    private readonly visited: Visited,
    readonly snapshot: Snapshot,
  ) {
    components.idsOf(initialWorld(system, blindObserver(system)));
    components.log.follow(snapshot.log);
  }

  /**
   * Does so much of the work; true once it is done.
   *
   * @throws UnusableCheckpoint when node code does something else than it did, or the states are not those of a search.
   */
  advance(amount: number): boolean {
    const { log } = this.components;
    if (log.replayed < log.length) this.replay(amount);
    else
      for (let done = 0; done < amount && this.visited.size < this.snapshot.point.size; done += batchMax) this.insert();
    return log.replayed === log.length && this.visited.size === this.snapshot.point.size;
  }

  private replay(amount: number): void {
    try {
      replayInterns(this.components.log, this.makers, amount);
    } catch (error) {
      if (!(error instanceof InternsDiverged)) throw error;
      throw new UnusableCheckpoint(`${this.culprit(error)} other results than when it was made; the code has changed`);
    }
  }

  private culprit({ made: { kind, owner } }: InternsDiverged): string {
    if (kind === observed) return `the monitor "${this.system.monitors[owner]?.name}" gives`;
    return `the code of ${this.system.participants[owner]} gives`;
  }

  private insert(): void {
    const { states, parents, point } = this.snapshot;
    const { width } = this.visited.table;
    const from = this.visited.size;
    const to = Math.min(point.size, from + batchMax);
    const tuples = states.subarray(from * width, to * width);
    const found = this.visited.discover(tuples, to - from, parents.subarray(from, to), this.fresh);
    if (found < to - from) throw new UnusableCheckpoint("it holds a state twice");
  }
}
