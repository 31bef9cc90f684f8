import type { ExplanationDifference, Parting } from "../checker/why-not/explanation-difference.js";
import type { Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import { counted } from "./numbers.js";

/** Both runs of a comparison. */
export interface BothRuns {
  readonly recorded: Trace;
  readonly other: Trace;
}

/** How two explanations differ, in lines: what they share, and where they part. `width` is about how long an event's text may be. */
export function explanationDifferenceText(
  runs: BothRuns,
  { recorded, other, shared, recordedOnly, otherOnly, partings }: ExplanationDifference,
  width: number,
): string {
  const share = counted(shared.length, "event");
  const certain = recorded.status === "exact" && other.status === "exact" ? "" : " (as far as they are known)";
  const { outcome } = other;
  const there = outcome.kind === "seen" ? "the end there" : `${numberOfEvent(runs.other, outcome.event)} there`;
  const here = outcome.kind === "seen" ? "the end here" : numberOfEvent(runs.recorded, recorded.outcome.event);
  if (partings.length === 0) return `  The explanation of ${there} is that of ${here}${certain}: ${share}.`;
  const ahead = new Set(partings.flatMap((parting) => parting.recorded));
  const aheadThere = new Set(partings.flatMap((parting) => parting.other));
  const lines = [
    `The explanation of ${there}${certain} shares ${share} with that of ${here}; they part at`,
    ...partings.flatMap((parting) => partingText(runs, parting, width)),
    ...behindText(runs.recorded, recordedOnly, ahead, "Behind what is only here"),
    ...behindText(runs.other, otherOnly, aheadThere, "Behind what is only there"),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

function partingText({ recorded, other }: BothRuns, { at, ...hangs }: Parting, width: number): string[] {
  const line = (label: string, trace: Trace, event: number): string =>
    `  ${label.padEnd(11)}${String(numberOfEvent(trace, event)).padStart(3)}  ${eventText(trace, event, width)}`;
  const number = (event: number): number => numberOfEvent(recorded, event);
  return [
    at.kind === "memory"
      ? `what is seen of ${recorded.system.participants[at.node]}`
      : `${String(number(at.recorded)).padStart(3)} (there ${numberOfEvent(other, at.other)}): ${eventText(recorded, at.recorded, width)}`,
    ...hangs.recorded.map((event) => line("only here", recorded, event)),
    ...hangs.other.map((event) => line("only there", other, event)),
    ...hangs.turned.map(({ earlier, later }) => `  turned     ${number(later)} comes before ${number(earlier)} there`),
  ];
}

/** The events of one explanation alone that lead to those where it parts from the other. */
function behindText(trace: Trace, only: readonly number[], ahead: ReadonlySet<number>, label: string): string[] {
  const behind = only.filter((event) => !ahead.has(event)).map((event) => numberOfEvent(trace, event));
  return behind.length === 0 ? [] : [`${label}: ${behind.join(", ")}.`];
}
