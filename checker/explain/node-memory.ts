import { Map, Record } from "immutable";
import type { Context as Baggage, Origin } from "../../sim/origin.js";
import type { Value } from "../../sim/value.js";
import type { NodeSlot, PendingChoice, Stable, Timer } from "../../sim/world.js";

/** A saved value, with what the active bags carried when it was saved. */
export interface Kept {
  readonly value: Value;
  readonly baggage: Baggage;
  readonly bags: string;
}

type PendingTimer = Pick<Timer, "delay"> & Omit<Kept, "value">;
type Asked = Pick<PendingChoice, "options"> & Omit<Kept, "value">;

/**
 * A node's whole slot of the world, as the state of a machine: pending timers and choices by name, so that each is a cell
 * of its own. (The order in which timers were set is left out: a firing of the run fires whatever else is pending.)
 */
export class NodeMemory extends Record({
  up: false,
  state: null as Value,
  stable: null as Kept | null,
  unflushed: null as Kept | null,
  timers: Map<string, PendingTimer>(),
  pending: Map<string, Asked>(),
  /** What the active bags carry to the node's next event. */
  baggage: [] as Baggage,
  bags: "",
  /** The last place in which one of several messages may come and one has come. */
  slot: -1,
}) {}

/** The part of a memory that a step of the kernel needs; what it does not need is not read. */
export interface Needed {
  readonly timer?: string;
  readonly label?: string;
  readonly stable?: boolean;
  readonly unflushed?: boolean;
}

export function slotOf(memory: NodeMemory, needed: Needed): NodeSlot {
  const { timer, label } = needed;
  return {
    up: memory.up,
    state: memory.state,
    stable: needed.stable === true ? stableOf(memory.stable) : undefined,
    unflushed: needed.unflushed === true ? stableOf(memory.unflushed) : undefined,
    timers: timer === undefined ? [] : timersOf(memory, timer),
    pending: label === undefined ? [] : choicesOf(memory, label),
    origin: originOf(memory.baggage),
    bags: memory.bags,
    text: undefined,
  };
}

function stableOf(kept: Kept | null): Stable | undefined {
  return kept === null ? undefined : { value: kept.value, origin: originOf(kept.baggage), bags: kept.bags };
}

function timersOf(memory: NodeMemory, name: string): readonly Timer[] {
  const timer = memory.timers.get(name);
  return timer === undefined ? [] : [{ name, delay: timer.delay, origin: originOf(timer.baggage), bags: timer.bags }];
}

function choicesOf(memory: NodeMemory, label: string): readonly PendingChoice[] {
  const asked = memory.pending.get(label);
  return asked === undefined
    ? []
    : [{ label, options: asked.options, origin: originOf(asked.baggage), bags: asked.bags }];
}

/** Hypothetical runs number no events: an origin is its baggage alone. */
export function originOf(baggage: Baggage): Origin {
  return { event: -1, context: baggage };
}

/** What a step may have changed of a node's surroundings. */
export interface Touched {
  readonly timers: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
  readonly stored: boolean;
}

/** Lays the slot that a step of the kernel gave over the memory that it started from. */
export function remember(memory: NodeMemory, after: NodeSlot, touched: Touched): NodeMemory {
  let next = memory
    .set("up", after.up)
    .set("state", after.state)
    .set("baggage", after.origin?.context ?? [])
    .set("bags", after.bags ?? "");
  if (after.stable !== undefined) next = next.set("stable", keptOf(after.stable));
  // A crash loses all but the state itself, which the kernel has emptied.
  if (!after.up) return next.set("unflushed", null).set("timers", Map()).set("pending", Map());
  if (touched.stored) next = next.set("unflushed", after.unflushed === undefined ? null : keptOf(after.unflushed));
  for (const name of touched.timers) {
    const timer = after.timers.find((pending) => pending.name === name);
    const { timers } = next;
    next = next.set("timers", timer === undefined ? timers.remove(name) : timers.set(name, pendingOf(timer)));
  }
  for (const label of touched.labels) {
    const asked = after.pending.find((pending) => pending.label === label);
    const { pending } = next;
    next = next.set("pending", asked === undefined ? pending.remove(label) : pending.set(label, askedOf(asked)));
  }
  return next;
}

function keptOf({ value, origin, bags }: Stable): Kept {
  return { value, baggage: origin?.context ?? [], bags: bags ?? "" };
}

function pendingOf({ delay, origin, bags }: Timer): PendingTimer {
  return { delay, baggage: origin?.context ?? [], bags: bags ?? "" };
}

function askedOf({ options, origin, bags }: PendingChoice): Asked {
  return { options, baggage: origin?.context ?? [], bags: bags ?? "" };
}

/** The memory that stands for a slot. */
export function memoryOf(slot: NodeSlot): NodeMemory {
  return new NodeMemory({
    up: slot.up,
    state: slot.state,
    stable: slot.stable === undefined ? null : keptOf(slot.stable),
    unflushed: slot.unflushed === undefined ? null : keptOf(slot.unflushed),
    timers: Map(slot.timers.map((timer) => [timer.name, pendingOf(timer)])),
    pending: Map(slot.pending.map((asked) => [asked.label, askedOf(asked)])),
    baggage: slot.origin?.context ?? [],
    bags: slot.bags ?? "",
  });
}
