import { messageEdges, putInFlight } from "./apply-effects.js";
import { carriedText } from "./baggage.js";
import type { EdgeKind } from "./edge.js";
import { noOrigin } from "./origin.js";
import { describeChoice, type MessageChoice, type MessageFault } from "./choice.js";
import { boundaryOf } from "./enabled.js";
import type { CodePlace } from "./guard.js";
import { contextFor, handle, placeIn } from "./handle.js";
import type { Message, Sender } from "./message.js";
import type { InFlight } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import type { NodeId } from "./node-id.js";
import { observe } from "./observe.js";
import { spend, type Stage } from "./stage.js";
import type { CompiledNode } from "./system.js";
import { deliverToClient } from "./take-client.js";
import { encode } from "./value.js";
import type { NodeSlot } from "./world.js";

/** Decides the fate of a message in flight: delivery, or a fault. */
export function takeMessage(stage: Stage, choice: MessageChoice): void {
  const { network } = stage.world;
  const { kind, message } = choice;
  const { sender: from, receiver: to } = message;
  const position = network.find(from, to, message);
  if (position < 0) throw new Error(`${describeChoice(choice)} is not enabled: there is no such message in flight.`);
  const item = network.queue(from, to)[position] as InFlight;
  if (kind !== "duplicate" && network.order(from, to) !== "set") network.remove(from, to, position);
  if (kind === "deliver") deliver(stage, choice, item);
  else befall(stage, choice, kind, item, position);
}

/** A fault befalls a message that has stood at this position of its link. */
function befall(stage: Stage, choice: MessageChoice, kind: MessageFault, item: InFlight, position: number): void {
  const { system, world, observer } = stage;
  const { sender, receiver } = item;
  spend(world, kind);
  const via: EdgeKind = kind === "duplicate" ? "duplicate" : "message";
  const causes = { via, cause: item, previous: undefined, stored: undefined };
  const origin = observer?.begin(kind, receiver, choice, causes);
  observe(system, world, () => ({ kind, from: item.from, to: item.to, message: item.message }));
  switch (kind) {
    case "drop":
      return;
    case "delay":
      return addAndTell(stage, { ...item, delayed: true });
    case "duplicate": {
      const bags = carriedText(system.activeBags, origin, messageEdges);
      const { event, context } = origin ?? noOrigin;
      const copy = { ...item, event, context, bags, text: bags === item.bags ? item.text : undefined };
      world.network.duplicate(sender, receiver, position, copy);
      return observer?.sent?.(copy);
    }
    case "error": {
      const boundary = boundaryOf(system, item.to, item.message.kind);
      const place: CodePlace = { kind: "node", owner: String(item.to), part: "errors" };
      return putInFlight(stage, receiver, sender, boundary?.reply as Message, item.call, origin, place);
    }
  }
}

function addAndTell({ world, observer }: Stage, item: InFlight): void {
  world.network.add(item.sender, item.receiver, item);
  observer?.sent?.(item);
}

function deliver(stage: Stage, choice: MessageChoice, item: InFlight): void {
  const { system, world, observer } = stage;
  const { receiver: to } = item;
  if (to >= system.nodes.length) return deliverToClient(stage, choice, item);
  const slot = world.nodes[to] as NodeSlot;
  const causes = { via: "message", cause: item, previous: slot.origin, stored: undefined } as const;
  if (!slot.up) {
    observer?.begin("lost", to, choice, { ...causes, previous: undefined });
    return;
  }
  const { from, message, call } = item;
  const origin = observer?.begin("deliver", to, choice, causes);
  const sender = call === undefined ? plainSender(from) : Object.freeze({ node: from, call });
  const place = placeIn(system, to, "onMessage", message.kind);
  const handler = (system.nodes[to] as CompiledNode).definition.onMessage[message.kind];
  if (handler === undefined) {
    throw new NodeFailure(place, `is missing: ${from} sends ${encode(message)} to it. Add a handler for this kind.`);
  }
  const inputs = [slot.state, message, sender, contextFor(system, to, origin)];
  handle(stage, to, slot, place, handler, inputs, origin);
}

const plainSenders = new WeakMap<NodeId, Sender>();

/** The sender of a message without a call: one frozen value for each node. */
function plainSender(node: NodeId): Sender {
  let sender = plainSenders.get(node);
  if (sender === undefined) {
    sender = Object.freeze({ node });
    plainSenders.set(node, sender);
  }
  return sender;
}
