import type { List } from "immutable";
import type { Origin } from "./baggage.js";
import type { Operation } from "./choice.js";
import type { BudgetLeft } from "./fault.js";
import type { Network } from "./network.js";
import type { Result } from "./workload.js";
import { encode, type Value } from "./value.js";

/**
 * The state of everything at one moment. Equal worlds are those with equal `encodeWorld`: no step counter, no message
 * numbers, no clocks, no observer baggage (the `origin` fields are no part of it).
 *
 * The parts are immutable and shared between worlds; only the arrays of a world that `forkWorld` or `ownWorld` has just
 * made may be written to, by the step that it was made for.
 */
export interface World {
  readonly nodes: NodeSlot[];
  readonly network: Network;
  readonly clients: ClientSlot[];
  readonly monitors: Value[];
  budget: BudgetLeft;
  /** The names of the partitions in force, in declared order. */
  partitions: readonly string[];
}

/** One node at one moment. */
export interface NodeSlot {
  readonly up: boolean;
  /** Null while it is down. */
  readonly state: Value;
  readonly stable: Stable | undefined;
  /** What `saveLater` has asked for and no flush has written yet. */
  readonly unflushed: Stable | undefined;
  /** In order of setting. */
  readonly timers: readonly Timer[];
  /** In canonical order of their labels. */
  readonly pending: readonly PendingChoice[];
  /** The last event on this node. */
  readonly origin: Origin | undefined;
  /** The canonical text of all but origins, kept once it is known. */
  text: string | undefined;
}

/** A node that is down, or has not started yet. */
export const downSlot: NodeSlot = {
  up: false,
  state: null,
  stable: undefined,
  unflushed: undefined,
  timers: [],
  pending: [],
  origin: undefined,
  text: undefined,
};

export interface Stable {
  readonly value: Value;
  readonly origin: Origin | undefined;
}

export interface Timer {
  readonly name: string;
  readonly delay: number;
  readonly origin: Origin | undefined;
}

export interface PendingChoice {
  readonly label: string;
  /** Without repetition, in canonical order, with their texts. */
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly origin: Origin | undefined;
}

/** A client's progress: the index of its next operation, the open one, and the results if its workload depends on them. */
export interface ClientSlot {
  readonly next: number;
  readonly open: Operation | undefined;
  readonly results: List<Result> | undefined;
  readonly origin: Origin | undefined;
  text: string | undefined;
}

/** A copy whose arrays may be written to; all parts are shared. */
export function forkWorld(world: World): World {
  return {
    nodes: world.nodes.slice(),
    network: world.network.fork(),
    clients: world.clients.slice(),
    monitors: world.monitors.slice(),
    budget: world.budget,
    partitions: world.partitions,
  };
}

/** A copy that one simulation owns and advances in place, the network's queues included. */
export function ownWorld(world: World): World {
  return { ...forkWorld(world), network: world.network.own() };
}

/** The canonical texts of a world's components, in a fixed order: nodes, inboxes, clients, monitors, faults. */
export function encodeComponents(world: World): string[] {
  return [
    ...world.nodes.map(encodeNodeSlot),
    ...world.network.encodeInboxes(),
    ...world.clients.map(encodeClientSlot),
    ...world.monitors.map(encode),
    encodeFaults(world),
  ];
}

/** The canonical text of a world's identity. */
export function encodeWorld(world: World): string {
  return encodeComponents(world).join("\n");
}

export function encodeFaults(world: World): string {
  return `${world.budget.join(",")} ${world.partitions.join(",")}`;
}

export function encodeNodeSlot(slot: NodeSlot): string {
  if (slot.text === undefined) {
    const timers = slot.timers.map((timer) => `${encode(timer.name)}+${timer.delay}`);
    const pending = slot.pending.map(
      (choice) => `${choice.label}?${choice.options.map((option) => option.text).join("|")}`,
    );
    slot.text = [
      slot.up ? "up" : "down",
      encode(slot.state),
      encodeStable(slot.stable),
      encodeStable(slot.unflushed),
      timers.join(","),
      pending.join(","),
    ].join(" ");
  }
  return slot.text;
}

function encodeStable(stable: Stable | undefined): string {
  return stable === undefined ? "-" : encode(stable.value);
}

export function encodeClientSlot(slot: ClientSlot): string {
  slot.text ??= [
    slot.next,
    slot.open === undefined ? "-" : `${slot.open.to.text} ${encode(slot.open.message)}`,
    slot.results === undefined ? "" : encode(slot.results),
  ].join(" ");
  return slot.text;
}
