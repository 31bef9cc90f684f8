import type { Inbox } from "../../../sim/network.js";
import type { NodeId } from "../../../sim/node-id.js";
import type { System } from "../../../sim/system.js";
import type { ClientSlot, NodeSlot } from "../../../sim/world.js";
import type { Components, Faults } from "../engine/components.js";
import { type Anonymous, type Digest, digestOf, ordered, unordered } from "./digest.js";

/** The digest of each component's values, made once per id. */
export class Digests {
  private readonly known: Digest[][];

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly anonymous: Anonymous,
  ) {
    this.known = components.all.map(() => []);
  }

  of(component: number, id: number): Digest {
    const known = this.known[component] as Digest[];
    return (known[id] ??= this.make(component, id));
  }

  private make(component: number, id: number): Digest {
    const { system, components, anonymous } = this;
    const value = components.all[component]?.values[id];
    const nodes = system.nodes.length;
    const inbox = component - nodes;
    if (component < nodes) return this.ofNode(value as NodeSlot);
    if (inbox < system.participants.length) return this.ofInbox(value as Inbox, inbox);
    if (component === components.faultsComponent) {
      const { budget, partitions } = value as Faults;
      return digestOf([budget, partitions.length], anonymous);
    }
    if (inbox - system.participants.length < system.clients.length) {
      const { next, open, results } = value as ClientSlot;
      return digestOf([next, open ?? null, results ?? null], anonymous);
    }
    return digestOf(value, anonymous);
  }

  private ofNode({ up, state, stable, unflushed, timers, pending }: NodeSlot): Digest {
    const of = (value: unknown): Digest => digestOf(value, this.anonymous);
    const stored = [stable, unflushed].map((one) => (one === undefined ? [] : [one.value]));
    const waiting = timers.map(({ name, delay }) => [name, delay]);
    const asked = pending.map(({ label, options }) =>
      ordered([of(label), unordered(options.map(({ value }) => of(value)))]),
    );
    return ordered([of(up), of(state), of(stored), of(waiting), ordered(asked)]);
  }

  private ofInbox(inbox: Inbox, to: number): Digest {
    const { participants, orders } = this.system;
    const of = (value: unknown): Digest => digestOf(value, this.anonymous);
    const queues = inbox.flatMap((queue, from) => {
      if (queue.length === 0) return [];
      const items = queue.map(({ message, call, delayed }) => of([message, call ?? null, delayed]));
      // The head of a queue is what the order is about; those that were delayed are no part of it.
      const isFifo = orders[to]?.[from] === "fifo" && queue.every(({ delayed }) => !delayed);
      return [ordered([of(participants[from] as NodeId), isFifo ? ordered(items) : unordered(items)])];
    });
    return unordered(queues);
  }
}
