import type { Cut, WouldSend } from "../checker/why-not/cuts.js";
import type { NonInfluence } from "../checker/why-not/non-influence.js";
import type { Emission } from "../checker/why-not/influence.js";
import type { Membership } from "../checker/why-not/membership.js";
import type { RunDifference } from "../checker/why-not/run-difference.js";
import type { ChangedDecision } from "../checker/why-not/run-point.js";
import type { Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import { explanationDifferenceText } from "./explanation-difference-text.js";
import { messageText } from "./message-text.js";
import { counted, grouped } from "./numbers.js";
import type { NearestRun } from "./why-not-json.js";

/** Why an event did not influence an outcome, in sentences, one a line; `width` is about how long an event's text may be. */
export function nonInfluenceText(
  trace: Trace,
  found: NonInfluence,
  memberships: readonly Membership[],
  width: number,
): string {
  const outcome = numberOfEvent(trace, found.outcome.event);
  const lines: string[] = [];
  if (found.isInfluenced) {
    lines.push(`It did: without it, ${outcome} does not come about as it did. Its influence runs along these events:`);
    lines.push(...found.chain.map((event) => listed(trace, event, width)));
  } else {
    const others = found.influenced.filter((event) => event !== found.event);
    lines.push(
      others.length === 0
        ? `Without it nothing else changes, and ${outcome} comes about just so.`
        : `Without it ${outcome} comes about just so, though ${counted(others.length, "other event")} would differ: ` +
            `${others.map((event) => numberOfEvent(trace, event)).join(", ")}.`,
    );
    lines.push(...found.cuts.flatMap((cut) => cutText(trace, cut, outcome, width)));
    lines.push(membershipText(trace, memberships, outcome));
  }
  if (found.violationStands === false && !found.isInfluenced) {
    lines.push(
      `The property would not be broken without it, though: what the property says depends on it, ${outcome} does not.`,
    );
  }
  return lines.map((line) => `  ${line}`).join("\n");
}

/** Whether an event that did not decide alone is in an explanation. */
function membershipText(trace: Trace, memberships: readonly Membership[], outcome: number): string {
  const [local, global] = (["local", "global"] as const).map((mode) => memberships.find((one) => one.mode === mode));
  const known = global?.isIn === true || global?.isIn === false ? global : local;
  if (known?.isIn === true && known.others !== null && known.others.length > 0) {
    const others = known.others.map((event) => numberOfEvent(trace, event)).join(", ");
    return `It is in an explanation of ${outcome}, though: had ${others} not happened either, it would have decided.`;
  }
  if (local?.isIn === true) {
    const then = global?.isIn === false ? "; but without it others would be sent that do as well" : "";
    return `Given the messages that were sent, ${outcome} hangs on it${then}.`;
  }
  if (known?.isIn === true) return `It is in an explanation of ${outcome}, though.`;
  if (known?.isIn === undefined || known.isIn === null) {
    return `Whether it is in an explanation of ${outcome} was not found out.`;
  }
  const given = known.mode === "local" ? "Given the messages that were sent, it" : "It";
  return `${given} is in no explanation of ${outcome} either: whatever else is left out, it does not decide.`;
}

function listed(trace: Trace, event: number, width: number): string {
  return `${String(numberOfEvent(trace, event)).padStart(3)}  ${eventText(trace, event, width)}`;
}

function cutText(trace: Trace, cut: Cut, outcome: number, width: number): string[] {
  const number = (event: number): number => numberOfEvent(trace, event);
  switch (cut.kind) {
    case "stale":
      return [
        `stale: ${emissionText(trace, cut.emission, width)} came at ${number(cut.at)}, after ${number(cut.reader)}, ` +
          `which would have gone differently had it come before:`,
        listed(trace, cut.reader, width),
      ];
    case "late":
      return lateText(trace, cut, outcome, width);
    case "lost":
      return [`lost: ${emissionText(trace, cut.emission, width)} ${lostText(trace, cut.at)}.`];
    case "masked": {
      const what = cut.by === "input" ? "an input" : "a state";
      return [
        `masked: ${number(cut.at)} ran on ${what} that differs, and came out the same${reasonText(trace, cut)}:`,
        listed(trace, cut.at, width),
      ];
    }
    case "aside": {
      const where = trace.system.participants[cut.emission.receiver];
      const when = cut.at === null ? "" : ` at ${number(cut.at)}`;
      return [
        `aside: ${emissionText(trace, cut.emission, width)} went${when} to ${where}, which has no part in ${outcome}.`,
      ];
    }
    case "unsent":
      return [
        `unsent: without it, ${emissionText(trace, cut.emission, width)} would also have come of ${number(cut.emission.event)}; ` +
          "that has no place in this run, and is taken as coming after it.",
      ];
  }
}

function lateText(trace: Trace, cut: Extract<Cut, { kind: "late" }>, outcome: number, width: number): string[] {
  const { emission, at, reader } = cut;
  const carrier = emissionText(trace, emission, width);
  const last = reader === null ? "" : `; the last step there that led to ${outcome} is ${numberOfEvent(trace, reader)}`;
  if (at !== null) return [`late: ${carrier} came at ${numberOfEvent(trace, at)}${last}.`];
  switch (emission.kind) {
    case "message":
      return [`late: ${carrier} had not arrived${last}.`];
    case "timer":
      return [
        `late: ${carrier} had not fired.`,
        ...cut.wouldSend.flatMap((would) => wouldText(trace, would, outcome, width)),
      ];
    case "choice":
      return [
        `late: ${carrier} was not taken.`,
        ...cut.wouldSend.flatMap((would) => wouldText(trace, would, outcome, width)),
      ];
  }
}

function wouldText(trace: Trace, would: WouldSend, outcome: number, width: number): string[] {
  const { message, receiver, reader } = would;
  const sent = `  It would have sent ${messageText(message.message, width)} to ${trace.system.participants[receiver]}`;
  if (reader === null) return [`${sent}, where no step that led to ${outcome} would have gone differently.`];
  const number = numberOfEvent(trace, reader);
  return [
    `${sent}. Had that come before ${number}, ${number} would have gone differently:`,
    listed(trace, reader, width),
  ];
}

/** What an emission is, and since when it is there. */
function emissionText(trace: Trace, { kind, event, label, receiver, message }: Emission, width: number): string {
  const at = numberOfEvent(trace, event);
  const node = String(trace.system.participants[receiver]);
  switch (kind) {
    case "message":
      return `${message === undefined ? "a message" : messageText(message.message, width)} to ${node}, sent at ${at},`;
    case "timer":
      return `${node}'s timer ${label}, set at ${at},`;
    case "choice":
      return `${node}'s choice ${label}, asked for at ${at},`;
  }
}

function lostText(trace: Trace, at: number | null): string {
  if (at === null) return "was taken back before anything came of it";
  const number = numberOfEvent(trace, at);
  if (trace.kind(at) === "drop") return `was dropped at ${number}`;
  return trace.kind(at) === "error"
    ? `was answered with an error at ${number}`
    : `came at ${number} to a node that was down`;
}

function reasonText(trace: Trace, { reason }: Extract<Cut, { kind: "masked" }>): string {
  if (reason === null) return "";
  if (reason.witness.length === 0) return ", because it hangs on nothing that came before";
  const numbers = reason.witness.map((event) => numberOfEvent(trace, event)).join(", ");
  const is = reason.status === "exact" ? "these alone force it" : "these force it";
  return `, because of what its node had from ${numbers} (${is})`;
}

/** The nearest good run in a line or more: how many decisions are changed, and which. */
export function nearestText(
  trace: Trace,
  outcome: number,
  { found, difference, explanations }: NearestRun,
  width: number,
): string {
  const states = counted(found.states, "state");
  switch (found.kind) {
    case "none":
      return `  There is none: every run within the scope was looked at (${states}).`;
    case "unknown":
      return found.within < 0
        ? `  Not decided: a limit was reached after ${states}.`
        : `  None with ${found.within === 0 ? "no" : `at most ${grouped(found.within)}`} changed ` +
            `${found.within === 1 || found.within === 0 ? "decision" : "decisions"}; beyond that a limit was reached, after ${states}.`;
    case "found": {
      const changed = found.changed.map((change) => `  ${changeText(trace, change, difference?.trace, width)}`);
      const turned = difference?.turned.map((pair) => `  ${turnedText(trace, pair)}`) ?? [];
      const then = difference === undefined ? [] : outcomeThen(trace, outcome, difference, width);
      const why =
        difference === undefined || explanations === undefined
          ? []
          : [explanationDifferenceText({ recorded: trace, other: difference.trace }, explanations, width)];
      const head = `  ${counted(found.changes, "changed decision")}, and no fewer do:`;
      return [head, ...changed, ...turned, ...then, ...why].join("\n");
    }
  }
}

/** What the outcome's event is in the other run. */
function outcomeThen(
  trace: Trace,
  outcome: number,
  { trace: other, counterparts }: RunDifference,
  width: number,
): string[] {
  const event = counterparts.indexOf(outcome);
  return event < 0
    ? []
    : [`  instead    ${listed(other, event, width)}  (in place of ${numberOfEvent(trace, outcome)})`];
}

function changeText(trace: Trace, change: ChangedDecision, other: Trace | undefined, width: number): string {
  switch (change.kind) {
    case "put-off":
      return `put off    ${listed(trace, change.event, width)}`;
    case "earlier":
      return `earlier    ${listed(trace, change.event, width)}`;
    case "added": {
      const text = other === undefined ? "" : eventText(other, other.initialEvents + change.step - 1, width);
      return `added      as step ${change.step} there: ${text}`;
    }
  }
}

function turnedText(trace: Trace, { earlier, later }: { readonly earlier: number; readonly later: number }): string {
  return `turned     ${numberOfEvent(trace, later)} now comes before ${numberOfEvent(trace, earlier)}`;
}
