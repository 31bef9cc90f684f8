import { type AnyBag, type BagEvent, contextAfterEmit, contextAt } from "./baggage.js";
import { everyEdge } from "./edge.js";
import type { Context, Origin } from "./origin.js";
import { placeOf } from "./carrier.js";
import type { Choice } from "./choice.js";
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

  /** @param bags the scenario's active bags come first; observers follow. */
  constructor(
    private readonly system: System,
    bags: readonly AnyBag[],
    private readonly details: boolean,
  ) {
    this.trace = new Trace(system, bags);
  }

  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin {
    const { trace } = this;
    const event = trace.length;
    trace.kinds.push(kindNumbers.get(kind) as number);
    trace.participants.push(participant);
    trace.vias.push(edgeNumbers.get(causes.via) as number);
    trace.causes.push(causes.cause?.event ?? none);
    trace.previous.push(causes.previous?.event ?? none);
    trace.times.push(this.now);
    if (choice !== undefined) trace.steps.push(choice);
    if (causes.stored !== undefined) trace.stored.set(event, causes.stored.event);
    return { event, context: this.contextOf(event, kind, participant, choice, causes) };
  }

  private contextOf(
    id: number,
    kind: EventKind,
    participant: number,
    choice: Choice | undefined,
    causes: Causes,
  ): Context {
    const { carried, contexts } = this.trace;
    if (carried.length === 0) return noContext;
    const event: BagEvent = { id, kind, participant: placeOf(this.system, kind, participant), choice };
    const context = contextAt(carried, causes, event);
    contexts.push(context);
    return context;
  }

  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin {
    const context = contextAfterEmit(this.trace.carried, origin.context, tracepoint, fields);
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
