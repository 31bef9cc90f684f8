import type { Call, Message, Sender } from "./message.js";
import type { NodeId } from "./node-id.js";
import type { Value } from "./value.js";

/** What a handler asks for. Effects are applied in the listed order, in the same step as the handler. */
export type Effect =
  | { readonly kind: "send"; readonly to: NodeId; readonly message: Message; readonly call?: Call }
  | { readonly kind: "set-timer"; readonly timer: string; readonly delay: number }
  | { readonly kind: "cancel-timer"; readonly timer: string }
  | { readonly kind: "save"; readonly value: Value }
  | { readonly kind: "save-later"; readonly value: Value }
  | { readonly kind: "choose"; readonly label: string; readonly options: readonly Value[] }
  | { readonly kind: "emit"; readonly tracepoint: string; readonly fields: { readonly [name: string]: Value } };

/** Sends a message. A `call` tags it; the answer, given with `reply`, carries the tag back. */
export function send<Sent extends Message>(to: NodeId, message: Sent, options?: { readonly call: Call }): Effect {
  return options === undefined ? { kind: "send", to, message } : { kind: "send", to, message, call: options.call };
}

/** Answers a sender: the message goes to its node and carries its call back. */
export function reply<Sent extends Message>(from: Sender, message: Sent): Effect {
  return from.call === undefined
    ? { kind: "send", to: from.node, message }
    : { kind: "send", to: from.node, message, call: from.call };
}

/** Sets a timer; setting a pending name replaces it. `delay` is a whole number of ticks, at least 1. */
export function setTimer(timer: string, delay: number): Effect {
  return { kind: "set-timer", timer, delay };
}

export function cancelTimer(timer: string): Effect {
  return { kind: "cancel-timer", timer };
}

/** Replaces the node's stable storage, in one piece with its reaction; `recover` is given it after a crash. */
export function save(value: Value): Effect {
  return { kind: "save", value };
}

/** Replaces the node's stable storage at some later moment; a crash before that moment loses the value. */
export function saveLater(value: Value): Effect {
  return { kind: "save-later", value };
}

/**
 * Leaves a decision to the scheduler: one of the options is given to `onChoice[label]` at some later step.
 *
 * Never blocks. One choice is pending per label: asking again replaces it, and no options withdraw it.
 */
export function choose(label: string, options: readonly Value[]): Effect {
  return { kind: "choose", label, options };
}

/** Reports fields at a tracepoint of this name, for queries and monitors; no node can see it. */
export function emit(tracepoint: string, fields: { readonly [name: string]: Value } = {}): Effect {
  return { kind: "emit", tracepoint, fields };
}

/** What is wrong with what stands among the effects of a reaction and is none. */
export function notAnEffect(found: unknown): string {
  if (Array.isArray(found)) return "gives an array where an effect should be; spread it: become(state, ...effects).";
  if (typeof found === "object" && found !== null) {
    const { kind } = found as { readonly kind?: unknown };
    return `gives an effect of unknown kind ${String(kind)}; make effects with send, reply, setTimer and the like.`;
  }
  return `gives ${String(found)} where an effect should be; leave it out, as in ...(condition ? [effect] : []).`;
}
