import { openOperations, type Outcome } from "../checker/explain/outcome.js";
import { nearest } from "../sim/nearest.js";
import type { Trace } from "../sim/trace.js";
import { eventOfNumber, eventText, numberOfEvent } from "../report/event-text.js";
import { InputError } from "./input-error.js";

/**
 * The event that a text names: the number in the diagram, `node#k` (the node's k-th input, its start being 0; a client's
 * from 1), or `client:operation` (its answer, or while there is none, its question).
 *
 * @throws InputError for an unknown or ambiguous one, with what it may have meant.
 */
export function findEvent(trace: Trace, text: string): number {
  if (/^-?\d+$/.test(text)) return byNumber(trace, Number(text));
  const position = /^(.+)#(\d+)$/.exec(text);
  if (position !== null) return byPosition(trace, position[1] ?? "", Number(position[2]));
  const call = /^(.+):(\d+)$/.exec(text);
  if (call !== null) return byOperation(trace, call[1] ?? "", Number(call[2]));
  const events = eventsOf(trace, text);
  throw new InputError(
    `"${text}" is ambiguous: ${text} has ${events.length} events. Name one of them:${listed(trace, events)}`,
  );
}

/** The invocation of the operation that a text names as `client:operation`; undefined for other texts. */
export function invocationOf(trace: Trace, text: string): number | undefined {
  const [, name, index] = /^(.+):(\d+)$/.exec(text) ?? [];
  const event = trace.choices.findIndex(
    (choice) => choice?.kind === "invoke" && String(choice.client) === name && choice.index === Number(index),
  );
  return event < 0 ? undefined : event;
}

function byNumber(trace: Trace, number: number): number {
  const event = eventOfNumber(trace, number);
  if (event !== undefined) return event;
  throw new InputError(
    `There is no event ${number}: the run has events 1 to ${numberOfEvent(trace, trace.length - 1)}, ` +
      `and ${numberOfEvent(trace, 0)} to 0 for starts and initial data.`,
  );
}

function byPosition(trace: Trace, name: string, position: number): number {
  const events = eventsOf(trace, name);
  const isClient = events[0] !== undefined && trace.kind(events[0]) !== "start";
  const event = events[isClient ? position - 1 : position];
  if (event !== undefined) return event;
  throw new InputError(`There is no event ${name}#${position}. ${name} has these:${listed(trace, events)}`);
}

function byOperation(trace: Trace, name: string, index: number): number {
  const events = eventsOf(trace, name);
  const isOf = (event: number): boolean => {
    const choice = trace.choices[event];
    if (choice?.kind === "invoke" || choice?.kind === "give-up") return choice.index === index;
    if (choice === undefined || !("message" in choice)) return false;
    const call = choice.message.call as { readonly index?: unknown } | undefined;
    return trace.kind(event) === "deliver" && call?.index === index;
  };
  const [asked, ended] = events.filter(isOf);
  const found = ended ?? asked;
  if (found !== undefined) return found;
  throw new InputError(`There is no operation ${name}:${index}. ${name} has these events:${listed(trace, events)}`);
}

/**
 * The outcome that a text names: an event, by its number or by its place on a client; the state of a node after an event
 * of its own, as `node#k`; or the answer to a client's operation, be it that there is none.
 *
 * @throws InputError as `findEvent`.
 */
export function findOutcome(trace: Trace, text: string): Outcome {
  const event = findEvent(trace, text);
  const isNode = trace.participants.get(event) < trace.system.nodes.length;
  if (/#\d+$/.test(text) && isNode) return { kind: "state", event };
  if (/:\d+$/.test(text) && openOperations(trace).some((open) => open.event === event))
    return { kind: "no-answer", event };
  return { kind: "event", event };
}

/** All events of a node or client, in order. @throws InputError for a name that is neither's. */
function eventsOf(trace: Trace, name: string): number[] {
  const names = trace.system.participants.map(String);
  if (!names.includes(name)) {
    const hint = nearest(name, names);
    throw new InputError(
      `"${name}" names no event: give a number of the diagram, node#k or client:operation` +
        `${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${names.join(", ")}.`,
    );
  }
  return Array.from({ length: trace.length }, (_, i) => i).filter((event) => String(trace.participant(event)) === name);
}

function listed(trace: Trace, events: readonly number[]): string {
  return events
    .slice(0, 30)
    .map((event) => `\n  ${String(numberOfEvent(trace, event)).padStart(4)}  ${eventText(trace, event)}`)
    .join("");
}
