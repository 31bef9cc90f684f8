import { Asleep } from "../engine/asleep.js";
import type { Keeping } from "../engine/engine-tables.js";
import { keyWidth } from "../engine/key-table.js";
import { boundless, type BytesLeft } from "../engine/room.js";
import { Control } from "./control.js";
import { SharedKeyTable } from "./shared-key-table.js";
import { SharedLog } from "./shared-log.js";
import type { SharedMemory } from "./shared-memory.js";
import { SharedStateTable } from "./shared-state-table.js";
import { firstSlots, type SharedTable } from "./shared-table.js";

/** The states of a search and the order of its ids, in shared memory, for the tables of the one that leads. */
export class SharedStates implements Keeping {
  readonly control: Control;
  readonly log: SharedLog;
  readonly parents: Uint32Array;
  readonly asleep: Asleep;
  /** Makes the table twice as large, with the help of the others. */
  growTogether: (() => void) | undefined;
  private table: SharedTable | undefined;

  constructor(
    readonly memory: SharedMemory,
    private readonly bytesLeft: BytesLeft = boundless,
  ) {
    this.control = new Control(memory.control);
    this.control.slots = firstSlots;
    this.log = new SharedLog(memory.log);
    this.log.isHeld = true;
    this.parents = new Uint32Array(memory.parents);
    this.asleep = new Asleep(new Uint32Array(memory.asleep));
  }

  readonly emptyTable = (width: number): SharedTable => {
    const grow = (): boolean => {
      // The table, and the states that it is for, each with its parent and who is asleep.
      const words = 2 * this.control.slots * this.memory.parts + this.control.size * (width + 2);
      const bytes = words * Uint32Array.BYTES_PER_ELEMENT;
      if (this.bytesLeft(bytes) < bytes) return false;
      if (this.growTogether !== undefined) this.growTogether();
      else for (let part = 0; part < this.memory.parts; part += 1) this.table?.grow(part);
      return true;
    };
    this.table = tableOf(width, this.memory, this.control, grow);
    return this.table;
  };
}

/** The table for states of so many words. */
export function tableOf(width: number, memory: SharedMemory, control: Control, growAll: () => boolean): SharedTable {
  return width === keyWidth
    ? new SharedKeyTable(memory, control, growAll)
    : new SharedStateTable(width, memory, control, growAll);
}
