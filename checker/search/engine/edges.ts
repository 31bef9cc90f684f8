import { type Inbox, Network } from "../../../sim/network.js";
import { fold } from "../../../sim/observe.js";
import type { System } from "../../../sim/system.js";
import type { AnyMonitor } from "../../../sim/monitor.js";
import type { Components } from "./components.js";
import { arrival, observed } from "./intern-log.js";
import { readField, writeField } from "./layout.js";
import type { Arriving, Effects, LocalSteps } from "./local-steps.js";
import type { Packing } from "./packing.js";
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

  /** Applies a step's effects to a state's words, which begin at `at`. */
  apply({ receivers, items, observations }: Effects, words: Words, at: number): void {
    const { components, packing } = this;
    for (let i = 0; i < receivers.length; i += 1) {
      const receiver = receivers[i] as number;
      const field = packing.field(components.inboxComponent(receiver));
      writeField(words, at, field, this.arrive(receiver, readField(words, at, field), items[i] as number));
    }
    for (const observation of observations) {
      for (let monitor = 0; monitor < this.folds.length; monitor += 1) {
        const field = packing.field(components.monitorComponent(monitor));
        writeField(words, at, field, this.observe(monitor, readField(words, at, field), observation));
      }
    }
  }

  /** The inbox when this item has come to it. */
  arrive(receiver: number, inbox: number, item: number): number {
    const table = this.arrivals[receiver] as PairTable;
    const known = table.get(inbox, item);
    if (known !== absent) return known;
    const network = Network.over(this.system.orders);
    network.setInbox(receiver, this.components.inboxes[receiver]?.values[inbox] as Inbox);
    const { from, item: message } = this.steps.items[receiver]?.values[item] as Arriving;
    network.add(from, receiver, message);
    const after = this.components.inboxId(network, receiver);
    this.packing.checkAll();
    this.tell(arrival, receiver, inbox, item, after);
    table.set(inbox, item, after);
    return after;
  }

  /** The monitor's value when it has seen this observation. */
  observe(monitor: number, value: number, observation: number): number {
    const table = this.folds[monitor] as PairTable;
    const known = table.get(value, observation);
    if (known !== absent) return known;
    const { monitors } = this.components;
    const event = this.steps.observations.values[observation];
    if (event === undefined) throw new Error(`There is no observation ${observation}.`);
    const folded = fold(this.system.monitors[monitor] as AnyMonitor, monitors[monitor]?.values[value], event);
    const after = this.components.monitorId(monitor, folded);
    this.packing.checkAll();
    this.tell(observed, monitor, value, observation, after);
    table.set(value, observation, after);
    return after;
  }

  private tell(kind: number, owner: number, first: number, second: number, after: number): void {
    const { log } = this.components;
    log.seeId(after);
    log.add({ kind, owner, first, second, third: 0 });
  }
}
