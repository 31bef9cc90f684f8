import { withTraps } from "../../sim/guard.js";
import { judgeHolds, judgeTransition } from "../../sim/judge.js";
import type { Trace } from "../../sim/trace.js";
import { View } from "../../sim/view.js";
import { type Cut, Cuts } from "./cuts.js";
import { type Influence, influenceOf } from "./influence.js";
import { type AskedOutcome, judgedProperty, UnusableQuestion } from "./outcome-judge.js";

/** Why an event did not affect an outcome, or that it did. */
export interface NonInfluence {
  readonly event: number;
  readonly outcome: AskedOutcome;
  /** Whether the outcome's event is another one without the event, or none. */
  readonly isInfluenced: boolean;
  /** Whether a violation would stand all the same; null where none was asked about. */
  readonly violationStands: boolean | null;
  /** The events of which anything differs without it, in order. */
  readonly influenced: readonly number[];
  /** Where its influence ends, what matters most first. Empty if it did influence the outcome. */
  readonly cuts: readonly Cut[];
  /** If it did: a chain of influenced events from the event to the outcome. */
  readonly chain: readonly number[];
}

/**
 * Why an event did not influence an outcome (reference: non-influence certificates): the run is made again without it in
 * fixed slots, and what differs is followed until it ends.
 *
 * Each way from the event to the outcome is cut by one of the cuts given. O(steps).
 *
 * @throws UnusableQuestion for an event that is the outcome, comes after it, or is a start, and for a violation that no single run shows.
 */
export function nonInfluence(trace: Trace, event: number, outcome: AskedOutcome): NonInfluence {
  refuseUnusable(trace, event, outcome);
  return withTraps(() => {
    const influence = influenceOf(trace, event, outcome.event);
    const isInfluenced = isChanged(trace, influence, outcome);
    return {
      event,
      outcome,
      isInfluenced,
      violationStands:
        outcome.kind === "violation" ? violationStands(trace, influence, outcome.violation.property) : null,
      influenced: [...influence.influenced.keys()],
      cuts: isInfluenced ? [] : new Cuts(trace, event, outcome.event, influence).all(),
      chain: isInfluenced ? chainOf(trace, influence, event, outcome.event) : [],
    };
  });
}

/** Whether an event influences an outcome: without it, in fixed slots, the outcome's event is another one, or none. */
export function isInfluenced(trace: Trace, event: number, outcome: AskedOutcome): boolean {
  return isChanged(trace, influenceOf(trace, event, outcome.event), outcome);
}

function refuseUnusable(trace: Trace, event: number, outcome: AskedOutcome): void {
  if (event === outcome.event) throw new UnusableQuestion("The event is the outcome itself; name another one.");
  if (event > outcome.event) {
    throw new UnusableQuestion("The event comes after the outcome, and cannot have affected it; name an earlier one.");
  }
  if (trace.kind(event) === "start") {
    throw new UnusableQuestion("The event is the start of a node, without which there is no run; name another one.");
  }
}

/** An outcome is the same if the same reaches the same place and has the same emissions; as a violation, the same state. */
function isChanged(trace: Trace, influence: Influence, outcome: AskedOutcome): boolean {
  const changed = influence.influenced.get(outcome.event);
  if (changed === undefined) return false;
  if (changed.input === "changed" || changed.input === "absent" || changed.emissions.length > 0) return true;
  const isNode = trace.participants.get(outcome.event) < trace.system.nodes.length;
  return outcome.kind === "violation" && changed.isAfter && isNode;
}

function violationStands(trace: Trace, { without }: Influence, name: string): boolean {
  const { system } = trace;
  const { world, before, choice } = without;
  const property = judgedProperty(system, name);
  const view = new View(system, world);
  if (property.kind !== "step") return judgeHolds(property, view) !== undefined;
  return choice !== undefined && judgeTransition(property, new View(system, before), view, choice) !== undefined;
}

/** From the event to the outcome along causes, through influenced events alone. */
function chainOf(trace: Trace, { influenced }: Influence, event: number, outcome: number): number[] {
  const chain = [outcome];
  for (let at: number | undefined = outcome; at !== undefined && at !== event;) {
    const causes: number[] = trace.causesOf(at).map((edge) => edge.event);
    at = causes.find((cause) => influenced.has(cause) && cause >= event);
    if (at !== undefined) chain.push(at);
  }
  return chain.reverse();
}
