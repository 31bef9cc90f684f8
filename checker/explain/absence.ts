import type { Trace } from "../../sim/trace.js";
import { itemText } from "./emission.js";
import type { Outcome, Target } from "./outcome.js";
import type { ClientOperation, Question } from "./question.js";
import { isAnswer, type RunMachines } from "./run-machines.js";

type Absence = Extract<Outcome, { readonly kind: "no-answer" }>;

/**
 * What has to be explained of an operation without an answer. If an answer was sent, that it was, and that it was dropped if it
 * was. Else that no node sent one at any of its events since the request: the events that kept an answer from being given,
 * whatever else is left out. There are none if no part of the run gives one: then something is missing that did not happen.
 */
export function absenceTarget(machines: RunMachines, { event: request }: Absence): Target {
  const { trace, emissions } = machines;
  const operation = operationOf(trace, request);
  const sent = trace.sent.findLast(
    ({ event, item }) =>
      event > request &&
      item.receiver === operation.client &&
      isAnswer(trace.system, item.call, operation.client, operation.index),
  );
  if (sent !== undefined) {
    const text = itemText(sent.item);
    const drops = trace.choices.flatMap((choice, event) => {
      const dropped = choice?.kind === "drop" ? emissions.of(event) : undefined;
      return dropped?.event === sent.event && dropped.text === text ? event : [];
    });
    return { roots: [{ kind: "sent", emission: { event: sent.event, text, copy: 0 } }], events: drops };
  }
  const roots = trace.system.nodes.flatMap((_, node) =>
    machines
      .node(node)
      .events.filter((event) => event > request)
      .map((event): Question => ({ kind: "unanswered", event, operation })),
  );
  return { roots, events: [] };
}

function operationOf(trace: Trace, request: number): ClientOperation {
  const choice = trace.choices[request];
  if (choice?.kind !== "invoke") throw new Error(`The event ${request} asks for no operation.`);
  return { client: trace.participants.get(request), index: choice.index };
}

/** Where an operation without an answer got stuck. */
export interface Stuck {
  /** All that its request led to, itself included, ascending. */
  readonly led: readonly number[];
  readonly ends: readonly AbsenceEnd[];
}

export function stuckAt(machines: RunMachines, { event }: Absence): Stuck {
  const led = ledTo(machines.trace, event);
  return { led: [...led].sort((a, b) => a - b), ends: endsOf(machines, led) };
}

/** The events that the request led to by messages, timers and choices, itself included. */
function ledTo(trace: Trace, request: number): ReadonlySet<number> {
  const led = new Set([request]);
  for (let event = request + 1; event < trace.length; event += 1) {
    if (trace.via(event) !== "program" && led.has(trace.causes.get(event))) led.add(event);
  }
  return led;
}

/** Where what a request led to ended. */
export type AbsenceEnd =
  /** A message was on its way when the run ended. */
  | { readonly kind: "in-flight"; readonly event: number; readonly text: string }
  /** A message was dropped, or lost by a node that was down. */
  | { readonly kind: "lost"; readonly event: number }
  /** A timer or a choice was pending, or a node handled it and sent nothing because of it. */
  | { readonly kind: "last"; readonly event: number };

function endsOf(machines: RunMachines, led: ReadonlySet<number>): AbsenceEnd[] {
  const { trace, emissions } = machines;
  const ends: AbsenceEnd[] = emissions
    .left()
    .filter(({ event }) => led.has(event))
    .map(({ event, text }) => ({ kind: "in-flight", event, text }));
  const goesOn = new Set([...led].map((event) => trace.causes.get(event)));
  for (const event of led) {
    const kind = trace.kind(event);
    if (kind === "drop" || kind === "lost") ends.push({ kind: "lost", event });
    else if (!goesOn.has(event) && !ends.some((end) => end.event === event)) ends.push({ kind: "last", event });
  }
  return ends.sort((a, b) => a.event - b.event);
}
