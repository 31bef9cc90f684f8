import { carriedText } from "./baggage.js";
import { noOrigin, type Origin } from "./origin.js";
import type { Effect } from "./effect.js";
import type { CodePlace } from "./guard.js";
import type { Call, Message } from "./message.js";
import type { InFlight } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import type { NodeId } from "./node-id.js";
import type { Reaction } from "./node.js";
import { observe } from "./observe.js";
import { freeze, freezeWhole } from "./freeze.js";
import type { Stage } from "./stage.js";
import type { CompiledNode, System } from "./system.js";
import { byCodeUnits, encode, UnusableValue, type Value } from "./value.js";
import type { NodeSlot, PendingChoice, Stable, Timer } from "./world.js";

/**
 * Applies a reaction to a node's slot: the new state, and the effects in their listed order.
 *
 * @param mute messages to others are not sent: initial data.
 * @throws NodeFailure for an effect that cannot be applied, naming node and handler.
 */
export function applyReaction(
  stage: Stage,
  number: number,
  slot: NodeSlot,
  place: CodePlace,
  reaction: Reaction<unknown>,
  origin: Origin | undefined,
  mute = false,
): void {
  const { system, world, observer } = stage;
  let { stable, unflushed, timers, pending } = slot;
  let here = origin;
  for (const effect of reaction.effects) {
    switch (effect.kind) {
      case "send":
        if (!mute) sendMessage(stage, number, place, effect, here);
        break;
      case "set-timer":
        timers = withTimer(stage, number, place, timers, effect, here);
        break;
      case "cancel-timer":
        timers = timers.filter((timer) => timer.name !== effect.timer);
        break;
      case "save":
        stable = stored(system, place, effect.value, here);
        unflushed = undefined;
        break;
      case "save-later":
        unflushed = stored(system, place, effect.value, here);
        observer?.savedLater?.(number);
        break;
      case "choose":
        pending = withChoice(stage, number, place, pending, effect, here);
        break;
      case "emit":
        here = emitted(stage, number, effect, here);
        break;
    }
  }
  world.nodes[number] = {
    up: true,
    state: reaction.state,
    stable,
    unflushed,
    timers,
    pending,
    origin: here,
    bags: carriedText(system.activeBags, here, programEdges),
    place,
    text: undefined,
    stateText: reaction.state === slot.state ? slot.stateText : undefined,
  };
  observer?.reacted?.(number, reaction);
}

function sendMessage(
  stage: Stage,
  number: number,
  place: CodePlace,
  effect: Extract<Effect, { kind: "send" }>,
  origin: Origin | undefined,
): void {
  const { system } = stage;
  const { message, call } = effect;
  const to = system.numberOf(effect.to);
  if (to === undefined) {
    throw new NodeFailure(
      place,
      `sends ${encodeOrRefuse(place, message)} to ${String(effect.to)}, which is no participant; ` +
        `there are ${system.participants.join(", ")}.`,
    );
  }
  putInFlight(stage, number, to, message, call, origin, place);
}

/** The edges along which a message's context goes on. */
export const messageEdges = ["message", "duplicate"] as const;
const programEdges = ["program"] as const;

/** Sends a message from one participant, by number, to another. */
export function putInFlight(
  { system, world, observer }: Stage,
  sender: number,
  receiver: number,
  message: Message,
  call: Call | undefined,
  origin: Origin = noOrigin,
  place: CodePlace,
): void {
  freeze(message);
  freeze(call);
  const { event, context } = origin;
  const item: InFlight = {
    from: system.participants[sender] as NodeId,
    to: system.participants[receiver] as NodeId,
    message,
    call,
    sender,
    receiver,
    delayed: false,
    event,
    context,
    bags: carriedText(system.activeBags, origin, messageEdges),
    text: undefined,
  };
  try {
    world.network.add(sender, receiver, item);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    throw new NodeFailure(place, `sends a message that cannot be kept: ${error.message}`, error);
  }
  observer?.sent?.(item);
}

function withTimer(
  { system, observer }: Stage,
  number: number,
  place: CodePlace,
  timers: readonly Timer[],
  effect: Extract<Effect, { kind: "set-timer" }>,
  origin: Origin | undefined,
): readonly Timer[] {
  const { timer: name, delay } = effect;
  if (!Number.isSafeInteger(delay) || delay < 1) {
    throw new NodeFailure(place, `sets the timer "${name}" to ${delay} ticks; give a whole number from 1.`);
  }
  const { definition } = system.nodes[number] as CompiledNode;
  if (definition.onTimer?.[name] === undefined) {
    throw new NodeFailure(place, `sets the timer "${name}", but the node has no onTimer.${name}.`);
  }
  const timer = { name, delay, origin, bags: carriedText(system.activeBags, origin, ["timer"]) };
  observer?.timerSet?.(number, timer);
  return [...timers.filter((other) => other.name !== name), timer];
}

function withChoice(
  { system, observer }: Stage,
  number: number,
  place: CodePlace,
  pending: readonly PendingChoice[],
  effect: Extract<Effect, { kind: "choose" }>,
  origin: Origin | undefined,
): readonly PendingChoice[] {
  const { label } = effect;
  const others = pending.filter((choice) => choice.label !== label);
  if (effect.options.length === 0) return others;
  const { definition } = system.nodes[number] as CompiledNode;
  if (definition.onChoice?.[label] === undefined) {
    throw new NodeFailure(place, `asks for the choice "${label}", but the node has no onChoice.${label}.`);
  }
  freeze(effect.options);
  const options = new Map(effect.options.map((value) => [encodeOrRefuse(place, value), value]));
  const choice = {
    label,
    options: [...options].sort(([a], [b]) => byCodeUnits(a, b)).map(([text, value]) => ({ value, text })),
    origin,
    bags: carriedText(system.activeBags, origin, ["choice"]),
  };
  observer?.asked?.(number, choice);
  return [...others, choice].sort((a, b) => byCodeUnits(a.label, b.label));
}

function stored(system: System, place: CodePlace, value: Value, origin: Origin | undefined): Stable {
  const text = encodeOrRefuse(place, value);
  freezeWhole(value);
  return { value, origin, bags: carriedText(system.activeBags, origin, ["storage"]), text };
}

function emitted(
  { system, world, observer }: Stage,
  number: number,
  effect: Extract<Effect, { kind: "emit" }>,
  origin: Origin | undefined,
): Origin | undefined {
  const { tracepoint, fields } = effect;
  const { id } = system.nodes[number] as CompiledNode;
  freeze(fields);
  observe(system, world, () => ({ kind: "emit", node: id, tracepoint, fields }));
  return origin === undefined ? undefined : (observer?.emitted(origin, tracepoint, fields) ?? origin);
}

function encodeOrRefuse(place: CodePlace, value: Value): string {
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    throw new NodeFailure(place, `hands over a value that cannot be kept: ${error.message}`, error);
  }
}
