import type { EventKind } from "../sim/observer.js";
import { none, type Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import { describeChoice } from "../sim/choice.js";

/** An event as JSON documents name it; `id` is the number in the diagram, starts and initial data up to 0. */
export interface EventJson {
  readonly id: number;
  /** Null for what happens to the network. */
  readonly node: string | null;
  readonly kind: EventKind;
  readonly text: string;
}

export function eventJson(trace: Trace, event: number): EventJson {
  return {
    id: numberOfEvent(trace, event),
    node: trace.participant(event)?.toString() ?? null,
    kind: trace.kind(event),
    text: eventText(trace, event, Number.POSITIVE_INFINITY),
  };
}

/** An edge from cause to effect, by the events' numbers in the diagram. */
export interface EdgeJson {
  readonly from: number;
  readonly to: number;
  readonly via: string;
}

export function edgesInto(trace: Trace, event: number): EdgeJson[] {
  const to = numberOfEvent(trace, event);
  return trace.causesOf(event).map((cause) => ({ from: numberOfEvent(trace, cause.event), to, via: cause.via }));
}

/**
 * A trace as JSON lines: a header, then one event a line with its virtual time in ticks (null where a schedule was
 * followed), its choice by name, and its causes.
 */
export function traceLines(trace: Trace, { hasTime }: { readonly hasTime: boolean }): string {
  const { scenario, parameters, faults } = trace.system;
  const lines: unknown[] = [{ format: 1, scenario, parameters, faults, events: trace.length }];
  for (let event = 0; event < trace.length; event += 1) {
    const choice = trace.choices[event];
    lines.push({
      ...eventJson(trace, event),
      time: hasTime && trace.times.get(event) !== none ? trace.times.get(event) : null,
      choice: choice === undefined ? null : describeChoice(choice),
      causes: edgesInto(trace, event).map(({ from, via }) => ({ id: from, via })),
    });
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
