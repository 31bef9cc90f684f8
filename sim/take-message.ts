import { messageEdges, putInFlight } from "./apply-effects.js";
import { carriedText, type EdgeKind } from "./baggage.js";
import { describeChoice, type MessageChoice } from "./choice.js";
import { boundaryOf } from "./enabled.js";
import { handle, reacting } from "./handle.js";
import type { Message, Sender } from "./message.js";
import type { InFlight } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import type { NodeId } from "./node-id.js";
import { observe } from "./observe.js";
import type { StepObserver } from "./observer.js";
import type { CompiledNode } from "./system.js";
import { deliverToClient } from "./take-client.js";
import { spend, type Taking } from "./taking.js";
import { encode } from "./value.js";
import type { NodeSlot, World } from "./world.js";

/** Decides the fate of a message in flight: delivery, or a fault. */
export function takeMessage({ system, world, choice, observer }: Taking<MessageChoice>): void {
  const { envelope } = choice.message;
  const from = system.numberOf(envelope.from) as number;
  const to = system.numberOf(envelope.to) as number;
  const { network } = world;
  const queue = network.queue(from, to);
  const position = network.find(from, to, choice.message);
  if (position < 0) throw new Error(`${describeChoice(choice)} is not enabled: there is no such message in flight.`);
  const item = queue[position] as InFlight;
  if (choice.kind !== "duplicate" && network.order(from, to) !== "set") network.remove(from, to, position);
  if (choice.kind === "deliver") return deliver({ system, world, choice, observer }, item, to);

  spend(world, choice.kind);
  const via: EdgeKind = choice.kind === "duplicate" ? "duplicate" : "message";
  const origin = observer?.begin(choice.kind, to, choice, {
    via,
    cause: item.origin,
    previous: undefined,
    stored: undefined,
  });
  observe(system, world, () => ({
    kind: choice.kind as "drop",
    from: envelope.from,
    to: envelope.to,
    message: envelope.message,
  }));
  switch (choice.kind) {
    case "drop":
      return;
    case "delay":
      return addAndTell(world, observer, { ...item, delayed: true }, from, to);
    case "duplicate": {
      const bags = carriedText(system.activeBags, origin, messageEdges);
      const copy = { ...item, origin, bags, text: bags === item.bags ? item.text : undefined };
      network.duplicate(from, to, position, copy);
      return observer?.sent?.(copy, from, to);
    }
    case "error": {
      const boundary = boundaryOf(system, envelope.to, envelope.message.kind);
      const answer = { from: envelope.to, to: envelope.from, message: boundary?.reply as Message };
      return putInFlight(system, world, {
        envelope: envelope.call === undefined ? answer : { ...answer, call: envelope.call },
        from: to,
        to: from,
        origin,
        observer,
        place: { kind: "node", owner: String(envelope.to), part: "errors" },
      });
    }
  }
}

function addAndTell(world: World, observer: StepObserver | undefined, item: InFlight, from: number, to: number): void {
  world.network.add(from, to, item);
  observer?.sent?.(item, from, to);
}

function deliver(taking: Taking<MessageChoice>, item: InFlight, to: number): void {
  const { system, world, choice, observer } = taking;
  if (to >= system.nodes.length) return deliverToClient(taking, item, to);
  const slot = world.nodes[to] as NodeSlot;
  const causes = { via: "message", cause: item.origin, previous: slot.origin, stored: undefined } as const;
  if (!slot.up) {
    observer?.begin("lost", to, choice, { ...causes, previous: undefined });
    return;
  }
  const { from, message, call } = item.envelope;
  const node = system.nodes[to] as CompiledNode;
  const origin = observer?.begin("deliver", to, choice, causes);
  const sender = call === undefined ? plainSender(from) : Object.freeze({ node: from, call });
  const at = reacting(taking, to, "onMessage", message.kind);
  const handler = node.definition.onMessage[message.kind];
  if (handler === undefined) {
    throw new NodeFailure(at.place, `is missing: ${from} sends ${encode(message)} to it. Add a handler for this kind.`);
  }
  handle(at, slot, handler, [slot.state, message, sender], origin);
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
