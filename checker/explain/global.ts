import type { Budget } from "../provenance/effort.js";
import { explainOutput } from "../provenance/explain-output.js";
import { Witnesses } from "../provenance/witnesses.js";
import type { Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";
import { wholeRun } from "./whole-run.js";

/** In pasts of more events than this the exact answer is not tried for. */
export const globalEventsMax = 300;

/** What trying for the exact answer may cost: where it fits at all, it mostly fits this. */
const tried: Partial<Budget> = { nodesMax: 300_000, valuesMax: 256, roundsMax: 200 };

/**
 * All sets of events that bring an outcome about whatever else is left out and whatever is sent because of that: the run as
 * one machine over its events, explained like every other one. Undefined when that does not fit the budget.
 */
export function explainGlobally(
  machines: RunMachines,
  target: Target,
  past: readonly number[],
  budget: Budget,
): Witnesses | undefined {
  const events = past.filter((event) => machines.trace.kind(event) !== "start");
  if (events.length > globalEventsMax) return undefined;
  const { machine, inputs } = wholeRun(machines, target, events);
  const provenance = explainOutput(machine, inputs, { kind: "ask" }, { budget: { ...budget, ...tried } });
  if (provenance.status !== "exact") return undefined;
  const { core, factors } = provenance.witnesses;
  const eventAt = (position: number): number => {
    const input = inputs[position];
    return input?.kind === "event" ? input.event : -1;
  };
  return new Witnesses(
    // A note that is not made is a difference, so each is in the core.
    core.map(eventAt).filter((event) => event >= 0),
    factors.map((factor) => ({
      ...factor,
      witnesses: { ...factor.witnesses, order: factor.witnesses.order.map(eventAt) },
    })),
    budget,
  );
}
