import { List } from "immutable";
import type { Monitor, Observation } from "../../../sim/monitor.js";
import { run } from "../../../sim/run.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import type { System } from "../../../sim/system.js";
import { encode } from "../../../sim/value.js";
import { type History, type HistoryEvent, historyOf } from "../operation.js";
import { type ClientOperations, requestOf } from "./client-operations.js";
import { unreadable } from "./client-objects.js";

/** What a client does. */
type ClientEvent = Extract<Observation, { readonly kind: "invoke" | "return" | "give-up" }>;

/** What the clients do in the run of these choices, in its order; it is followed once more for that. */
export function clientEvents(system: System, choices: readonly string[]): readonly ClientEvent[] {
  const watching = { ...system, monitors: [everything], properties: [] };
  const { world } = run(watching, replaying(choices), { maxSteps: choices.length });
  return [...(world.monitors[0] as List<ClientEvent>)];
}

const everything: Monitor<List<ClientEvent>> = {
  name: "all that clients do",
  start: List(),
  on: (events, event) => (isClientEvent(event) ? events.push(event) : events),
};

function isClientEvent(event: Observation): event is ClientEvent {
  return event.kind === "invoke" || event.kind === "return" || event.kind === "give-up";
}

/**
 * What clients did as the history of an object: requests that are none of the object's are left out, and what was given up
 * or got a reply that tells nothing is of unknown outcome.
 *
 * @throws UnusableHistory where the object's reading of a request or a reply throws or gives no value.
 */
export function historyOfEvents(events: readonly ClientEvent[], operations: ClientOperations): History {
  try {
    return historyOf(events.flatMap((event) => historyEvents(event, operations)));
  } catch (error) {
    throw unreadable(operations, error);
  }
}

function historyEvents(event: ClientEvent, operations: ClientOperations): readonly HistoryEvent[] {
  const request = requestOf(operations, event.client, event.request);
  if (request === null) return [];
  if (event.kind === "invoke") return [{ ...request, type: "invoke" }];
  const answer = event.kind === "return" ? operations.answer(event.reply, event.request) : undefined;
  if (answer === undefined) return [{ ...request, type: "info" }];
  encode(answer);
  return [{ ...request, type: "ok", value: answer }];
}
