import { blindObserver } from "../../../sim/carrier.js";
import { initialWorld } from "../../../sim/initial.js";
import { UnusableCheckpoint } from "../checkpoint/unusable-checkpoint.js";
import type { EngineTables } from "./engine-tables.js";
import { InternsDiverged } from "./intern-log.js";
import { culpritOf, replayInterns } from "./replay-interns.js";
import type { Snapshot } from "./snapshot.js";

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
    private readonly tables: EngineTables,
    readonly snapshot: Snapshot,
  ) {
    const { system, components } = tables;
    components.idsOf(initialWorld(system, blindObserver(system)));
    components.log.follow(snapshot.log);
  }

  /**
   * Does so much of the work; true once it is done.
   *
   * @throws UnusableCheckpoint when node code does something else than it did, or the states are not those of a search.
   */
  advance(amount: number): boolean {
    const { visited, components } = this.tables;
    const { log } = components;
    const { size } = this.snapshot.point;
    if (log.replayed < log.length) this.replay(amount);
    else for (let done = 0; done < amount && visited.size < size; done += batchMax) this.insert();
    return log.replayed === log.length && visited.size === size;
  }

  private replay(amount: number): void {
    try {
      replayInterns(this.tables.components.log, this.tables, amount);
    } catch (error) {
      if (!(error instanceof InternsDiverged)) throw error;
      throw new UnusableCheckpoint(
        `${culpritOf(this.tables.system, error.made)} other results than when it was made; the code has changed`,
      );
    }
  }

  private insert(): void {
    const { states, parents, point } = this.snapshot;
    const { visited } = this.tables;
    const { width } = visited.table;
    const from = visited.size;
    const to = Math.min(point.size, from + batchMax);
    const tuples = states.subarray(from * width, to * width);
    const found = visited.discover(tuples, to - from, parents.subarray(from, to), this.fresh);
    if (found < to - from) throw new UnusableCheckpoint("it holds a state twice");
  }
}
