import { NodeFailure } from "../../../sim/node-failure.js";
import type { EngineTables } from "../engine/engine-tables.js";
import { outgrown } from "../engine/packing.js";
import type { Control } from "./control.js";
import { makeWhatIsTold } from "./make-what-is-told.js";
import { behind, type SharedLog } from "./shared-log.js";

/**
 * Makes rows, ids and whatever else the intern log tells of in one thread's tables, in the order in which they are in the log, so that
 * ids agree in all threads.
 */
export class Making {
  /** Whether an id has outgrown its field. */
  hasOutgrown = false;

  /** @param make makes all successors of a state; what is missing is found out by that. */
  constructor(
    private readonly tables: EngineTables,
    private readonly control: Control,
    private readonly log: SharedLog,
    private readonly make: (state: number) => boolean,
  ) {}

  /** After the states have been packed anew. */
  relayout(): void {
    this.hasOutgrown = false;
  }

  /**
   * Makes the successors of a state, with all that is missing for it; false when that cannot be done here. Those that have been made,
   * and are made again, do no harm: they come before the others.
   */
  attempt(state: number): boolean {
    for (;;) {
      try {
        return this.make(state);
      } catch (error) {
        if (error !== behind) return this.isObstacle(error);
      }
      const found = this.lookForMissing();
      if (found === "nothing") return false;
      if (found === "turn") return this.makeInTurn(state);
    }
  }

  /** Makes what the intern log tells of; false when there is no room. */
  catchUp(): boolean {
    const { log } = this;
    if (log.replayed === log.length) return true;
    const { isHeld } = log;
    log.isHeld = true;
    try {
      makeWhatIsTold(log, this.tables);
      return true;
    } catch (error) {
      return this.isObstacle(error);
    } finally {
      log.isHeld = isHeld;
    }
  }

  /** What is missing may have been made by others, or be made while one waits for one's turn to make it. */
  private lookForMissing(): "news" | "turn" | "nothing" {
    const { log, control } = this;
    const { replayed } = log;
    if (!this.catchUp()) return "nothing";
    if (log.replayed > replayed) return "news";
    if (control.lock(() => log.length > replayed)) return "turn";
    return log.length > replayed ? "news" : "nothing";
  }

  /** With the intern log locked. */
  private makeInTurn(state: number): boolean {
    this.log.isHeld = true;
    try {
      makeWhatIsTold(this.log, this.tables);
      return this.make(state);
    } catch (error) {
      return this.isObstacle(error);
    } finally {
      this.log.isHeld = false;
      this.control.unlock();
    }
  }

  /** @throws what is no obstacle, but a bug. */
  private isObstacle(error: unknown): false {
    if (error === outgrown) this.hasOutgrown = true;
    else if (!(error instanceof NodeFailure)) throw error;
    return false;
  }
}
