import { adopt, Control, expand } from "../../checker/search/parallel/control.js";
import type { Crew } from "../../checker/search/parallel/crew.js";
import { Helper } from "../../checker/search/parallel/helper.js";
import { reserveMemory, type SharedMemory } from "../../checker/search/parallel/shared-memory.js";
import type { System } from "../../sim/system.js";

/** Helpers of a search that take their turns in this thread, a chunk at a time, in an order that is drawn. */
export class InlineCrew implements Crew {
  readonly memory: SharedMemory;
  readonly statesMin = 2;
  private readonly helpers: readonly Helper[];
  private readonly control: Control;
  private draws = 0;
  private tasks = 0;
  /** How many chunks the helpers have expanded. */
  chunks = 0;

  /** @param drawn whose turn it is, over and over again; the threads that search have the numbers from 0. */
  constructor(
    system: System,
    threads: number,
    private readonly drawn: readonly number[],
    inboxBits?: number,
  ) {
    this.memory = reserveMemory(threads, 2 ** 22);
    this.control = new Control(this.memory.control);
    this.helpers = Array.from({ length: threads - 1 }, (_, i) => new Helper(system, this.memory, i + 1, inboxBits));
  }

  wake(): void {
    const task = this.control.next();
    if (task === expand) this.expand();
    // What is given out to whoever is free may fall to the one that leads alone.
    else for (const helper of this.helpers) if (task === adopt || this.isFree()) helper.do(task);
    for (let i = 0; i < this.helpers.length; i += 1) this.control.finish();
  }

  check(): void {}

  private isFree(): boolean {
    this.tasks += 1;
    return this.drawn[this.tasks % this.drawn.length] !== 0;
  }

  /** Chunks that nobody has taken are left to the one that leads. */
  private expand(): void {
    for (const { share } of this.helpers) share.begin();
    for (let turns = this.drawn.length; turns > 0; turns -= 1) {
      const turn = this.drawn[this.draws % this.drawn.length] as number;
      this.draws += 1;
      if (turn === 0) return;
      this.chunks += this.helpers[turn % this.helpers.length]?.share.expand(1) ?? 0;
    }
  }
}
