import type { Trace } from "../../sim/trace.js";
import { causalPast } from "../causality.js";
import type { Explanation } from "./explanation.js";
import type { Outcome } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";

/**
 * Why an operation has no answer: all that its request led to, and where that ended. There is no exact answer to this
 * question among the events of the run, of which none would have given one; what is missing is at the ends.
 */
export function explainAbsence(
  machines: RunMachines,
  outcome: Extract<Outcome, { readonly kind: "no-answer" }>,
): Explanation {
  const { trace } = machines;
  const led = ledTo(trace, outcome.event);
  return {
    status: "slice-only",
    mode: "local",
    outcome,
    core: null,
    smallest: null,
    count: null,
    alternatives: [],
    responsibility: [],
    causalPast: [...new Set([...led].flatMap((event) => [...causalPast(trace, event)]))].sort((a, b) => a - b),
    chain: [...led].sort((a, b) => a - b),
    graph: null,
    violation: null,
    closure: null,
    ends: endsOf(machines, led),
  };
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
