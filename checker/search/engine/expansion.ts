import { isCut } from "../../../sim/enabled.js";
import type { System } from "../../../sim/system.js";
import { isAmong } from "./asleep.js";
import type { Batch } from "./batch.js";
import type { Components, Faults } from "./components.js";
import type { Arriving, CountedInbox, CountField } from "./counted-inbox.js";
import { bitsOfInbox, type Deliveries } from "./deliveries.js";
import { plainEntry } from "./entries.js";
import { readColumn, readField } from "./layout.js";
import type { Place } from "./local-step.js";
import type { Packing } from "./packing.js";
import { absent } from "./pair-table.js";
import type { Rows } from "./rows.js";
import { grown, type Words } from "./state-table.js";

/**
 * Lists the entries of all choices of a state that change something (all choices, if every transition is to be judged), in
 * the order of `enabledChoices`. Of messages that change nothing it only counts how many there are.
 */
export class Expansion {
  /** The first `count` are what was listed last. */
  entries: Uint32Array = new Uint32Array(256);
  count = 0;
  /** How many choices the state has, those without an entry included. */
  total = 0;
  private readonly hasPartitions: boolean;
  private readonly hasFaults: boolean;

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly rows: Rows,
  ) {
    this.hasPartitions = (system.faults.partition ?? 0) !== 0;
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
  }

  /**
   * Lists what may follow the state whose words begin at `base`.
   *
   * @param asleep the participants whose steps, faults left out, are only counted (see `Asleep`).
   */
  list(words: Words, base: number, asleep = 0): void {
    this.begin();
    const { slotFields, inboxFields } = this.packing;
    const faults = this.faultsOf(words, base);
    const participants = this.system.participants.length;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readColumn(words, base, slotFields, participant);
      const inbox = readColumn(words, base, inboxFields, participant);
      this.listRegular(participant, slot, inbox, faults, isAmong(asleep, participant));
    }
    if (!this.hasFaults) return;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readColumn(words, base, slotFields, participant);
      const inbox = readColumn(words, base, inboxFields, participant);
      this.listFaults(participant, slot, inbox, faults);
    }
    this.addRow(this.rows.ofNetwork(faults));
  }

  /** The position, among all choices of a state, of the one that has this entry. */
  positionOf(words: Words, base: number, entry: number): number {
    this.begin();
    const { slotFields, inboxFields } = this.packing;
    const faults = this.faultsOf(words, base);
    for (const isFault of [false, true]) {
      for (let participant = 0; participant < this.system.participants.length; participant += 1) {
        const { count, total } = this;
        const slot = readColumn(words, base, slotFields, participant);
        const inbox = readColumn(words, base, inboxFields, participant);
        if (isFault) this.listFaults(participant, slot, inbox, faults);
        else this.listRegular(participant, slot, inbox, faults);
        if (!this.entries.subarray(count, this.count).includes(entry)) continue;
        return total + this.positionWithin({ participant, slot, inbox, faults }, isFault, entry);
      }
    }
    return this.total + (this.rows.entries.positions[entry] as number);
  }

  /** The position among the regular choices, or the faults, of one participant. */
  private positionWithin({ participant, slot, inbox, faults }: Place, isFault: boolean, entry: number): number {
    const { rows } = this;
    const position = rows.entries.positions[entry] as number;
    const counted = this.components.counted[participant];
    if (counted === undefined) return position;
    const { message } = rows.entries.places[entry] as Place;
    const present = counted.present(inbox);
    if (!isFault) {
      const deliverable = this.deliverable(participant, present, faults);
      if (message === undefined) return bitCount(deliverable) + position;
      return bitCount(deliverable & counted.before((counted.fields[message] as CountField).shift));
    }
    const others = counted.bitsInOrder
      .filter((bit) => (present & (1 << bit)) !== 0)
      .map((bit) => counted.itemAt[bit] as number);
    const before = message === undefined ? others : others.slice(0, others.indexOf(message));
    const totals = before.map((other) => rows.totals[rows.messageFaults(participant, slot, other, faults)] as number);
    return totals.reduce((sum, total) => sum + total, position);
  }

  /**
   * Makes successors of the batch's state, whose choices were listed last, by the entries from number `from` on, until the batch is
   * full; gives the number of the next entry.
   *
   * @param words where the state's words begin at `base`.
   * @param complete called for each that flipped bits alone do not make, with the place of its words in the batch; where it says
   * false that one is left out, as are those after it, and the result is −1.
   */
  fill(
    batch: Batch,
    from: number,
    words: Words,
    base: number,
    complete: (entry: number, at: number) => boolean,
  ): number {
    const listed = this.entries;
    const { flips, kinds, leavesAsleep, putsAsleep } = this.rows.entries;
    const { tuples, parents, entries, asleep, transitions, state, asleepBefore, transitionsBefore } = batch;
    const { width } = this.packing;
    const until = Math.min(this.count, from + batch.room);
    let { count } = batch;
    for (let next = from; next < until; next += 1) {
      const entry = listed[next] as number;
      const at = count * width;
      const flip = entry * width;
      for (let word = 0; word < width; word += 1) {
        tuples[at + word] = (words[base + word] as number) ^ (flips[flip + word] as number);
      }
      if (kinds[entry] !== plainEntry) {
        batch.count = count;
        if (!complete(entry, at)) return -1;
      }
      parents[count] = state;
      entries[count] = entry;
      asleep[count] = (asleepBefore & (leavesAsleep[entry] as number)) | (putsAsleep[entry] as number);
      transitions[count] = transitionsBefore;
      count += 1;
    }
    batch.count = count;
    return until;
  }

  private begin(): void {
    this.count = 0;
    this.total = 0;
  }

  private faultsOf(words: Words, base: number): number {
    return readField(words, base, this.packing.field(this.components.faultsComponent));
  }

  private listRegular(participant: number, slot: number, inbox: number, faults: number, isAsleep = false): void {
    const { rows } = this;
    const counted = this.components.counted[participant];
    if (counted === undefined) return this.addRow(rows.regular(participant, slot, inbox, faults), isAsleep);
    const deliveries = rows.deliveries[participant] as Deliveries;
    if (slot >= deliveries.own.length) deliveries.reserve(slot);
    const present = this.deliverable(participant, counted.isBitset ? inbox : counted.present(inbox), faults);
    if (!isAsleep) this.listDeliveries(participant, slot, present, faults, counted);
    this.total += bitCount(present);
    let own = deliveries.own[slot] as number;
    if (own === absent) own = deliveries.own[slot] = rows.own(participant, slot, faults);
    this.addRow(own, isAsleep);
  }

  private listDeliveries(participant: number, slot: number, present: number, faults: number, counted: CountedInbox) {
    const deliveries = this.rows.deliveries[participant] as Deliveries;
    const unknown = present & ~(deliveries.known[slot] as number);
    if (unknown !== 0) this.learn(participant, slot, unknown, faults, counted, deliveries);
    if (this.count + bitsOfInbox > this.entries.length) this.entries = grown(this.entries);
    const live = present & (deliveries.live[slot] as number);
    if (counted.isInOrder) {
      for (let left = live; left !== 0; left &= left - 1) this.addDelivery(deliveries, slot, lowestBit(left));
    } else {
      for (const bit of counted.bitsInOrder) if ((live & (1 << bit)) !== 0) this.addDelivery(deliveries, slot, bit);
    }
  }

  private listFaults(participant: number, slot: number, inbox: number, faults: number): void {
    const { rows } = this;
    const counted = this.components.counted[participant];
    if (counted === undefined) return this.addRow(rows.faulty(participant, slot, inbox, faults));
    const present = counted.present(inbox);
    for (const bit of counted.bitsInOrder) {
      if ((present & (1 << bit)) === 0) continue;
      this.addRow(rows.messageFaults(participant, slot, counted.itemAt[bit] as number, faults));
    }
    this.addRow(rows.ownFaults(participant, slot, faults));
  }

  private addDelivery(deliveries: Deliveries, slot: number, bit: number): void {
    this.entries[this.count] = deliveries.entries[slot * bitsOfInbox + bit] as number;
    this.count += 1;
  }

  private learn(
    participant: number,
    slot: number,
    unknown: number,
    faults: number,
    counted: CountedInbox,
    deliveries: Deliveries,
  ): void {
    const { rows } = this;
    for (let left = unknown; left !== 0; left &= left - 1) {
      const bit = lowestBit(left);
      const row = rows.delivery(participant, slot, counted.itemAt[bit] as number, faults);
      const start = rows.starts[row] as number;
      deliveries.learn(slot, bit, start === rows.ends[row] ? undefined : start);
    }
  }

  private addRow(row: number, isAsleep = false): void {
    const { rows } = this;
    this.total += rows.totals[row] as number;
    if (isAsleep) return;
    const end = rows.ends[row] as number;
    const start = rows.starts[row] as number;
    while (this.count + end - start > this.entries.length) this.entries = grown(this.entries);
    const { entries } = this;
    let { count } = this;
    for (let entry = start; entry < end; entry += 1) {
      entries[count] = entry;
      count += 1;
    }
    this.count = count;
  }

  /** Those messages that no partition in force holds back. */
  private deliverable(participant: number, present: number, faults: number): number {
    if (!this.hasPartitions) return present;
    const { held } = this.components.counted[participant] as CountedInbox;
    let heldBack = held.get(faults);
    if (heldBack === undefined) held.set(faults, (heldBack = this.heldBack(participant, faults)));
    return present & ~heldBack;
  }

  private heldBack(participant: number, faults: number): number {
    const { partitions } = this.components.faults.values[faults] as Faults;
    const { fields } = this.components.counted[participant] as CountedInbox;
    let heldBack = 0;
    fields.forEach(({ shift }, message) => {
      const { from } = this.components.items[participant]?.values[message] as Arriving;
      if (isCut(this.system, { partitions }, from, participant)) heldBack |= 1 << shift;
    });
    return heldBack;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function bitCount(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
