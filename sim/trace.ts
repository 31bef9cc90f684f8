import { type AnyBag, type Bag, type BagEvent, valueAt } from "./baggage.js";
import { placeOf } from "./carrier.js";
import { type EdgeKind, everyEdge } from "./edge.js";
import type { Context } from "./origin.js";
import type { Choice } from "./choice.js";
import { ChoiceLog } from "./choice-log.js";
import { GrowingColumn } from "./growing-column.js";
import type { InFlight } from "./network.js";
import type { NodeId } from "./node-id.js";
import type { Reaction } from "./node.js";
import type { EventKind } from "./observer.js";
import type { System } from "./system.js";

/** The kinds of events, numbered for the trace's column. */
export const eventKinds: readonly EventKind[] = [
  "start",
  "initial",
  "deliver",
  "lost",
  "drop",
  "duplicate",
  "delay",
  "error",
  "fire",
  "choose",
  "flush",
  "crash",
  "recover",
  "partition",
  "heal",
  "invoke",
  "give-up",
];

/** Stands in a column where there is no event. */
export const none = -1;

/** A message that an event sent. */
export interface Sent {
  readonly event: number;
  readonly item: InFlight;
}

/**
 * What happened in one run, event by event, with the causes of each: typed columns, and payloads by reference.
 *
 * Events are numbered in order: the starts and initial data of all nodes, then one event per step. The causes of an event
 * are its `cause` along the edge `via` (a sending, a setting …), `previous` on the same node or client, and `stored`, the
 * saving that a recovery reads.
 */
export class Trace {
  readonly kinds = new GrowingColumn();
  readonly participants = new GrowingColumn();
  readonly vias = new GrowingColumn();
  readonly causes = new GrowingColumn();
  readonly previous = new GrowingColumn();
  /** In ticks, which may grow beyond 32 bits. */
  readonly times = new GrowingColumn(Float64Array);
  /** Sparse: few events read storage. */
  readonly stored = new Map<number, number>();
  /** The choices of the steps, which are the last events; `choices` has them by event. */
  readonly steps = new ChoiceLog();
  private made: readonly (Choice | undefined)[] = [];
  /** The values of the bags that stand in a column. */
  readonly columns = new Map<AnyBag, GrowingColumn>();
  /** The bags that travel in contexts, active ones first, and the context at each event, if there are any. */
  readonly carried: readonly AnyBag[];
  readonly contexts: Context[] = [];
  /** What each event's handler answered and which messages it sent; only when the run keeps details. */
  readonly reactions = new Map<number, Reaction<unknown>>();
  readonly sent: Sent[] = [];

  /** @param bags the scenario's active bags come first; observers follow. */
  constructor(
    readonly system: System,
    bags: readonly AnyBag[],
  ) {
    this.carried = bags.filter((bag) => !standsInColumn(bag));
    for (const bag of bags) if (standsInColumn(bag)) this.columns.set(bag, new GrowingColumn());
  }

  get length(): number {
    return this.kinds.length;
  }

  /** The choice that made each event; starts and initial data, which come first, have none. */
  get choices(): readonly (Choice | undefined)[] {
    if (this.made.length !== this.length) {
      const first = Array.from({ length: this.length - this.steps.length }, () => undefined);
      this.made = [...first, ...this.steps];
    }
    return this.made;
  }

  /** The number of events before the first step. */
  get initialEvents(): number {
    return this.system.nodes.reduce((sum, node) => sum + 1 + node.initial.length, 0);
  }

  kind(event: number): EventKind {
    return eventKinds[this.kinds.get(event)] as EventKind;
  }

  /** Where an event happened: a node or a client; a lost message's receiver; undefined for partitions and healings. */
  participant(event: number): NodeId | undefined {
    return this.system.participants[this.participants.get(event)];
  }

  via(event: number): EdgeKind {
    return everyEdge[this.vias.get(event)] as EdgeKind;
  }

  /** The direct causes of an event, each with its edge kind. */
  causesOf(event: number): { readonly event: number; readonly via: EdgeKind }[] {
    const causes: { readonly event: number; readonly via: EdgeKind }[] = [];
    const cause = this.causes.get(event);
    if (cause !== none) causes.push({ event: cause, via: this.via(event) });
    const stored = this.stored.get(event);
    if (stored !== undefined && stored !== none) causes.push({ event: stored, via: "storage" });
    const previous = this.previous.get(event);
    if (previous !== none && previous !== cause) causes.push({ event: previous, via: "program" });
    return causes;
  }

  /** The value of a bag at an event. @throws when the bag was not installed in this run. */
  bagAt<T>(bag: Bag<T>, event: number): T {
    const column = this.columns.get(bag as AnyBag);
    if (column !== undefined) {
      while (column.length <= event && column.length < this.length) column.push(this.nextIn(column, bag as AnyBag));
      return column.get(event) as T;
    }
    const position = this.carried.indexOf(bag as AnyBag);
    if (position >= 0) return this.contexts[event]?.[position] as T;
    throw new Error(`The bag "${bag.name}" was not installed in this run; list it among the run's bags.`);
  }

  /** The value of a bag at the first event that its column does not hold yet. */
  private nextIn(column: GrowingColumn, bag: AnyBag): number {
    const event = column.length;
    const cause = existing(this.causes.get(event));
    const previous = existing(this.previous.get(event));
    const stored = this.stored.size === 0 ? undefined : existing(this.stored.get(event));
    const at = (origin: number | undefined) => (origin === undefined ? undefined : column.get(origin));
    const incoming = { via: this.via(event), cause, previous, stored };
    return valueAt(bag, incoming, at(cause), at(previous), at(stored), new SeenEvent(this, event)) as number;
  }
}

/** An event of a trace, as bags see it; what they do not look at is not worked out. */
class SeenEvent implements BagEvent {
  constructor(
    private readonly trace: Trace,
    readonly id: number,
  ) {}

  get kind(): EventKind {
    return this.trace.kind(this.id);
  }

  get participant(): NodeId | undefined {
    return placeOf(this.trace.system, this.kind, this.trace.participants.get(this.id));
  }

  get choice(): Choice | undefined {
    return this.trace.choices[this.id];
  }
}

/** An active bag is read at its origins, and an `emit` may change a bag between two events: such values are carried. */
function standsInColumn(bag: AnyBag): boolean {
  return bag.column !== undefined && bag.active !== true && bag.emitted === undefined;
}

function existing(event: number | undefined): number | undefined {
  return event === none ? undefined : event;
}
