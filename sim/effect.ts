import type { Call, Message, Sender } from "./message.js";
import { NodeId } from "./node-id.js";
import { isFields, shown } from "./shown.js";
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
  const { node: to, call } = (from as Sender | undefined) ?? { node: from as never };
  return call === undefined ? { kind: "send", to, message } : { kind: "send", to, message, call };
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

/** What is wrong with what stands among the effects of a reaction, as said of its handler; undefined when nothing is. */
export function wrongEffect(found: Effect): string | undefined {
  switch ((found as Effect | undefined)?.kind) {
    case "send":
      return wrongSend(found as EffectOf<"send">);
    case "set-timer":
    case "cancel-timer": {
      const { timer } = found as EffectOf<"cancel-timer">;
      return typeof timer === "string" ? undefined : `names a timer ${shown(timer)}; names are strings.`;
    }
    case "choose": {
      const { label, options } = found as EffectOf<"choose">;
      if (typeof label !== "string") return `asks for the choice ${shown(label)}; it is choose(label, options).`;
      if (Array.isArray(options)) return undefined;
      return `asks for the choice "${label}" among ${shown(options)}; give the options in an array.`;
    }
    case "emit": {
      const { tracepoint, fields } = found as EffectOf<"emit">;
      if (typeof tracepoint !== "string") return `emits at ${shown(tracepoint)}; it is emit(tracepoint, fields).`;
      if (isFields(fields)) return undefined;
      return `emits ${shown(fields)} at "${tracepoint}"; give fields by name, as in { value: ... }.`;
    }
    case "save":
    case "save-later":
      return undefined;
    default:
      return notAnEffect(found);
  }
}

type EffectOf<Kind extends Effect["kind"]> = Extract<Effect, { readonly kind: Kind }>;

function wrongSend({ to, message }: EffectOf<"send">): string | undefined {
  if (typeof to === "string") {
    return `sends to "${String(to)}", a string; say which node it is: nodeId("${String(to)}").`;
  }
  if (!(to instanceof NodeId)) {
    return `sends to ${shown(to)}, which is no node; it is send(node, message) and reply(from, message).`;
  }
  if (typeof (message as Message | undefined)?.kind === "string") return undefined;
  return "sends a message without a `kind`; messages are { kind: ..., ... }.";
}

function notAnEffect(found: unknown): string {
  if (Array.isArray(found)) return "gives an array where an effect should be; spread it: become(state, ...effects).";
  if (typeof found === "object" && found !== null) {
    const { kind } = found as { readonly kind?: unknown };
    return `gives an effect of unknown kind ${String(kind)}; make effects with send, reply, setTimer and the like.`;
  }
  return `gives ${String(found)} where an effect should be; leave it out, as in ...(condition ? [effect] : []).`;
}
