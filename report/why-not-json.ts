import type { ExplanationDifference, SharedEvent } from "../checker/why-not/explanation-difference.js";
import type { ForcingOrderings } from "../checker/why-not/forcing-orderings.js";
import type { Emission } from "../checker/why-not/influence.js";
import type { Membership } from "../checker/why-not/membership.js";
import type { NearestGoodRun } from "../checker/why-not/nearest-good-run.js";
import type { Cut } from "../checker/why-not/cuts.js";
import type { NonInfluence } from "../checker/why-not/non-influence.js";
import type { Ordering } from "../checker/why-not/orderings.js";
import type { RunDifference } from "../checker/why-not/run-difference.js";
import type { ChangedDecision } from "../checker/why-not/run-point.js";
import { encode } from "../sim/value.js";
import type { Trace } from "../sim/trace.js";
import { eventJson } from "./event-json.js";
import { numberOfEvent } from "./event-text.js";
import type { BothRuns } from "./explanation-difference-text.js";

/** The certificate of non-influence as a part of the document of `why-not`; events by their numbers in the diagram. */
export function nonInfluenceJson(trace: Trace, found: NonInfluence, memberships: readonly Membership[]) {
  const number = (event: number | null): number | null => (event === null ? null : numberOfEvent(trace, event));
  return {
    isInfluenced: found.isInfluenced,
    violationStands: found.violationStands,
    influenced: found.influenced.map(number),
    chain: found.chain.map(number),
    cuts: found.cuts.map((cut) => cutJson(trace, cut)),
    explanations: memberships.map(({ mode, isIn, others }) => ({
      mode,
      isIn,
      others: others === null ? null : others.map(number),
    })),
  };
}

function cutJson(trace: Trace, cut: Cut) {
  const number = (event: number | null): number | null => (event === null ? null : numberOfEvent(trace, event));
  const carrier = "emission" in cut ? emissionJson(trace, cut.emission) : null;
  switch (cut.kind) {
    case "stale":
      return { kind: cut.kind, carrier, at: number(cut.at), reader: number(cut.reader) };
    case "late":
      return {
        kind: cut.kind,
        carrier,
        at: number(cut.at),
        reader: number(cut.reader),
        wouldSend: cut.wouldSend.map(({ message, receiver, reader }) => ({
          to: String(trace.system.participants[receiver]),
          message: encode(message.message),
          reader: number(reader),
        })),
      };
    case "lost":
    case "aside":
      return { kind: cut.kind, carrier, at: number(cut.at) };
    case "masked": {
      const reason =
        cut.reason === null ? null : { status: cut.reason.status, witness: cut.reason.witness.map(number) };
      return { kind: cut.kind, at: number(cut.at), by: cut.by, reason };
    }
    case "unsent":
      return { kind: cut.kind, carrier };
  }
}

function emissionJson(trace: Trace, { kind, event, label, receiver, message }: Emission) {
  return {
    kind,
    event: numberOfEvent(trace, event),
    to: String(trace.system.participants[receiver]),
    label: kind === "message" ? null : label,
    message: message === undefined ? null : encode(message.message),
  };
}

/** A run that was looked for, and how it and its explanation differ. */
export interface NearestRun {
  readonly found: NearestGoodRun;
  readonly difference: RunDifference | undefined;
  /** Undefined where nothing there is the outcome's counterpart. */
  readonly explanations: ExplanationDifference | undefined;
}

/** The nearest good run, and how it differs; its own events have the numbers of its own diagram. */
export function nearestJson(trace: Trace, { found, difference, explanations }: NearestRun) {
  const number = (event: number): number => numberOfEvent(trace, event);
  return {
    status: found.kind,
    changes: found.kind === "found" ? found.changes : null,
    within: found.kind === "unknown" && found.within >= 0 ? found.within : null,
    states: found.states,
    changed: found.kind === "found" ? found.changed.map((change) => changeJson(trace, change)) : null,
    choices: found.kind === "found" ? found.choices : null,
    difference:
      difference === undefined
        ? null
        : {
            turned: difference.turned.map(({ earlier, later }) => ({ earlier: number(earlier), later: number(later) })),
            missing: difference.missing.map(number),
            added: difference.added.map(({ event, before }) => ({
              event: eventJson(difference.trace, event),
              before: number(before),
            })),
            changed: difference.changed.map(({ recorded, event }) => ({
              recorded: number(recorded),
              event: eventJson(difference.trace, event),
            })),
          },
    explanations:
      difference === undefined || explanations === undefined
        ? null
        : explanationsJson({ recorded: trace, other: difference.trace }, explanations),
  };
}

/** The difference of two explanations; events of the other run have the numbers of its own diagram. */
function explanationsJson({ recorded, other }: BothRuns, difference: ExplanationDifference) {
  const here = (events: readonly number[]) => events.map((event) => eventJson(recorded, event));
  const there = (events: readonly number[]) => events.map((event) => eventJson(other, event));
  const pair = (one: SharedEvent) => ({
    recorded: numberOfEvent(recorded, one.recorded),
    other: numberOfEvent(other, one.other),
  });
  return {
    status: { recorded: difference.recorded.status, other: difference.other.status },
    outcome: eventJson(other, difference.other.outcome.event),
    shared: difference.shared.map(pair),
    recordedOnly: here(difference.recordedOnly),
    otherOnly: there(difference.otherOnly),
    partings: difference.partings.map(({ at, ...hangs }) => ({
      at: at.kind === "memory" ? { node: String(recorded.system.participants[at.node]) } : pair(at),
      recorded: here(hangs.recorded),
      other: there(hangs.other),
      turned: hangs.turned.map(({ earlier, later }) => ({
        earlier: numberOfEvent(recorded, earlier),
        later: numberOfEvent(recorded, later),
      })),
    })),
  };
}

function changeJson(trace: Trace, change: ChangedDecision) {
  return change.kind === "added"
    ? { kind: change.kind, event: null, step: change.step }
    : { kind: change.kind, event: numberOfEvent(trace, change.event), step: null };
}

export function forcingJson(trace: Trace, found: ForcingOrderings) {
  const sets = (list: readonly (readonly number[])[]) =>
    list.map((set) => set.map((one) => orderingJson(trace, found.all[one] as Ordering)));
  return {
    explored: found.explored.kind,
    changes: found.explored.kind === "within" ? found.explored.changes : null,
    states: found.explored.states,
    orderings: found.all.length,
    isWhole: found.isWhole,
    forcing: sets(found.forcing),
    breaking: sets(found.breaking),
    barriers: sets(found.barriers),
  };
}

function orderingJson(trace: Trace, ordering: Ordering) {
  return ordering.kind === "happens"
    ? { kind: ordering.kind, event: numberOfEvent(trace, ordering.event) }
    : {
        kind: ordering.kind,
        earlier: numberOfEvent(trace, ordering.earlier),
        later: numberOfEvent(trace, ordering.later),
      };
}
