import { cellsPerEntry, InternLog } from "../engine/intern-log.js";
import { UnusableSearch } from "../unusable-search.js";

/** Thrown when something is to be made that others may have made already: the log is to be locked and made again first. */
export const behind = Symbol("the intern log is not held");

/** An intern log that several threads append to, one at a time. */
export class SharedLog extends InternLog {
  /** Whether this thread may make what the log does not tell of, having made all that it tells of. */
  isHeld = false;

  constructor(memory: SharedArrayBuffer) {
    super(new Int32Array(memory));
  }

  /** A copy of what has been made here. */
  override get written(): Int32Array {
    const copy = this.cells.slice(0, 1 + this.replayed * cellsPerEntry);
    copy[0] = this.replayed;
    return copy;
  }

  override follow(written: Int32Array): void {
    if (written.length > this.cells.length) this.refuse();
    this.cells.set(written);
    this.replayed = 0;
  }

  override begin(): void {
    if (!this.isHeld) throw behind;
    if (1 + (this.replayed + 1) * cellsPerEntry > this.cells.length) this.refuse();
  }

  private refuse(): never {
    throw new UnusableSearch("The scenario has too many values for threads to share. Search without --workers.");
  }
}
