import {
  type AnyBag,
  type BagEvent,
  type Context,
  contextAfterEmit,
  contextAt,
  everyEdge,
  type Origin,
} from "./baggage.js";
import { placeOf } from "./carrier.js";
import type { Choice } from "./choice.js";
import type { GrowingColumn } from "./growing-column.js";
import type { InFlight } from "./network.js";
import type { Reaction } from "./node.js";
import type { Causes, EventKind, StepObserver } from "./observer.js";
import type { System } from "./system.js";
import { eventKinds, none, Trace } from "./trace.js";
import type { Value } from "./value.js";

const kindNumbers = new Map(eventKinds.map((kind, i) => [kind, i]));
const edgeNumbers = new Map(everyEdge.map((kind, i) => [kind, i]));

/** Writes a trace while steps are taken, and moves the contexts of the installed bags along. */
export class Recorder implements StepObserver {
  readonly trace: Trace;
  /** The virtual time of the next event, in ticks; the timed strategy moves it. */
  now = 0;
  private readonly keepsContexts: boolean;
  private readonly columns: readonly OwnColumn[];

  /** @param bags the scenario's active bags come first; observers follow. */
  constructor(
    private readonly system: System,
    private readonly bags: readonly AnyBag[],
    private readonly details: boolean,
  ) {
    this.trace = new Trace(system, bags);
    this.columns = [...this.trace.columns].map(([position, column]) => ({ position, column }));
    this.keepsContexts = bags.some((bag) => bag.column === undefined);
  }

  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin {
    const { trace } = this;
    const event = trace.choices.length;
    trace.kinds.push(kindNumbers.get(kind) as number);
    trace.participants.push(participant);
    trace.vias.push(edgeNumbers.get(causes.via) as number);
    trace.causes.push(causes.cause?.event ?? none);
    trace.previous.push(causes.previous?.event ?? none);
    trace.times.push(this.now);
    trace.choices.push(choice);
    if (causes.stored !== undefined) trace.stored.set(event, causes.stored.event);
    const context = this.bags.length === 0 ? noContext : this.contextOf(event, kind, participant, choice, causes);
    return { event, context };
  }

  private contextOf(
    id: number,
    kind: EventKind,
    participant: number,
    choice: Choice | undefined,
    causes: Causes,
  ): Context {
    const event: BagEvent = {
      id,
      kind,
      participant: placeOf(this.system, kind, participant),
      choice,
    };
    const context = contextAt(this.bags, causes, event);
    const { columns } = this;
    for (let i = 0; i < columns.length; i += 1) {
      const { position, column } = columns[i] as OwnColumn;
      column.push(context[position] as number);
    }
    if (this.keepsContexts) this.trace.contexts.push(context);
    return context;
  }

  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin {
    const context = contextAfterEmit(this.bags, origin.context, tracepoint, fields);
    return context === origin.context ? origin : { event: origin.event, context };
  }

  reacted(_participant: number, reaction: Reaction<unknown>): void {
    if (this.details) this.trace.reactions.set(this.trace.length - 1, reaction);
  }

  sent(item: InFlight): void {
    if (this.details) this.trace.sent.push({ event: this.trace.length - 1, item });
  }
}

const noContext: Context = [];

/** The column of the bag at this position. */
interface OwnColumn {
  readonly position: number;
  readonly column: GrowingColumn;
}
