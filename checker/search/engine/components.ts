import type { BudgetLeft } from "../../../sim/fault.js";
import { type Inbox, Network } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import { encode, type Value } from "../../../sim/value.js";
import {
  type ClientSlot,
  encodeClientSlot,
  encodeFaults,
  encodeNodeSlot,
  type NodeSlot,
  type World,
} from "../../../sim/world.js";
import { type Arriving, CountedInbox } from "./counted-inbox.js";
import { InternLog } from "./intern-log.js";
import { Interner } from "./interner.js";

/** What is left of the budget, and the partitions in force. */
export interface Faults {
  readonly budget: BudgetLeft;
  readonly partitions: readonly string[];
}

/**
 * The components of worlds, each value numbered: a world is the tuple of its components' ids, in the order of
 * `encodeComponents` (nodes, inboxes, clients, monitors, faults).
 */
export class Components {
  readonly nodes: readonly Interner<NodeSlot>[];
  readonly inboxes: readonly Interner<Inbox>[];
  readonly clients: readonly Interner<ClientSlot>[];
  readonly monitors: readonly Interner<Value>[];
  readonly faults: Interner<Faults>;
  /** The messages on their way to each participant, by number. */
  readonly items: readonly Interner<Arriving>[];
  /** The inboxes that are kept as counts: their component's id is the number that `CountedInbox` makes of them. */
  readonly counted: (CountedInbox | undefined)[];
  /** The interners of all components, in order. */
  readonly all: readonly Interner<unknown>[];

  /**
   * @param inboxBits an inbox without first-in-first-out links is kept as counts of its messages as long as these take at most
   * so many bits; all others as one interned value. At most `inboxBitsMax`.
   */
  constructor(
    readonly system: System,
    readonly log = new InternLog(),
    inboxBits = 0,
  ) {
    this.nodes = system.nodes.map(() => new Interner(log));
    this.inboxes = system.participants.map(() => new Interner(log));
    this.clients = system.clients.map(() => new Interner(log));
    this.monitors = system.monitors.map(() => new Interner(log));
    this.faults = new Interner(log);
    this.items = system.participants.map(() => new Interner(log));
    this.counted = system.orders.map((orders, to) =>
      inboxBits > 0 && !orders.includes("fifo")
        ? new CountedInbox(this.items[to] as Interner<Arriving>, orders, inboxBits)
        : undefined,
    );
    this.all = [...this.nodes, ...this.inboxes, ...this.clients, ...this.monitors, this.faults];
  }

  get count(): number {
    return this.all.length;
  }

  /** The number of the component that holds a participant's own state. */
  slotComponent(participant: number): number {
    const nodes = this.system.nodes.length;
    return participant < nodes
      ? participant
      : this.inboxComponent(this.system.participants.length) + participant - nodes;
  }

  inboxComponent(participant: number): number {
    return this.system.nodes.length + participant;
  }

  monitorComponent(monitor: number): number {
    return this.system.nodes.length + this.system.participants.length + this.system.clients.length + monitor;
  }

  get faultsComponent(): number {
    return this.count - 1;
  }

  /** The id of a participant's own state in a world. */
  slotId(world: World, participant: number): number {
    const nodes = this.system.nodes.length;
    if (participant < nodes) {
      const slot = world.nodes[participant] as NodeSlot;
      return (this.nodes[participant] as Interner<NodeSlot>).idOf(encodeNodeSlot(slot), slot);
    }
    const slot = world.clients[participant - nodes] as ClientSlot;
    return (this.clients[participant - nodes] as Interner<ClientSlot>).idOf(encodeClientSlot(slot), slot);
  }

  inboxId(network: Network, participant: number): number {
    const counted = this.counted[participant];
    if (counted !== undefined) return counted.idOf(network.inbox(participant));
    const interner = this.inboxes[participant] as Interner<Inbox>;
    return interner.idOf(network.encodeInbox(participant), network.inbox(participant));
  }

  /** The inbox of an id. */
  inboxOf(participant: number, id: number): Inbox {
    return this.counted[participant]?.inboxOf(id) ?? (this.inboxes[participant]?.values[id] as Inbox);
  }

  /** The value of a component's id. */
  valueOf(component: number, id: number): unknown {
    const participant = component - this.inboxComponent(0);
    if (participant >= 0 && participant < this.system.participants.length) return this.inboxOf(participant, id);
    return this.all[component]?.values[id];
  }

  monitorId(monitor: number, value: Value): number {
    return (this.monitors[monitor] as Interner<Value>).idOf(encode(value), value);
  }

  faultsId(world: World): number {
    return this.faults.idOf(encodeFaults(world), { budget: world.budget, partitions: world.partitions });
  }

  /** The ids of all components of a world. */
  idsOf(world: World): number[] {
    const { nodes, participants, clients } = this.system;
    return [
      ...nodes.map((_, node) => this.slotId(world, node)),
      ...participants.map((_, participant) => this.inboxId(world.network, participant)),
      ...clients.map((_, client) => this.slotId(world, nodes.length + client)),
      ...world.monitors.map((value, monitor) => this.monitorId(monitor, value)),
      this.faultsId(world),
    ];
  }

  /** The world of a tuple of ids; its network is made when it is first asked for, since few properties look into it. */
  worldOf(ids: readonly number[]): World {
    const { nodes, clients } = this.system;
    const { budget, partitions } = this.faults.values[ids[this.faultsComponent] as number] as Faults;
    let network: Network | undefined;
    const networkOf = (): Network => (network ??= this.networkOf(ids));
    return {
      get network() {
        return networkOf();
      },
      nodes: this.nodes.map((interner, node) => interner.values[ids[node] as number] as NodeSlot),
      clients: clients.map((_, client) => {
        const id = ids[this.slotComponent(nodes.length + client)] as number;
        return this.clients[client]?.values[id] as ClientSlot;
      }),
      monitors: this.monitors.map(
        (interner, monitor) => interner.values[ids[this.monitorComponent(monitor)] as number],
      ),
      budget,
      partitions,
    };
  }

  private networkOf(ids: readonly number[]): Network {
    const network = Network.over(this.system.orders);
    this.system.participants.forEach((_, participant) => {
      network.setInbox(participant, this.inboxOf(participant, ids[this.inboxComponent(participant)] as number));
    });
    return network;
  }
}
