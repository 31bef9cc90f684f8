import type { Context as Baggage } from "../../sim/origin.js";
import type { Call, Message } from "../../sim/message.js";
import type { NodeId } from "../../sim/node-id.js";
import type { EventKind } from "../../sim/observer.js";
import type { Trace } from "../../sim/trace.js";
import type { Value } from "../../sim/value.js";
import type { CellPath } from "../provenance/machine.js";

/** What happens to a node, as content; equal happenings are equal inputs. */
export type NodeInput =
  | { readonly kind: "initial"; readonly message: Message }
  | Delivery
  | { readonly kind: "fire"; readonly timer: string }
  | { readonly kind: "choose"; readonly label: string; readonly option: Value }
  | { readonly kind: "flush" | "crash" | "recover" }
  /** Nothing happens, and somebody looks at these cells of the node's memory. */
  | { readonly kind: "look"; readonly at: readonly CellPath[] };

/** A message that reaches the node. */
export interface Delivery {
  readonly kind: "deliver";
  readonly from: NodeId;
  readonly message: Message;
  readonly call?: Call;
  /** What the active bags carry with it. */
  readonly baggage: Baggage;
  readonly bags: string;
  /** Of a message in whose place others may come: the place. */
  readonly slot?: number;
  /** It is not the message of the run, and comes only if no other has come in its place. */
  readonly isVariant?: true;
}

/** The kinds of events that are inputs of a node; a start is none, because the machine starts after it. */
const inputKinds: ReadonlySet<EventKind> = new Set([
  "initial",
  "deliver",
  "lost",
  "fire",
  "choose",
  "flush",
  "crash",
  "recover",
]);

/** The events of a node that are its machine's inputs, in order. */
export function inputEvents(trace: Trace, node: number): number[] {
  const events: number[] = [];
  for (let event = 0; event < trace.length; event += 1) {
    if (trace.participants.get(event) === node && inputKinds.has(trace.kind(event))) events.push(event);
  }
  return events;
}

/** The input that an event was. `position` counts the node's initial data. */
export function inputOf(trace: Trace, event: number, node: number, position: number): NodeInput {
  const choice = trace.choices[event];
  if (choice === undefined) return { kind: "initial", message: trace.system.nodes[node]?.initial[position] as Message };
  switch (choice.kind) {
    case "deliver": {
      const { from, message, call, context, bags } = choice.message;
      const baggage = context.slice(0, trace.system.activeBags.length);
      return { kind: "deliver", from, message, ...(call === undefined ? {} : { call }), baggage, bags };
    }
    case "fire":
      return { kind: "fire", timer: choice.timer };
    case "choose":
      return { kind: "choose", label: choice.label, option: choice.option };
    case "flush":
    case "crash":
    case "recover":
      return { kind: choice.kind };
    default:
      throw new Error(`The event ${event} is no input of a node.`);
  }
}
