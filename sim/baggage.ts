import type { NodeId } from "./node-id.js";
import type { Choice } from "./choice.js";
import type { EdgeKind } from "./edge.js";
import type { Causes, EventKind } from "./observer.js";
import type { Context, Origin } from "./origin.js";
import { encode, type Value } from "./value.js";

/** What a bag sees of an event: where, and which choice; `start` and `initial` events have none. */
export interface BagEvent {
  readonly id: number;
  readonly kind: EventKind;
  /** The node or client; undefined for what happens in the network, such as a drop. */
  readonly participant: NodeId | undefined;
  readonly choice: Choice | undefined;
}

/**
 * A tool on the baggage layer: a value that travels along causal edges (Mace and Fonseca, "Universal context
 * propagation for distributed system instrumentation", EuroSys 2018; Pivot Tracing, SOSP 2015, section 4).
 *
 * `join` must be commutative, associative and idempotent, with `empty` neutral. An observer bag never changes behaviour
 * and is no part of a world's identity; an active one is both, and nodes that name it in `reads` see its value.
 */
export interface Bag<T> {
  readonly name: string;
  readonly empty: T;
  readonly follows: readonly EdgeKind[];
  readonly join: (a: T, b: T) => T;
  /** The value after an event, given the join over its incoming edges. */
  readonly at?: (value: T, event: BagEvent) => T;
  /** The value after `emit`; what is sent later in the same reaction carries it. */
  readonly emitted?: (value: T, tracepoint: string, fields: { readonly [name: string]: Value }) => T;
  readonly active?: boolean;
  /**
   * The trace keeps the values of an observer without `emitted` in a typed column, and works them out from the causes when
   * they are asked for: a run pays nothing for them.
   */
  readonly column?: "int32";
}

/** A bag of any type, as the kernel moves it. */
export interface AnyBag {
  readonly name: string;
  readonly empty: unknown;
  readonly follows: readonly EdgeKind[];
  readonly join: (a: never, b: never) => unknown;
  readonly at?: (value: never, event: BagEvent) => unknown;
  readonly emitted?: (value: never, tracepoint: string, fields: { readonly [name: string]: Value }) => unknown;
  readonly active?: boolean;
  readonly column?: "int32";
}

export function defineBag<T>(bag: Bag<T>): Bag<T> {
  return bag;
}

/** The context of an event: for each bag, the join over the edges that it follows, then its own hook. */
export function contextAt(bags: readonly AnyBag[], causes: Causes, event: BagEvent): Context {
  // Of its final length from the start: one that grows would keep room for seventeen values at every event.
  const context = new Array<unknown>(bags.length);
  const { cause, previous, stored } = causes;
  for (let i = 0; i < bags.length; i += 1) {
    context[i] = valueAt(bags[i] as AnyBag, causes, cause?.context[i], previous?.context[i], stored?.context[i], event);
  }
  return context;
}

/** Which edges lead to an event; those that are undefined do not. */
interface Incoming {
  readonly via: EdgeKind;
  readonly cause: unknown;
  readonly previous: unknown;
  readonly stored: unknown;
}

/**
 * The value of a bag at an event, given its values at the origins of the edges that there are. `empty` is neutral, so what
 * comes first is not joined with it.
 */
export function valueAt(
  { empty, follows, join, at }: AnyBag,
  { via, cause, previous, stored }: Incoming,
  atCause: unknown,
  atPrevious: unknown,
  atStored: unknown,
  event: BagEvent,
): unknown {
  let value = cause !== undefined && follows.includes(via) ? atCause : empty;
  if (previous !== undefined && follows.includes("program")) {
    value = value === empty ? atPrevious : join(value as never, atPrevious as never);
  }
  if (stored !== undefined && follows.includes("storage")) {
    value = value === empty ? atStored : join(value as never, atStored as never);
  }
  return at === undefined ? value : at(value as never, event);
}

/** The context after an `emit`; the same array when no bag takes notice. */
export function contextAfterEmit(
  bags: readonly AnyBag[],
  context: Context,
  tracepoint: string,
  fields: { readonly [name: string]: Value },
): Context {
  let changed: unknown[] | undefined;
  for (let i = 0; i < bags.length; i += 1) {
    const bag = bags[i] as Bag<unknown>;
    if (bag.emitted === undefined) continue;
    changed ??= context.slice();
    changed[i] = bag.emitted(changed[i], tracepoint, fields);
  }
  return changed ?? context;
}

/**
 * What the active bags carry along these kinds of edges: the part of an origin that later behaviour can depend on, and
 * with it a part of the world's identity. Empty when no active bag follows any of them. The active bags come first in
 * every context.
 */
export function carriedText(active: readonly AnyBag[], origin: Origin | undefined, kinds: readonly EdgeKind[]): string {
  if (active.length === 0 || origin === undefined) return "";
  const carried = active.flatMap((bag, i) =>
    kinds.some((kind) => bag.follows.includes(kind)) ? [`${encode(bag.name)}:${encode(origin.context[i])}`] : [],
  );
  return carried.length === 0 ? "" : ` with {${carried.join(",")}}`;
}
