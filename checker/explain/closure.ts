import type { Closure } from "./explanation.js";
import { FixedSlotReplay } from "./fixed-slot-replay.js";
import type { Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";

/** Events of runs that a check may play again, so that it costs no more than finding the explanation. */
const eventsMax = 60_000;

/**
 * Runs the whole run again without some of what an explanation leaves out, and looks whether the outcome comes about all
 * the same: without all of it, without each single event (evenly chosen ones, if there are many), and without every second,
 * third … of them. No set twice, and none if nothing is left out.
 */
export function checkClosure(
  machines: RunMachines,
  target: Target,
  explanation: readonly number[],
  runsMax: number,
): Closure {
  const { trace } = machines;
  const kept = new Set(explanation);
  const others: number[] = [];
  for (let event = 0; event < trace.length; event += 1) {
    if (!kept.has(event) && trace.kind(event) !== "start") others.push(event);
  }
  const replay = new FixedSlotReplay(machines, target);
  const runs = Math.max(1, Math.min(runsMax, Math.floor(eventsMax / trace.length)));
  const sets = [others, ...everySome(others, Math.floor(runs / 4)), ...singles(others, runs)];
  const leftOut = [...new Map(sets.map((events) => [events.join(), events])).values()]
    .filter((events) => events.length > 0)
    .slice(0, runs);
  for (const [i, events] of leftOut.entries()) {
    const without = new Set(events);
    if (!replay.holdsWithout((event) => without.has(event))) return { runs: i + 1, counterexample: events };
  }
  return { runs: leftOut.length, counterexample: null };
}

function everySome(events: readonly number[], count: number): number[][] {
  return Array.from({ length: count }, (_, i) => events.filter((_event, k) => k % (i + 2) === 0));
}

function singles(events: readonly number[], count: number): number[][] {
  const every = Math.max(1, Math.ceil(events.length / Math.max(count, 1)));
  return events.filter((_, k) => k % every === 0).map((event) => [event]);
}
