import type { Value } from "../../../sim/value.js";
import { type History, type HistoryEvent, historyOf, type Operation } from "../operation.js";
import { type Place, UnusableHistory } from "../unusable-history.js";
import { writeJson } from "./json.js";

/**
 * Our own format: one operation a line, as JSON, with the interval in which it was open:
 * `{"process":"ann","f":"write","key":"x","value":1,"outcome":"ok","output":null,"invoked":0,"returned":3}`.
 *
 * Intervals are closed: an operation that is invoked at the moment of another's return is concurrent with it.
 * `returned` is null for an outcome that is not known.
 */
export function writeOperationLine(operation: Operation): string {
  const { process, f, key, value, outcome, output, invoked, returned, final } = operation;
  return writeJson({
    process,
    f,
    key,
    value,
    outcome,
    output,
    invoked,
    returned: returned === Infinity ? null : returned,
    ...(final ? { final } : {}),
  });
}

/** Whether the map is an operation with its interval, and not an event. */
export function isOperationLine(fields: Value): boolean {
  return typeof fields === "object" && fields !== null && "invoked" in fields;
}

/**
 * The history of operations with intervals, in any order.
 *
 * @throws UnusableHistory where a field is missing, or one process has two operations open.
 */
export function historyOfLines(lines: readonly { readonly fields: Value; readonly place: Place }[]): History {
  const moments: { readonly time: number; readonly rank: number; readonly event: HistoryEvent }[] = [];
  const unknown = new Set<HistoryEvent>();
  for (const { fields, place } of lines) {
    const map = fields as { readonly [name: string]: Value };
    const { process, f, key = null, value = null, outcome, output = null, invoked, returned } = map;
    if (typeof process !== "string" && typeof process !== "number") throw lacks("process", place);
    if (typeof f !== "string") throw lacks("f", place);
    if (typeof invoked !== "number") throw lacks("invoked (a number)", place);
    if (outcome !== "ok" && outcome !== "fail" && outcome !== "info") throw lacks("outcome (ok, fail or info)", place);
    const request = { process: String(process), f, key, place };
    const invocation: HistoryEvent = { ...request, value, type: "invoke" };
    moments.push({ time: invoked, rank: 0, event: invocation });
    if (outcome === "info") {
      unknown.add(invocation);
      continue;
    }
    if (typeof returned !== "number" || returned < invoked) throw lacks("returned (a number not below invoked)", place);
    const final = map["final"] === true ? { final: true } : {};
    const result = outcome === "ok" ? output : value;
    moments.push({ time: returned, rank: 1, event: { ...request, value: result, type: outcome, ...final } });
  }
  moments.sort((a, b) => a.time - b.time || a.rank - b.rank);
  return historyOf(
    closingUnknown(
      moments.map(({ event }) => event),
      unknown,
    ),
  );
}

/** A process may go on after an operation of unknown outcome, which is so closed. */
function closingUnknown(events: readonly HistoryEvent[], unknown: ReadonlySet<HistoryEvent>): readonly HistoryEvent[] {
  const open = new Map<string, HistoryEvent>();
  return events.flatMap((event) => {
    const before = open.get(event.process);
    open.delete(event.process);
    if (unknown.has(event)) open.set(event.process, event);
    return before === undefined ? [event] : [{ ...before, type: "info" as const }, event];
  });
}

function lacks(field: string, place: Place): UnusableHistory {
  return new UnusableHistory(`an operation without ${field}`, "give each line all fields of an operation", place);
}
