import type { Value } from "../../sim/value.js";
import { type Place, UnusableHistory } from "./unusable-history.js";

/** What a client asks: who asks, which function, of which key (null where there are no keys), with which argument. */
export interface Request {
  readonly process: string;
  readonly f: string;
  readonly key: Value;
  readonly value: Value;
}

/** How an operation ended: it took effect, it certainly did not, or nobody knows. */
export type Outcome = "ok" | "fail" | "info";

/** One line of a recording: an invocation or a completion. */
export interface HistoryEvent extends Request {
  readonly type: "invoke" | Outcome;
  /** A read taken after the system was left alone for long enough to settle (Jepsen's `:final?`). */
  readonly final?: boolean;
  readonly place?: Place;
}

/**
 * One invocation with its completion. `invoked` and `returned` are positions among the events of the history; an
 * operation of unknown outcome, or without a completion, has `returned` Infinity: it may take effect at any later time,
 * or never.
 */
export interface Operation extends Request {
  /** Its position in the history, by invocation. */
  readonly id: number;
  readonly outcome: Outcome;
  /** What the completion carried; of no meaning unless the outcome is `ok`. */
  readonly output: Value;
  readonly invoked: number;
  readonly returned: number;
  readonly final: boolean;
  readonly place?: Place;
}

/** The operations of a recording, in the order of their invocations. */
export type History = readonly Operation[];

/**
 * Pairs invocations with completions. Linear in the number of events.
 *
 * @throws UnusableHistory for a completion without invocation, a completion of another function than the one invoked,
 * and a process that invokes while its last operation is open.
 */
export function historyOf(events: readonly HistoryEvent[]): History {
  const operations: Operation[] = [];
  const open = new Map<string, Operation>();
  events.forEach((event, position) => {
    const pending = open.get(event.process);
    if (event.type === "invoke") {
      if (pending !== undefined) throw twoOpen(event, pending);
      const operation = invocation(event, operations.length, position);
      operations.push(operation);
      open.set(event.process, operation);
      return;
    }
    if (pending === undefined) throw withoutInvocation(event);
    if (pending.f !== event.f) throw ofAnother(event, pending);
    open.delete(event.process);
    operations[pending.id] = completion(pending, event, position);
  });
  return operations;
}

/**
 * The same events again, in their order. An operation of unknown outcome gets its `info` just before its process goes
 * on, and none if it does not.
 */
export function eventsOf(history: History): readonly HistoryEvent[] {
  const placed: { readonly position: number; readonly event: HistoryEvent }[] = [];
  const unknown = new Map<string, Operation>();
  for (const operation of history) {
    const { process, f, key, value, outcome, output, invoked, returned } = operation;
    const final = operation.final ? { final: true } : {};
    const open = unknown.get(process);
    if (open !== undefined) placed.push({ position: invoked - 0.5, event: completionOf(open, open.value) });
    unknown.delete(process);
    placed.push({ position: invoked, event: { process, f, key, value, type: "invoke", ...final } });
    if (outcome === "info") unknown.set(process, operation);
    else placed.push({ position: returned, event: completionOf(operation, outcome === "ok" ? output : value) });
  }
  return placed.sort((a, b) => a.position - b.position).map(({ event }) => event);
}

function completionOf({ process, f, key, outcome }: Operation, value: Value): HistoryEvent {
  return { process, f, key, value, type: outcome };
}

function invocation(event: HistoryEvent, id: number, position: number): Operation {
  const { process, f, key, value } = event;
  const place = event.place === undefined ? {} : { place: event.place };
  const final = event.final ?? false;
  return {
    id,
    process,
    f,
    key,
    value,
    outcome: "info",
    output: null,
    invoked: position,
    returned: Infinity,
    final,
    ...place,
  };
}

function completion(operation: Operation, event: HistoryEvent, position: number): Operation {
  return {
    ...operation,
    outcome: event.type === "invoke" ? "info" : event.type,
    output: event.value,
    returned: event.type === "info" ? Infinity : position,
    final: operation.final || (event.final ?? false),
  };
}

function twoOpen(event: HistoryEvent, pending: Operation): UnusableHistory {
  const where = pending.place === undefined ? "" : ` (line ${pending.place.line})`;
  return new UnusableHistory(
    `process ${event.process} invokes ${event.f} while its ${pending.f}${where} is open`,
    "complete the first with ok, fail or info, or give concurrent operations to different processes",
    event.place,
  );
}

function withoutInvocation(event: HistoryEvent): UnusableHistory {
  return new UnusableHistory(
    `process ${event.process} completes ${event.f} (${event.type}) without having invoked anything`,
    "put the invocation before it, or remove the completion",
    event.place,
  );
}

function ofAnother(event: HistoryEvent, pending: Operation): UnusableHistory {
  return new UnusableHistory(
    `process ${event.process} completes ${event.f}, but what it invoked last is ${pending.f}`,
    "give the completion the function of its invocation",
    event.place,
  );
}
