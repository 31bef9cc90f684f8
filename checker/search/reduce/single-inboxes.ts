import { type InFlight, type Inbox, Network, textOf } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import type { Arriving } from "../engine/counted-inbox.js";
import type { Interner } from "../engine/interner.js";

/**
 * Inboxes taken apart: what a participant does with a message depends on its own state and that message alone, so that it is
 * found out once for each, in an inbox that holds nothing else.
 */
export class SingleInboxes {
  /** By participant: the inbox that holds nothing. */
  readonly empty: readonly number[];
  /** By participant: the inbox that holds one message alone. */
  private readonly known: number[][];

  constructor(
    private readonly system: System,
    private readonly components: Components,
  ) {
    const network = Network.over(system.orders);
    this.empty = system.participants.map((_, participant) => components.inboxId(network, participant));
    this.known = system.participants.map(() => []);
  }

  /** The inbox of a message to a participant, given by its number among these. */
  of(participant: number, item: number): number {
    const known = this.known[participant] as number[];
    return (known[item] ??= this.make(participant, item));
  }

  /** The numbers of the messages in an inbox. */
  itemsIn(participant: number, inbox: number): number[] {
    const queues = this.components.inboxes[participant]?.values[inbox] as Inbox;
    return queues.flatMap((queue) => queue.map((item) => this.itemOf(participant, item)));
  }

  /** The number of a message to a participant. */
  itemOf(participant: number, item: InFlight): number {
    const from = this.system.numberOf(item.from) as number;
    const interner = this.components.items[participant] as Interner<Arriving>;
    return interner.idOf(`${from} ${textOf(item)}`, { from, item });
  }

  private make(participant: number, id: number): number {
    const network = Network.over(this.system.orders);
    const { from, item } = this.components.items[participant]?.values[id] as Arriving;
    network.add(from, participant, item);
    return this.components.inboxId(network, participant);
  }
}
