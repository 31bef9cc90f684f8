import type { Envelope } from "./message.js";
import type { Monitor } from "./monitor.js";
import { envelopeOf } from "./network.js";
import type { NodeId } from "./node-id.js";
import type { Operation } from "./choice.js";
import { reordered } from "./reordered.js";
import type { System } from "./system.js";
import type { NodeSlot, World } from "./world.js";
import type { Value } from "./value.js";

/** What a property sees of one node. `state` is null while the node is down. */
export interface NodeView<State = unknown> {
  readonly id: NodeId;
  readonly up: boolean;
  readonly state: State;
  /** What it saved last; undefined when it never saved. */
  readonly stable: Value | undefined;
  /** The names of its pending timers, in order of setting. */
  readonly timers: readonly string[];
  /** The labels of its pending choices. */
  readonly pending: readonly string[];
}

/** What a property sees of one client. */
export interface ClientView {
  readonly id: NodeId;
  /** How many operations it has invoked. */
  readonly invoked: number;
  readonly open: Operation | undefined;
}

/**
 * The present, as a property sees it. Each accessor reports which components of the world it read; the result of a
 * property depends on these alone, which is the key under which it can be remembered.
 */
export class View {
  constructor(
    private readonly system: System,
    private readonly world: World,
    /** Told the number of each component that is read, as numbered in `encodeComponents`. */
    private readonly onRead: (component: number) => void = () => {},
    /** Whether values are shown as equal ones that are iterated in another order, where there is one. */
    private readonly isReordered = false,
  ) {}

  /** The same world, with its values in another order. */
  reordered(): View {
    return new View(this.system, this.world, this.onRead, true);
  }

  /** The nodes of a role, in declared order. */
  nodes<State = unknown>(role: string): readonly NodeView<State>[] {
    return this.system.numbersOfRole(role).map((number) => this.nodeNumbered<State>(number));
  }

  /** @throws for a name that is no node's. */
  node<State = unknown>(node: NodeId): NodeView<State> {
    return this.nodeNumbered<State>(this.system.nodeNumber(node));
  }

  /** Messages in flight, by receiver and sender, in order of sending. */
  inFlight(): readonly Envelope[] {
    const envelopes: Envelope[] = [];
    const count = this.system.participants.length;
    for (let to = 0; to < count; to += 1) {
      this.onRead(this.system.nodes.length + to);
      for (let from = 0; from < count; from += 1) {
        for (const item of this.world.network.queue(from, to)) envelopes.push(envelopeOf(item));
      }
    }
    return envelopes;
  }

  clients(): readonly ClientView[] {
    const first = this.system.nodes.length + this.system.participants.length;
    return this.system.clients.map((client, i) => {
      this.onRead(first + i);
      const slot = this.world.clients[i];
      return { id: client.id, invoked: slot?.next ?? 0, open: slot?.open };
    });
  }

  /** The value of a monitor. @throws when the scenario does not declare it. */
  monitor<T>(monitor: Monitor<T>): T {
    const number = this.system.monitors.findIndex((known) => known.name === monitor.name);
    if (number < 0) {
      throw new Error(`The monitor "${monitor.name}" is not installed: list it in the property's monitors.`);
    }
    this.onRead(this.system.nodes.length + this.system.participants.length + this.system.clients.length + number);
    const value = this.world.monitors[number] as T;
    return this.isReordered ? (reordered(value) as T) : value;
  }

  private nodeNumbered<State>(number: number): NodeView<State> {
    this.onRead(number);
    const { id } = this.system.nodes[number] as { id: NodeId };
    return new SeenNode<State>(id, this.world.nodes[number] as NodeSlot, this.isReordered);
  }
}

/** Looks at no more of a slot than a property asks for: an explanation notes what was looked at. */
class SeenNode<State> implements NodeView<State> {
  constructor(
    readonly id: NodeId,
    private readonly slot: NodeSlot,
    private readonly isReordered: boolean,
  ) {}

  get up(): boolean {
    return this.slot.up;
  }

  get state(): State {
    const { state } = this.slot;
    return (this.isReordered ? reordered(state) : state) as State;
  }

  get stable(): Value | undefined {
    const value = this.slot.stable?.value;
    return this.isReordered ? reordered(value) : value;
  }

  get timers(): readonly string[] {
    return this.slot.timers.map((timer) => timer.name);
  }

  get pending(): readonly string[] {
    return this.slot.pending.map((choice) => choice.label);
  }
}
