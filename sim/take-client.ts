import { putInFlight } from "./apply-effects.js";
import { carriedText } from "./baggage.js";
import type { Origin } from "./origin.js";
import type { MessageChoice, Operation } from "./choice.js";
import { nextOperations } from "./client.js";
import type { Call, Message } from "./message.js";
import type { InFlight } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import { observe } from "./observe.js";
import { type ChoiceOf, spend, type Stage } from "./stage.js";
import type { CompiledClient, System } from "./system.js";
import { encode } from "./value.js";
import type { ClientSlot } from "./world.js";

/** A client invokes its next operation: the request is in flight from then on. */
export function invoke(stage: Stage, choice: ChoiceOf<"invoke">): void {
  const { system, world, observer } = stage;
  const to = system.numberOf(choice.client) as number;
  const number = to - system.nodes.length;
  const slot = world.clients[number] as ClientSlot;
  const client = system.clients[number] as CompiledClient;
  const place = { kind: "workload", owner: String(client.id) } as const;
  const operation = choice.operation ?? nextOperations(client, slot)[0];
  if (operation === undefined) {
    throw new NodeFailure(
      place,
      "is not deterministic: it has given an operation, and for the same results it gives none.",
    );
  }
  const causes = { via: "program", cause: undefined, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("invoke", to, choice, causes);
  const index = slot.next;
  const bags = carriedText(system.activeBags, origin, ["program"]);
  world.clients[number] = { next: index + 1, open: operation, results: slot.results, origin, bags, text: undefined };
  const target = system.numberOf(operation.to);
  if (target === undefined || target >= system.nodes.length) {
    throw new NodeFailure(
      place,
      `sends ${encode(operation.message)} to ${String(operation.to)}, which is no node; there are ${system.nodes.map(({ name }) => name).join(", ")}.`,
    );
  }
  observe(system, world, () => ({
    kind: "invoke",
    client: client.id,
    index,
    to: operation.to,
    request: operation.message,
  }));
  const call = Object.freeze({ client: client.id, index });
  putInFlight(stage, to, target, operation.message, call, origin, place);
}

/** An answer to the open operation returns it; anything else that reaches a client changes nothing. */
export function deliverToClient({ system, world, observer }: Stage, choice: MessageChoice, item: InFlight): void {
  const { receiver: to } = item;
  const number = to - system.nodes.length;
  const slot = world.clients[number] as ClientSlot;
  const client = system.clients[number] as CompiledClient;
  const index = slot.next - 1;
  const answered = slot.open !== undefined && isCall(item.call, client, index);
  const causes = { via: "message", cause: item, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("deliver", to, choice, causes);
  if (!answered) {
    const bags = carriedText(system.activeBags, origin, ["program"]);
    world.clients[number] = { ...slot, origin, bags, text: bags === slot.bags ? slot.text : undefined };
    return;
  }
  const request = (slot.open as Operation).message;
  world.clients[number] = closed(system, slot, item.message, origin);
  observe(system, world, () => ({
    kind: "return",
    client: client.id,
    index,
    from: item.from,
    request,
    reply: item.message,
  }));
  observer?.closed?.(number);
}

function isCall(call: Call | undefined, client: CompiledClient, index: number): boolean {
  if (typeof call !== "object" || call === null) return false;
  const named = call as { readonly client?: unknown; readonly index?: unknown };
  return named.client === client.id && named.index === index;
}

function closed(system: System, slot: ClientSlot, result: Message | null, origin: Origin | undefined): ClientSlot {
  const bags = carriedText(system.activeBags, origin, ["program"]);
  return { next: slot.next, open: undefined, results: slot.results?.push(result), origin, bags, text: undefined };
}

/** A client stops waiting: its operation is closed with an unknown outcome. */
export function giveUp({ system, world, observer }: Stage, choice: ChoiceOf<"give-up">): void {
  const participant = system.numberOf(choice.client) as number;
  const number = participant - system.nodes.length;
  const slot = world.clients[number] as ClientSlot;
  spend(world, "give-up");
  const causes = { via: "program", cause: undefined, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("give-up", participant, choice, causes);
  const request = (slot.open as Operation).message;
  world.clients[number] = closed(system, slot, null, origin);
  observe(system, world, () => ({ kind: "give-up", client: choice.client, index: choice.index, request }));
  observer?.closed?.(number);
}
