import { describeChoice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { HandlersRun } from "../handlers.js";
import { lullBy } from "./asleep.js";
import type { Components } from "./components.js";
import { Deliveries } from "./deliveries.js";
import { Entries } from "./entries.js";
import {
  deliveryRow,
  faultyRow,
  messageFaultsRow,
  networkRow,
  ownFaultsRow,
  ownRow,
  regularRow,
} from "./intern-log.js";
import { type LocalStep, noEffects, type Place } from "./local-step.js";
import type { LocalSteps } from "./local-steps.js";
import { outgrown, type Packing } from "./packing.js";
import { absent, PairTable } from "./pair-table.js";
import { grown } from "./state-table.js";

/**
 * Memo rows, each made at first use: the steps of one participant in one (own state, inbox), which is what a search takes
 * instead of calling user code. Rows and entries are numbers into columns.
 *
 * A row's entries are the steps that change something (all of them if every transition is to be judged).
 */
export class Rows {
  /** For each row: its first entry, the one after its last, and how many choices it has, those without entry included. */
  starts: Uint32Array = new Uint32Array(64);
  ends: Uint32Array = new Uint32Array(64);
  totals: Uint32Array = new Uint32Array(64);
  readonly entries: Entries;
  /** Of the participants whose inboxes are kept as counts. */
  readonly deliveries: readonly Deliveries[];
  private rowCount = 0;
  private readonly regularRows: readonly PairTable[];
  private readonly faultRows: readonly PairTable[];
  private readonly networkRows = new PairTable();
  private readonly ownRows: readonly PairTable[];
  private readonly deliveryRows: readonly PairTable[];
  private readonly ownFaultRows: readonly PairTable[];
  private readonly messageFaultRows: readonly PairTable[];
  private readonly hasPartitions: boolean;

  constructor(
    system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly local: LocalSteps,
    private readonly handlers: Pick<HandlersRun, "seeAll">,
    private readonly keepsAll: boolean,
  ) {
    const tables = (): PairTable[] => system.participants.map(() => new PairTable());
    [this.regularRows, this.faultRows, this.ownRows] = [tables(), tables(), tables()];
    [this.deliveryRows, this.ownFaultRows, this.messageFaultRows] = [tables(), tables(), tables()];
    this.deliveries = system.participants.map(() => new Deliveries());
    this.hasPartitions = (system.faults.partition ?? 0) !== 0;
    this.entries = new Entries(components, packing);
  }

  /** The row of the steps of a participant that are no faults. */
  regular(participant: number, slot: number, inbox: number, faults: number): number {
    const table = this.regularRows[participant] as PairTable;
    // What a partition holds back depends on the partitions in force, a part of the faults.
    const second = this.hasPartitions ? inbox * faultsPerInbox + faults : inbox;
    const known = table.get(slot, second);
    if (known !== absent) return known;
    const place = { participant, slot, inbox, faults };
    return this.make(regularRow, table, slot, second, place, "regular");
  }

  /** The row of the faults that may befall a participant. */
  faulty(participant: number, slot: number, inbox: number, faults: number): number {
    const table = this.faultRows[participant] as PairTable;
    const second = inbox * faultsPerInbox + faults;
    const known = table.get(slot, second);
    if (known !== absent) return known;
    const place = { participant, slot, inbox, faults };
    return this.make(faultyRow, table, slot, second, place, "faulty");
  }

  /** The row of partitions and healing. */
  ofNetwork(faults: number): number {
    const known = this.networkRows.get(faults, 0);
    if (known !== absent) return known;
    const place = { participant: 0, slot: 0, inbox: 0, faults };
    return this.make(networkRow, this.networkRows, faults, 0, place, "ofNetwork");
  }

  /** Of a participant whose inbox is kept as counts: the row of what it does of itself, faults left out. */
  own(participant: number, slot: number, faults: number): number {
    const table = this.ownRows[participant] as PairTable;
    const known = table.get(slot, 0);
    if (known !== absent) return known;
    const place = { participant, slot, inbox: 0, faults };
    return this.make(ownRow, table, slot, 0, place, "ofCounted");
  }

  /** The row of the delivery of one message, by number, to such a participant. */
  delivery(participant: number, slot: number, message: number, faults: number): number {
    const table = this.deliveryRows[participant] as PairTable;
    const known = table.get(slot, message);
    if (known !== absent) return known;
    const place = { participant, slot, inbox: 0, message, faults };
    return this.make(deliveryRow, table, slot, message, place, "ofCounted");
  }

  /** The row of the faults that may befall such a participant itself. */
  ownFaults(participant: number, slot: number, faults: number): number {
    const table = this.ownFaultRows[participant] as PairTable;
    const known = table.get(slot, faults);
    if (known !== absent) return known;
    const place = { participant, slot, inbox: 0, faults };
    return this.make(ownFaultsRow, table, slot, faults, place, "faultyOfCounted");
  }

  /** The row of the faults that may befall one message on its way to such a participant. */
  messageFaults(participant: number, slot: number, message: number, faults: number): number {
    const table = this.messageFaultRows[participant] as PairTable;
    const second = message * faultsPerInbox + faults;
    const known = table.get(slot, second);
    if (known !== absent) return known;
    const place = { participant, slot, inbox: 0, message, faults };
    return this.make(messageFaultsRow, table, slot, second, place, "faultyOfCounted");
  }

  /** After the packing has changed. */
  relayout(): void {
    this.entries.relayout();
    for (const deliveries of this.deliveries) deliveries.forget();
  }

  /**
   * Makes a row and keeps it.
   *
   * @throws outgrown when a new id has outgrown its field: the row is kept all the same, since whoever makes what the log tells
   * of has to meet new ids in this order, and is written when the packing has been widened.
   */
  private make(
    kind: number,
    table: PairTable,
    first: number,
    second: number,
    place: Place,
    how: "regular" | "faulty" | "ofNetwork" | "ofCounted" | "faultyOfCounted",
  ): number {
    this.components.log.begin();
    const steps = this.local[how](place);
    const hasRoom = this.packing.hasRoom();
    const row = this.rowCount;
    this.rowCount += 1;
    if (row === this.starts.length) {
      [this.starts, this.ends, this.totals] = [grown(this.starts), grown(this.ends), grown(this.totals)];
    }
    this.starts[row] = this.entries.size;
    const own = this.components.nodes[place.participant]?.values[place.slot];
    const choices = steps.map(({ choice }) => choice);
    this.handlers.seeAll(place.participant, own, choices);
    steps.forEach((step, position) => {
      if (!this.keepsAll && !changesSomething(place, step)) return;
      this.entries.add(place, step, { position, lull: lullBy(kind, place, step), isWritten: hasRoom });
    });
    this.ends[row] = this.entries.size;
    this.totals[row] = steps.length;
    this.tell(kind, place, steps);
    table.set(first, second, row);
    if (!hasRoom) throw outgrown;
    return row;
  }

  private tell(kind: number, { participant, slot, inbox, message, faults }: Place, steps: readonly LocalStep[]): void {
    const { log } = this.components;
    for (const step of steps) {
      log.seeText(describeChoice(step.choice));
      for (const id of [step.slot, step.inbox, step.taken ?? absent, step.faults]) log.seeId(id);
      if (step.failure !== undefined) log.seeText(step.failure.message);
      const { receivers, items, observations } = step.effects ?? noEffects;
      for (const ids of [receivers, items, observations]) ids.forEach((id) => log.seeId(id));
    }
    log.add({ kind, owner: participant, first: slot, second: message ?? inbox, third: faults });
  }
}

/** More (budget left, partitions in force) pairs than any scope has that could be searched. */
const faultsPerInbox = 4096;

function changesSomething(place: Place, step: LocalStep): boolean {
  return (
    step.slot !== place.slot ||
    step.inbox !== place.inbox ||
    step.faults !== place.faults ||
    step.taken !== undefined ||
    step.effects !== undefined ||
    step.failure !== undefined
  );
}
