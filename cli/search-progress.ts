import type { Activity } from "../checker/pace.js";
import type { Estimate } from "../checker/search/outlook/estimate.js";
import type { Progress } from "../checker/search/search.js";
import { bytesText, counted, grouped, secondsText } from "../report/numbers.js";
import { estimateText } from "./outlook-lines.js";
import type { Watch } from "./watch.js";

/** How far a search has come, in a line. */
export function progressText(
  { phase, states, depth, frontier, activity }: Progress,
  watch: Pick<Watch, "seconds" | "bytes">,
  estimate: Estimate | undefined,
): string {
  if (phase === "resuming") return `taking up the checkpoint · ${grouped(states)} states`;
  if (activity !== undefined) {
    return `${activityText(activity)} · ${bytesText(watch.bytes)} · ${secondsText(watch.seconds)}`;
  }
  const parts = [
    ...(phase === "walks" ? [`${counted(frontier, "walk")} to go`] : []),
    `${grouped(states)} states`,
    `${grouped(states / watch.seconds)}/s`,
    ...(depth === null ? [] : [`depth ${depth}`]),
    ...(phase === "walks" ? [] : [`frontier ${grouped(frontier)}`]),
    bytesText(watch.bytes),
    secondsText(watch.seconds),
    ...(depth === null ? [] : [remainderText(states, watch.seconds, estimate)]),
  ];
  return parts.join(" · ");
}

/** What is being done about whole runs, and how far it is. */
function activityText({ doing, done, of }: Activity): string {
  const states = of === undefined ? counted(done, "state") : `${grouped(done)} of ${counted(of, "state")}`;
  return `whole runs · ${doing} · ${states}`;
}

/** How many states are still to come, and how long that takes at the present rate. */
function remainderText(states: number, seconds: number, estimate: Estimate | undefined): string {
  if (estimate === undefined) return "no estimate yet";
  const left = (all: number): string => secondsText((seconds * Math.max(0, all - states)) / states);
  return `${estimateText(estimate)}, ${left(estimate.atLeast)} to ${left(estimate.atMost)} left`;
}
