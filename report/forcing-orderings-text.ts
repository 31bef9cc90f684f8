import type { ForcingOrderings } from "../checker/why-not/forcing-orderings.js";
import type { Ordering } from "../checker/why-not/orderings.js";
import type { Trace } from "../sim/trace.js";
import { numberOfEvent } from "./event-text.js";
import { counted, grouped } from "./numbers.js";

/** Which orderings force the outcome, and which have to go; the first few sets of each. */
export function forcingText(trace: Trace, found: ForcingOrderings, setsShown = 3): string {
  const { explored, forcing, breaking, barriers, all, isWhole } = found;
  if (explored.kind === "nothing")
    return `  Not decided: a limit was reached after ${counted(explored.states, "state")}.`;
  if (explored.kind === "within" && explored.changes === 0) {
    return `  Not decided: no run but the recorded one was explored whole within ${counted(explored.states, "state")}.`;
  }
  const scope =
    explored.kind === "complete"
      ? `in every run of the scope (${counted(explored.states, "state")})`
      : `in every run with at most ${counted(explored.changes, "changed decision")} (${counted(explored.states, "state")}; ` +
        "others were not explored whole)";
  const lines = [`Judged ${scope}.`];
  if (forcing.length === 1 && forcing[0]?.length === 0) {
    lines.push("The outcome comes about whatever the order.");
    return lines.map((line) => `  ${line}`).join("\n");
  }
  const show = (sets: readonly (readonly number[])[], text = orderingText): string[] => [
    ...sets.slice(0, setsShown).map((set) => `  ${set.map((one) => text(trace, all[one] as Ordering)).join(" and ")}`),
    ...(sets.length > setsShown ? [`  and ${grouped(sets.length - setsShown)} more`] : []),
  ];
  if (forcing.length === 0) lines.push("The orderings do not decide it: a run with all of them has not the outcome.");
  else lines.push("Each of these lines is enough for it to come about, whatever else happens:", ...show(forcing));
  if (breaking.length > 0)
    lines.push("To prevent it, the orderings of one of these lines have to go:", ...show(breaking));
  lines.push(
    ...(barriers.length > 0
      ? [
          "A lock, a version check or a barrier that keeps up one of these lines is enough:",
          ...show(barriers, oppositeText),
        ]
      : ["No barrier over these events alone is enough: the outcome also comes about without them."]),
  );
  if (!isWhole) lines.push("There may be more such lines than were looked for.");
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The opposite of an ordering: what a barrier keeps up. */
function oppositeText(trace: Trace, ordering: Ordering): string {
  if (ordering.kind === "happens") return `${numberOfEvent(trace, ordering.event)} does not happen`;
  return `${numberOfEvent(trace, ordering.later)} before ${numberOfEvent(trace, ordering.earlier)}`;
}

/** An ordering, by the numbers of its events. */
function orderingText(trace: Trace, ordering: Ordering): string {
  if (ordering.kind === "happens") return `${numberOfEvent(trace, ordering.event)} happens`;
  return `${numberOfEvent(trace, ordering.earlier)} before ${numberOfEvent(trace, ordering.later)}`;
}
