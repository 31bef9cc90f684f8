import { type AnyBag, contextAfterEmit, contextAt } from "./baggage.js";
import type { Origin } from "./origin.js";
import type { Choice } from "./choice.js";
import type { NodeId } from "./node-id.js";
import type { Causes, EventKind, StepObserver } from "./observer.js";
import type { System } from "./system.js";
import type { Value } from "./value.js";

/**
 * Moves contexts along every causal edge, and nothing else: the observer of a blind search over a scenario with active
 * bags. Its origins carry no event number, so that equal worlds stay equal.
 */
export class Carrier implements StepObserver {
  constructor(
    private readonly system: System,
    private readonly bags: readonly AnyBag[],
  ) {}

  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin {
    const event = { id: -1, kind, participant: placeOf(this.system, kind, participant), choice };
    return { event: -1, context: contextAt(this.bags, causes, event) };
  }

  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin {
    const context = contextAfterEmit(this.bags, origin.context, tracepoint, fields);
    return context === origin.context ? origin : { event: origin.event, context };
  }
}

/** The observer without which a system's meaning is incomplete: one that moves its active bags, if there are any. */
export function blindObserver(system: System): StepObserver | undefined {
  return system.activeBags.length === 0 ? undefined : new Carrier(system, system.activeBags);
}

/** Where an event happens: a node or a client; undefined for what happens in the network. */
export function placeOf(system: System, kind: EventKind, participant: number): NodeId | undefined {
  switch (kind) {
    case "drop":
    case "duplicate":
    case "delay":
    case "error":
    case "lost":
    case "partition":
    case "heal":
      return undefined;
    default:
      return system.participants[participant];
  }
}
