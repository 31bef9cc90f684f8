import { describeChoice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { HandlersRun } from "../handlers.js";
import type { Components } from "./components.js";
import { faultyRow, networkRow, regularRow } from "./intern-log.js";
import { writeField } from "./layout.js";
import type { LocalStep, LocalSteps, Place } from "./local-steps.js";
import type { Packing } from "./packing.js";
import { absent, PairTable } from "./pair-table.js";
import { grown, type Words } from "./state-table.js";

/** What an entry does besides flipping bits. */
export const plainEntry = 0;
export const entryWithEffects = 1;
export const entryThatFails = 2;

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
  /** For each entry: what to flip in a state's words for its participant's own ids, and which of the kinds above it is. */
  flips: Words;
  kinds: Uint32Array = new Uint32Array(64);
  /** For each entry: its position among its row's choices. */
  positions: Uint32Array = new Uint32Array(64);
  /** For each entry: the step. */
  readonly steps: LocalStep[] = [];
  private readonly places: Place[] = [];
  private rowCount = 0;
  private readonly regularRows: readonly PairTable[];
  private readonly faultRows: readonly PairTable[];
  private readonly networkRows = new PairTable();
  private readonly hasPartitions: boolean;

  constructor(
    system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly local: LocalSteps,
    private readonly handlers: HandlersRun,
    private readonly keepsAll: boolean,
  ) {
    this.regularRows = system.participants.map(() => new PairTable());
    this.faultRows = system.participants.map(() => new PairTable());
    this.hasPartitions = (system.faults.partition ?? 0) !== 0;
    this.flips = new Uint32Array(64 * packing.width);
  }

  /** The row of the steps of a participant that are no faults. */
  regular(participant: number, slot: number, inbox: number, faults: number): number {
    const table = this.regularRows[participant] as PairTable;
    // What a partition holds back depends on the partitions in force, a part of the faults.
    const second = this.hasPartitions ? inbox * faultsPerInbox + faults : inbox;
    const known = table.get(slot, second);
    if (known !== absent) return known;
    const place = { participant, slot, inbox, faults };
    return this.add(regularRow, table, slot, second, place, this.local.regular(place));
  }

  /** The row of the faults that may befall a participant. */
  faulty(participant: number, slot: number, inbox: number, faults: number): number {
    const table = this.faultRows[participant] as PairTable;
    const second = inbox * faultsPerInbox + faults;
    const known = table.get(slot, second);
    if (known !== absent) return known;
    const place = { participant, slot, inbox, faults };
    return this.add(faultyRow, table, slot, second, place, this.local.faulty(place));
  }

  /** The row of partitions and healing. */
  ofNetwork(faults: number): number {
    const known = this.networkRows.get(faults, 0);
    if (known !== absent) return known;
    const place = { participant: 0, slot: 0, inbox: 0, faults };
    return this.add(networkRow, this.networkRows, faults, 0, place, this.local.ofNetwork(faults));
  }

  /** After the packing has changed. */
  relayout(): void {
    let length = 64;
    while (length < this.steps.length) length *= 2;
    this.flips = new Uint32Array(length * this.packing.width);
    this.steps.forEach((_, entry) => this.writeFlips(entry));
  }

  private add(
    kind: number,
    table: PairTable,
    first: number,
    second: number,
    place: Place,
    steps: readonly LocalStep[],
  ): number {
    // Before the row is kept: it throws when a new id has outgrown its field, and the row is made again.
    this.packing.checkAll();
    const row = this.rowCount;
    this.rowCount += 1;
    if (row === this.starts.length) {
      [this.starts, this.ends, this.totals] = [grown(this.starts), grown(this.ends), grown(this.totals)];
    }
    this.starts[row] = this.steps.length;
    const own = this.components.nodes[place.participant]?.values[place.slot];
    if (own !== undefined) this.handlers.visit(place.participant, own);
    steps.forEach((step, position) => {
      this.handlers.see(step.choice, () => own);
      if (this.keepsAll || changesSomething(place, step)) this.addEntry(place, step, position);
    });
    this.ends[row] = this.steps.length;
    this.totals[row] = steps.length;
    this.tell(kind, place, steps);
    table.set(first, second, row);
    return row;
  }

  private tell(kind: number, { participant, slot, inbox, faults }: Place, steps: readonly LocalStep[]): void {
    const { log } = this.components;
    for (const step of steps) {
      log.seeText(describeChoice(step.choice));
      for (const id of [step.slot, step.inbox, step.faults]) log.seeId(id);
      if (step.failure !== undefined) log.seeText(step.failure.message);
      const { receivers, items, observations } = step.effects ?? noEffects;
      for (const ids of [receivers, items, observations]) ids.forEach((id) => log.seeId(id));
    }
    log.add({ kind, owner: participant, first: slot, second: inbox, third: faults });
  }

  private addEntry(place: Place, step: LocalStep, position: number): void {
    const entry = this.steps.length;
    this.steps.push(step);
    this.places.push(place);
    if (entry === this.kinds.length) {
      [this.kinds, this.positions] = [grown(this.kinds), grown(this.positions)];
    }
    if ((entry + 1) * this.packing.width > this.flips.length) this.flips = grown(this.flips);
    this.kinds[entry] =
      step.failure !== undefined ? entryThatFails : step.effects !== undefined ? entryWithEffects : plainEntry;
    this.positions[entry] = position;
    this.writeFlips(entry);
  }

  private writeFlips(entry: number): void {
    const { components, packing } = this;
    const place = this.places[entry] as Place;
    const step = this.steps[entry] as LocalStep;
    const at = entry * packing.width;
    this.flips.fill(0, at, at + packing.width);
    const flip = (component: number, before: number, after: number): void => {
      if (before !== after) writeField(this.flips, at, packing.field(component), before ^ after);
    };
    flip(components.slotComponent(place.participant), place.slot, step.slot);
    flip(components.inboxComponent(place.participant), place.inbox, step.inbox);
    flip(components.faultsComponent, place.faults, step.faults);
  }
}

const noEffects = { receivers: [], items: [], observations: [] };

/** More (budget left, partitions in force) pairs than any scope has that could be searched. */
const faultsPerInbox = 4096;

function changesSomething(place: Place, step: LocalStep): boolean {
  return (
    step.slot !== place.slot ||
    step.inbox !== place.inbox ||
    step.faults !== place.faults ||
    step.effects !== undefined ||
    step.failure !== undefined
  );
}
