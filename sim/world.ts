import type { List } from "immutable";
import type { Origin } from "./origin.js";
import type { Operation } from "./choice.js";
import type { BudgetLeft } from "./fault.js";
import type { CodePlace } from "./guard.js";
import type { Network } from "./network.js";
import { freezeWhole } from "./freeze.js";
import { NodeFailure } from "./node-failure.js";
import type { Result } from "./workload.js";
import { encode, UnusableValue, type Value } from "./value.js";

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
  /** What active bags carry from it to the next event here; a part of the identity, as of timers, choices and storage. */
  readonly bags?: string;
  /** The handler that gave the state, for errors. */
  readonly place?: CodePlace;
  /** The canonical text of all but origins, kept once it is known. */
  text: string | undefined;
  /** That of the state alone. Most steps leave the state as it is: its text is handed on with it. */
  stateText?: string | undefined;
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
  stateText: undefined,
};

export interface Stable {
  readonly value: Value;
  readonly origin: Origin | undefined;
  readonly bags?: string;
  /** The canonical text of the value, if it is known. */
  readonly text?: string;
}

export interface Timer {
  readonly name: string;
  readonly delay: number;
  readonly origin: Origin | undefined;
  readonly bags?: string;
}

export interface PendingChoice {
  readonly label: string;
  /** Without repetition, in canonical order, with their texts. */
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly origin: Origin | undefined;
  readonly bags?: string;
}

/** A client's progress: the index of its next operation, the open one, and the results if its workload depends on them. */
export interface ClientSlot {
  readonly next: number;
  readonly open: Operation | undefined;
  readonly results: List<Result> | undefined;
  readonly origin: Origin | undefined;
  readonly bags?: string;
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
    ...world.monitors.map(keptText),
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

/** @throws NodeFailure for a state that cannot be compared, naming the handler that gave it. */
export function encodeNodeSlot(slot: NodeSlot): string {
  if (slot.text === undefined) {
    const timers = slot.timers.map((timer) => `${encode(timer.name)}+${timer.delay}${timer.bags ?? ""}`);
    const pending = slot.pending.map(
      ({ label, options, bags }) => `${encode(label)}?${options.map((option) => option.text).join("|")}${bags ?? ""}`,
    );
    slot.text = [
      slot.up ? "up" : "down",
      (slot.stateText ??= encodeState(slot)),
      encodeStable(slot.stable),
      encodeStable(slot.unflushed),
      timers.join(","),
      `${pending.join(",")}${slot.bags ?? ""}`,
    ].join(" ");
  }
  return slot.text;
}

function encodeState({ state, place }: NodeSlot): string {
  try {
    return keptText(state);
  } catch (error) {
    if (!(error instanceof UnusableValue) || place === undefined) throw error;
    throw new NodeFailure(place, `gives a state that cannot be kept: ${error.message}`, error);
  }
}

function encodeStable(stable: Stable | undefined): string {
  return stable === undefined ? "-" : `${stable.text ?? encode(stable.value)}${stable.bags ?? ""}`;
}

/** The text of a value that stands for all of this text: if code could change it later, the text would not. */
function keptText(value: Value): string {
  const text = encode(value);
  freezeWhole(value);
  return text;
}

export function encodeClientSlot(slot: ClientSlot): string {
  slot.text ??= [
    slot.next,
    slot.open === undefined ? "-" : `${slot.open.to.text} ${encode(slot.open.message)}`,
    `${slot.results === undefined ? "" : encode(slot.results)}${slot.bags ?? ""}`,
  ].join(" ");
  return slot.text;
}
