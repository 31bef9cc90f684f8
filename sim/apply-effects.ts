import { carriedText, type Origin } from "./baggage.js";
import type { Effect } from "./effect.js";
import type { Place } from "./guard.js";
import type { InFlight } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import type { Reaction } from "./node.js";
import { observe } from "./observe.js";
import type { StepObserver } from "./observer.js";
import { freeze } from "./react.js";
import type { CompiledNode, System } from "./system.js";
import { byCodeUnits, encode, UnusableValue, type Value } from "./value.js";
import type { NodeSlot, PendingChoice, Stable, Timer, World } from "./world.js";

/** A reaction's surroundings while its effects are applied. */
export interface Reacting {
  readonly system: System;
  readonly world: World;
  readonly number: number;
  readonly place: Place;
  readonly observer: StepObserver | undefined;
  /** Messages to others are not sent: initial data. */
  readonly mute?: boolean;
}

/**
 * Applies a reaction: the new state, and the effects in their listed order.
 *
 * @throws NodeFailure for an effect that cannot be applied, naming node and handler.
 */
export function applyReaction(
  at: Reacting,
  slot: NodeSlot,
  reaction: Reaction<unknown>,
  origin: Origin | undefined,
): void {
  let { stable, unflushed, timers, pending } = slot;
  let here = origin;
  for (const effect of reaction.effects) {
    switch (effect?.kind) {
      case "send":
        if (at.mute !== true) sendMessage(at, effect, here);
        break;
      case "set-timer":
        timers = withTimer(at, timers, effect, here);
        break;
      case "cancel-timer":
        timers = timers.filter((timer) => timer.name !== effect.timer);
        break;
      case "save":
        stable = stored(at, effect.value, here);
        unflushed = undefined;
        break;
      case "save-later":
        unflushed = stored(at, effect.value, here);
        at.observer?.savedLater?.(at.number);
        break;
      case "choose":
        pending = withChoice(at, pending, effect, here);
        break;
      case "emit":
        here = emitted(at, effect, here);
        break;
      default:
        throw new NodeFailure(
          at.place,
          `gives an effect of unknown kind ${String((effect as { kind?: unknown } | undefined)?.kind)}.`,
        );
    }
  }
  at.world.nodes[at.number] = {
    up: true,
    state: reaction.state,
    stable,
    unflushed,
    timers,
    pending,
    origin: here,
    bags: carriedText(at.system.activeBags, here, ["program"]),
    place: at.place,
    text: undefined,
  };
  at.observer?.reacted?.(at.number, reaction);
}

function sendMessage(at: Reacting, effect: Extract<Effect, { kind: "send" }>, origin: Origin | undefined): void {
  const from = (at.system.nodes[at.number] as CompiledNode).id;
  const to = at.system.numberOf(effect.to);
  if (to === undefined) {
    throw new NodeFailure(
      at.place,
      `sends ${encodeOrRefuse(at.place, effect.message)} to ${String(effect.to)}, which is no participant; ` +
        `there are ${at.system.participants.join(", ")}.`,
    );
  }
  if (typeof effect.message?.kind !== "string") {
    throw new NodeFailure(at.place, "sends a message without a `kind`; messages are { kind: ..., ... }.");
  }
  const { message, call } = effect;
  const envelope = call === undefined ? { from, to: effect.to, message } : { from, to: effect.to, message, call };
  putInFlight(at.system, at.world, { envelope, from: at.number, to, origin, observer: at.observer, place: at.place });
}

/** A message on its way, with the numbers of its ends. */
export interface Sending {
  readonly envelope: InFlight["envelope"];
  readonly from: number;
  readonly to: number;
  readonly origin: Origin | undefined;
  readonly observer: StepObserver | undefined;
  readonly place: Place;
}

/** The edges along which a message's context goes on. */
export const messageEdges = ["message", "duplicate"] as const;

export function putInFlight(system: System, world: World, sending: Sending): void {
  const { envelope, from, to, origin, observer } = sending;
  freeze(envelope.message);
  freeze(envelope.call);
  const item: InFlight = {
    envelope,
    delayed: false,
    origin,
    bags: carriedText(system.activeBags, origin, messageEdges),
    text: undefined,
    hash: undefined,
  };
  try {
    world.network.add(from, to, item);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    throw new NodeFailure(sending.place, `sends a message that cannot be kept: ${error.message}`, error);
  }
  observer?.sent?.(item, from, to);
}

function withTimer(
  at: Reacting,
  timers: readonly Timer[],
  effect: Extract<Effect, { kind: "set-timer" }>,
  origin: Origin | undefined,
): readonly Timer[] {
  const { timer: name, delay } = effect;
  if (!Number.isSafeInteger(delay) || delay < 1) {
    throw new NodeFailure(at.place, `sets the timer "${name}" to ${delay} ticks; give a whole number from 1.`);
  }
  const { definition } = at.system.nodes[at.number] as CompiledNode;
  if (definition.onTimer?.[name] === undefined) {
    throw new NodeFailure(at.place, `sets the timer "${name}", but the node has no onTimer.${name}.`);
  }
  const timer = { name, delay, origin, bags: carriedText(at.system.activeBags, origin, ["timer"]) };
  at.observer?.timerSet?.(at.number, timer);
  return [...timers.filter((other) => other.name !== name), timer];
}

function withChoice(
  at: Reacting,
  pending: readonly PendingChoice[],
  effect: Extract<Effect, { kind: "choose" }>,
  origin: Origin | undefined,
): readonly PendingChoice[] {
  const { label } = effect;
  const others = pending.filter((choice) => choice.label !== label);
  if (effect.options.length === 0) return others;
  const { definition } = at.system.nodes[at.number] as CompiledNode;
  if (definition.onChoice?.[label] === undefined) {
    throw new NodeFailure(at.place, `asks for the choice "${label}", but the node has no onChoice.${label}.`);
  }
  freeze(effect.options);
  const options = new Map(effect.options.map((value) => [encodeOrRefuse(at.place, value), value]));
  const choice = {
    label,
    options: [...options].sort(([a], [b]) => byCodeUnits(a, b)).map(([text, value]) => ({ value, text })),
    origin,
    bags: carriedText(at.system.activeBags, origin, ["choice"]),
  };
  at.observer?.asked?.(at.number, choice);
  return [...others, choice].sort((a, b) => byCodeUnits(a.label, b.label));
}

function stored(at: Reacting, value: Value, origin: Origin | undefined): Stable {
  freeze(value);
  encodeOrRefuse(at.place, value);
  return { value, origin, bags: carriedText(at.system.activeBags, origin, ["storage"]) };
}

function emitted(
  at: Reacting,
  effect: Extract<Effect, { kind: "emit" }>,
  origin: Origin | undefined,
): Origin | undefined {
  const { tracepoint, fields } = effect;
  const { id } = at.system.nodes[at.number] as CompiledNode;
  freeze(fields);
  observe(at.system, at.world, () => ({ kind: "emit", node: id, tracepoint, fields }));
  return origin === undefined ? undefined : (at.observer?.emitted(origin, tracepoint, fields) ?? origin);
}

function encodeOrRefuse(place: Place, value: Value): string {
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    throw new NodeFailure(place, `hands over a value that cannot be kept: ${error.message}`, error);
  }
}
