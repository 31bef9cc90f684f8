import type { Violation } from "../../sim/judge.js";
import type { Property } from "../../sim/property.js";
import type { Budget } from "../provenance/effort.js";
import { absenceTarget } from "./absence.js";
import type { ViolationExplanation } from "./explanation.js";
import { observeRun } from "./observed-run.js";
import { eventTarget, type Outcome, seenTarget, stateTarget, stepTarget, type Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";
import { explainViolation, looked } from "./violation.js";

/** What of a run has to be explained for an outcome. */
export function targetOf(machines: RunMachines, outcome: Outcome): Target {
  switch (outcome.kind) {
    case "no-answer":
      return absenceTarget(machines, outcome);
    case "event":
      return eventTarget(machines, outcome.event);
    case "step":
      return stepTarget(machines, outcome.event);
    case "state":
      return stateTarget(machines, outcome.event);
    case "seen":
      return seenTarget(machines, outcome.event, outcome.parts);
    case "crash":
      return { roots: [{ kind: "did", event: outcome.event }], events: [outcome.event] };
    case "violation": {
      const property = propertyOf(machines, outcome.violation);
      const seen = property && looked(machines, observeRun(machines.trace), property);
      // A property that reads states is false because of them; one that reads monitors, because of what happened last.
      if (seen === undefined || seen.roots.length === 0) return eventTarget(machines, outcome.event);
      return { roots: seen.roots, events: seen.events };
    }
  }
}

/** Which events made a property of monitors false. */
export function violationOf(machines: RunMachines, outcome: Outcome, budget: Budget): ViolationExplanation | null {
  if (outcome.kind !== "violation") return null;
  const property = propertyOf(machines, outcome.violation);
  const run = observeRun(machines.trace);
  if (property === undefined || !looked(machines, run, property).monitors) return null;
  return explainViolation(machines.trace, run, property, budget) ?? null;
}

function propertyOf({ trace }: RunMachines, { property }: Violation): Property | undefined {
  return trace.system.properties.find(({ name }) => name === property);
}
