import type { System } from "../../../sim/system.js";
import type { HandlersRun } from "../handlers.js";
import type { Components } from "./components.js";
import { writeField } from "./layout.js";
import type { LocalStep, LocalSteps, Place } from "./local-steps.js";
import type { Packing } from "./packing.js";
import { absent, PairTable } from "./pair-table.js";
import type { Words } from "./state-table.js";

/** The steps of one participant in one (own state, inbox): what a search takes instead of calling user code. */
export interface Row {
  readonly start: Place;
  /** All enabled choices, those that change nothing included. */
  readonly total: number;
  /** Those that change something; all of them if every transition is to be judged. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  /** Unique among all entries. */
  readonly number: number;
  /** Its position among the row's choices. */
  readonly position: number;
  readonly step: LocalStep;
  /** What to flip in a state's words for the participant's own ids, in the present packing. */
  flips: Words;
}

/** Memo rows, each made at first use. */
export class Rows {
  private readonly regularRows: readonly PairTable[];
  private readonly faultRows: readonly PairTable[];
  private readonly networkRows = new PairTable();
  private readonly rows: Row[] = [];
  private entryCount = 0;
  private readonly hasPartitions: boolean;

  constructor(
    system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly steps: LocalSteps,
    private readonly handlers: HandlersRun,
    private readonly keepsAll: boolean,
  ) {
    this.regularRows = system.participants.map(() => new PairTable());
    this.faultRows = system.participants.map(() => new PairTable());
    this.hasPartitions = (system.faults.partition ?? 0) !== 0;
  }

  /** The steps of a participant that are no faults. */
  regular(participant: number, slot: number, inbox: number, faults: number): Row {
    const table = this.regularRows[participant] as PairTable;
    // What a partition holds back depends on the partitions in force, a part of the faults.
    const second = this.hasPartitions ? inbox * faultsPerInbox + faults : inbox;
    const known = table.get(slot, second);
    if (known !== absent) return this.rows[known] as Row;
    const start = { participant, slot, inbox, faults };
    return this.add(table, slot, second, start, this.steps.regular(start));
  }

  /** The faults that may befall a participant. */
  faulty(participant: number, slot: number, inbox: number, faults: number): Row {
    const table = this.faultRows[participant] as PairTable;
    const known = table.get(slot, inbox * faultsPerInbox + faults);
    if (known !== absent) return this.rows[known] as Row;
    const start = { participant, slot, inbox, faults };
    return this.add(table, slot, inbox * faultsPerInbox + faults, start, this.steps.faulty(start));
  }

  /** Partitions and healing. */
  ofNetwork(faults: number): Row {
    const known = this.networkRows.get(faults, 0);
    if (known !== absent) return this.rows[known] as Row;
    const start = { participant: 0, slot: 0, inbox: 0, faults };
    return this.add(this.networkRows, faults, 0, start, this.steps.ofNetwork(faults));
  }

  /** After the packing has changed. */
  relayout(): void {
    for (const row of this.rows) {
      for (const entry of row.entries) entry.flips = this.flipsOf(row.start, entry.step);
    }
  }

  private add(table: PairTable, first: number, second: number, start: Place, steps: readonly LocalStep[]): Row {
    // Made before the row is kept: it throws when a new id has outgrown its field, and the row is made again.
    this.packing.checkAll();
    const entries = steps.flatMap((step, position): Entry[] => {
      if (!this.keepsAll && !changesSomething(start, step)) return [];
      this.entryCount += 1;
      return [{ number: this.entryCount, position, step, flips: this.flipsOf(start, step) }];
    });
    for (const { choice } of steps) this.handlers.see(choice);
    const row = { start, total: steps.length, entries };
    table.set(first, second, this.rows.length);
    this.rows.push(row);
    return row;
  }

  private flipsOf(start: Place, step: LocalStep): Words {
    const { components, packing } = this;
    const flips = new Uint32Array(packing.width);
    const flip = (component: number, before: number, after: number): void => {
      if (before !== after) writeField(flips, 0, packing.field(component), before ^ after);
    };
    flip(components.slotComponent(start.participant), start.slot, step.slot);
    flip(components.inboxComponent(start.participant), start.inbox, step.inbox);
    flip(components.faultsComponent, start.faults, step.faults);
    return flips;
  }
}

/** More (budget left, partitions in force) pairs than any scope has that could be searched. */
const faultsPerInbox = 4096;

function changesSomething(start: Place, step: LocalStep): boolean {
  return (
    step.slot !== start.slot ||
    step.inbox !== start.inbox ||
    step.faults !== start.faults ||
    step.effects !== undefined ||
    step.failure !== undefined
  );
}
