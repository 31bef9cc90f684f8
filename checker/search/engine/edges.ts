import { type Inbox, Network } from "../../../sim/network.js";
import { fold } from "../../../sim/observe.js";
import type { System } from "../../../sim/system.js";
import type { AnyMonitor } from "../../../sim/monitor.js";
import type { Components } from "./components.js";
import { type Entries, sendingEntry, takingEntry } from "./entries.js";
import { arrival, interning, observed } from "./intern-log.js";
import { readField, writeField } from "./layout.js";
import { type Arriving, type CountedInbox, tooMany } from "./counted-inbox.js";
import type { Effects, LocalStep, Place } from "./local-step.js";
import type { LocalSteps } from "./local-steps.js";
import { outgrown, type Packing } from "./packing.js";
import { absent, PairTable } from "./pair-table.js";
import type { Words } from "./state-table.js";

/** What becomes of an inbox when a message is added, and of a monitor's value when it observes: each found out once. */
export class Edges {
  private readonly arrivals: readonly PairTable[];
  private readonly folds: readonly PairTable[];

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly steps: LocalSteps,
  ) {
    this.arrivals = system.participants.map(() => new PairTable());
    this.folds = system.monitors.map(() => new PairTable());
  }

  /**
   * Does what an entry does to a state's words, which begin at `at`, after the bits have been flipped.
   *
   * @throws outgrown when an id or a count that comes about has no room; NodeFailure when the step, or a monitor, fails.
   */
  complete(entries: Entries, entry: number, words: Words, at: number): void {
    const { effects, failure, taken } = entries.steps[entry] as LocalStep;
    if (failure !== undefined) throw failure;
    const kind = entries.kinds[entry];
    if (kind === sendingEntry && this.send(entries, entry, words, at)) return;
    if (kind === takingEntry) this.take((entries.places[entry] as Place).participant, taken as number, words, at);
    if (effects !== undefined) this.apply(effects, words, at);
  }

  /** Sets the bits of the messages that are sent; false, and nothing is set, if one of them is there already. */
  private send({ sets, guards }: Entries, entry: number, words: Words, at: number): boolean {
    const { width } = this.packing;
    const first = entry * width;
    for (let word = 0; word < width; word += 1) {
      if (((words[at + word] as number) & (guards[first + word] as number)) !== 0) return false;
    }
    for (let word = 0; word < width; word += 1) {
      words[at + word] = (words[at + word] as number) | (sets[first + word] as number);
    }
    return true;
  }

  /** Applies a step's effects to a state's words, which begin at `at`. */
  apply({ receivers, items, observations }: Effects, words: Words, at: number): void {
    const { components, packing } = this;
    for (let i = 0; i < receivers.length; i += 1) {
      const receiver = receivers[i] as number;
      const field = packing.field(components.inboxComponent(receiver));
      const counted = components.counted[receiver];
      const [inbox, item] = [readField(words, at, field), items[i] as number];
      const after = counted === undefined ? this.arrive(receiver, inbox, item) : counted.add(inbox, item);
      if (after === tooMany) throw outgrown;
      writeField(words, at, field, after);
    }
    for (const observation of observations) {
      for (let monitor = 0; monitor < this.folds.length; monitor += 1) {
        const field = packing.field(components.monitorComponent(monitor));
        writeField(words, at, field, this.observe(monitor, readField(words, at, field), observation));
      }
    }
  }

  /** Takes a message out of an inbox that is kept as counts. */
  private take(participant: number, item: number, words: Words, at: number): void {
    const field = this.packing.field(this.components.inboxComponent(participant));
    const counted = this.components.counted[participant] as CountedInbox;
    writeField(words, at, field, counted.remove(readField(words, at, field), item));
  }

  /** The inbox when this item has come to it. */
  arrive(receiver: number, inbox: number, item: number): number {
    const table = this.arrivals[receiver] as PairTable;
    const known = table.get(inbox, item);
    if (known !== absent) return known;
    this.components.log.begin();
    const after = this.keepArrival(receiver, inbox, item, this.inboxWith(receiver, inbox, item));
    this.packing.checkAll();
    return after;
  }

  /** Makes the inboxes of a participant interned values, which were counts; gives the empty one. */
  beginInterning(participant: number): number {
    this.components.counted[participant] = undefined;
    const empty = this.components.inboxId(Network.over(this.system.orders), participant);
    this.tell(interning, participant, empty, 0, empty);
    return empty;
  }

  /** The inbox of these messages, in a participant's interned inboxes, without a look at whether the id fits its field. */
  internInbox(participant: number, empty: number, messages: readonly number[]): number {
    const table = this.arrivals[participant] as PairTable;
    return messages.reduce((inbox, message) => {
      const known = table.get(inbox, message);
      if (known !== absent) return known;
      return this.keepArrival(participant, inbox, message, this.inboxWith(participant, inbox, message));
    }, empty);
  }

  private inboxWith(receiver: number, inbox: number, item: number): number {
    const network = Network.over(this.system.orders);
    network.setInbox(receiver, this.components.inboxes[receiver]?.values[inbox] as Inbox);
    const { from, item: message } = this.steps.items[receiver]?.values[item] as Arriving;
    network.add(from, receiver, message);
    return this.components.inboxId(network, receiver);
  }

  private keepArrival(receiver: number, inbox: number, item: number, after: number): number {
    this.tell(arrival, receiver, inbox, item, after);
    (this.arrivals[receiver] as PairTable).set(inbox, item, after);
    return after;
  }

  /** The monitor's value when it has seen this observation. */
  observe(monitor: number, value: number, observation: number): number {
    const table = this.folds[monitor] as PairTable;
    const known = table.get(value, observation);
    if (known !== absent) return known;
    const { monitors, log } = this.components;
    log.begin();
    const event = this.steps.observations.values[observation];
    if (event === undefined) throw new Error(`There is no observation ${observation}.`);
    const folded = fold(this.system.monitors[monitor] as AnyMonitor, monitors[monitor]?.values[value], event);
    const after = this.components.monitorId(monitor, folded);
    this.tell(observed, monitor, value, observation, after);
    table.set(value, observation, after);
    this.packing.checkAll();
    return after;
  }

  private tell(kind: number, owner: number, first: number, second: number, after: number): void {
    const { log } = this.components;
    log.seeId(after);
    log.add({ kind, owner, first, second, third: 0 });
  }
}
