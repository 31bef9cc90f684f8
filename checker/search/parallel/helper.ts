import { blindObserver } from "../../../sim/carrier.js";
import { initialWorld } from "../../../sim/initial.js";
import type { System } from "../../../sim/system.js";
import { inboxBitsMax } from "../engine/counted-inbox.js";
import { EngineTables } from "../engine/engine-tables.js";
import { outgrown } from "../engine/packing.js";
import { adopt, Control, expand, grow, place, settle, type Task } from "./control.js";
import { Letter } from "./letter.js";
import { makeWhatIsTold } from "./make-what-is-told.js";
import { Share } from "./share.js";
import { SharedLog } from "./shared-log.js";
import type { SharedMemory } from "./shared-memory.js";
import { tableOf } from "./shared-states.js";
import type { SharedTable } from "./shared-table.js";

/** What a thread does that helps a search: its tables tell the same as those of the one that leads, by the same ids. */
export class Helper {
  readonly share: Share;
  private readonly control: Control;
  private readonly log: SharedLog;
  private readonly tables: EngineTables;
  private readonly letter: Letter;
  private table: SharedTable | undefined;

  /**
   * @param thread its number, from 1.
   * @param inboxBits as the one that leads has it.
   */
  constructor(
    system: System,
    private readonly memory: SharedMemory,
    thread: number,
    inboxBits = inboxBitsMax,
  ) {
    this.control = new Control(memory.control);
    this.log = new SharedLog(memory.log);
    this.letter = new Letter(memory.letter);
    this.tables = new EngineTables(system, inboxBits, { log: this.log });
    this.share = new Share(thread, this.tables, memory, this.control, this.log);
  }

  /** Does one task after the other, and never ends. The traps for node code are to be installed. */
  serve(): never {
    for (;;) {
      this.do(this.control.next());
      this.control.finish();
    }
  }

  do(task: Task): void {
    const { share } = this;
    switch (task) {
      case adopt:
        return this.adopt();
      case expand:
        share.begin();
        share.expand();
        return;
      case grow:
        return share.grow();
      case settle:
        return share.settle();
      case place:
        return share.place();
    }
  }

  /** Takes over how states are packed, and makes all that the intern log tells of. */
  private adopt(): void {
    const { packing, rows, memo, system, components } = this.tables;
    const { layout, memo: known } = this.letter.read();
    if (this.table === undefined) components.idsOf(initialWorld(system, blindObserver(system)));
    packing.adopt(layout);
    this.catchUp();
    // Now that all messages are known, their fields are put in order.
    packing.adopt(layout);
    rows.relayout();
    memo.reset(known);
    this.table = tableOf(layout.width, this.memory, this.control, () => false);
    this.share.relayout(this.table);
  }

  private catchUp(): void {
    this.log.isHeld = true;
    while (this.log.replayed < this.log.length) {
      try {
        makeWhatIsTold(this.log, this.tables);
      } catch (error) {
        // What was made is written anew afterwards.
        if (error !== outgrown) throw error;
      }
    }
    this.log.isHeld = false;
  }
}
