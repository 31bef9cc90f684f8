import type { Trace } from "../sim/trace.js";

/**
 * The events that happen before one, and itself: Lamport's happened-before ("Time, clocks, and the ordering of events",
 * 1978) over messages, timers, choices, program order, storage and faults. O(events).
 */
export function causalPast(trace: Trace, event: number): Set<number> {
  const past = new Set([event]);
  const open = [event];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const cause of trace.causesOf(next)) {
      if (past.has(cause.event)) continue;
      past.add(cause.event);
      open.push(cause.event);
    }
  }
  return past;
}

/** Whether one event happens before another. */
export function happensBefore(trace: Trace, earlier: number, later: number): boolean {
  return earlier !== later && causalPast(trace, later).has(earlier);
}

/**
 * The longest chain of causes that leads to an event, first cause first; of equally long ones, the one through the latest
 * events. Starts and initial data are left out: they are in every past. With `within`, only through events of that set.
 */
export function longestChain(trace: Trace, event: number, within?: ReadonlySet<number>): number[] {
  const first = trace.initialEvents;
  const past = [...causalPast(trace, event)]
    .filter((one) => one >= first && within?.has(one) !== false)
    .sort((a, b) => a - b);
  const lengths = new Map<number, number>();
  const before = new Map<number, number>();
  for (const one of past) {
    let best = 0;
    for (const { event: cause } of trace.causesOf(one)) {
      const length = lengths.get(cause) ?? 0;
      if (length > best || (length === best && length > 0 && cause > (before.get(one) ?? -1))) {
        best = length;
        before.set(one, cause);
      }
    }
    lengths.set(one, best + 1);
  }
  const chain: number[] = [];
  for (let at: number | undefined = event; at !== undefined; at = before.get(at)) chain.push(at);
  return chain.reverse();
}
