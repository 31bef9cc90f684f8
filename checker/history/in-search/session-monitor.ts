import { List, Map as ImmutableMap, Record } from "immutable";
import type { Observation } from "../../../sim/monitor.js";
import type { NodeId } from "../../../sim/node-id.js";
import type { Value } from "../../../sim/value.js";
import { type History, type HistoryEvent, historyOf, type Outcome, type Request } from "../operation.js";
import type { HistoryMonitor } from "./client-objects.js";
import { type ClientOperations, requestOf } from "./client-operations.js";

/** An operation of a session, with its answer if it has returned. */
class Done extends Record({ request: null as Value, outcome: "info" as Outcome, output: null as Value }) {}

/** What each client asked and was answered, in its own order. */
export type Sessions = ImmutableMap<NodeId, List<Done>>;

/**
 * Keeps what each client asked and was answered, and not how their operations lay in time: all that the models weaker
 * than linearizability need, so that runs which differ only in that are one world.
 */
export function sessionMonitor(name: string, operations: ClientOperations): HistoryMonitor<Sessions> {
  return { name, start: ImmutableMap(), operations, on: (sessions, event) => follow(sessions, event, operations) };
}

/** The sessions as a history: one after the other, what is open as of unknown outcome. */
export function historyOfSessions(sessions: Sessions): History {
  const names = [...sessions.keys()].map((client) => ({ client, name: String(client) }));
  names.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return historyOf(
    names.flatMap(({ client }) =>
      (sessions.get(client) ?? List<Done>()).toArray().flatMap(({ request, outcome, output }): HistoryEvent[] => [
        { ...(request as Request), type: "invoke" },
        { ...(request as Request), type: outcome, value: output },
      ]),
    ),
  );
}

function follow(sessions: Sessions, event: Observation, operations: ClientOperations): Sessions {
  if (event.kind !== "invoke" && event.kind !== "return" && event.kind !== "give-up") return sessions;
  const { client } = event;
  const request = requestOf(operations, client, event.request);
  if (request === null) return sessions;
  const own = sessions.get(client) ?? List<Done>();
  switch (event.kind) {
    case "invoke":
      return sessions.set(client, own.push(new Done({ request })));
    case "return": {
      const output = operations.answer(event.reply, event.request);
      if (output === undefined) return sessions;
      return sessions.set(client, own.pop().push(new Done({ request, outcome: "ok", output })));
    }
    case "give-up":
      return sessions;
  }
}
