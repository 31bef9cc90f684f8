import type { EventKind } from "../sim/observer.js";
import type { Paint } from "./paint.js";

/** What is drawn across the lanes in one row: an event at a lane, and the lane that its message comes from. */
export interface Drawn {
  readonly at?: number;
  readonly from?: number | undefined;
  readonly kind?: EventKind;
}

/**
 * One row of lanes: a line for each, a mark where something happens, and an arrow from the sender's lane to it.
 *
 * @param count how many lanes the diagram has: many are drawn closer together.
 */
export function drawLanes(lanes: readonly number[], drawn: Drawn, paint: Paint | undefined, count: number): string {
  const gap = count > 14 ? 1 : 3;
  const at = drawn.at === undefined ? -1 : lanes.indexOf(drawn.at);
  const from = drawn.from === undefined ? -1 : lanes.indexOf(drawn.from);
  const fate = fateOf(drawn.kind);
  const isLost = fate === "✗";
  const hasArrow = from >= 0 && at >= 0 && from !== at;
  const [left, right] = from < at ? [from, at] : [at, from];
  let text = "";
  for (let i = 0; i < lanes.length; i += 1) {
    if (i === at) text += paintMark(fate !== undefined && hasArrow ? "│" : markOf(drawn.kind), drawn.kind, paint);
    else if (hasArrow && i === from) text += paintArrow(from < at ? "╰" : "╯", isLost, paint);
    else if (hasArrow && i > left && i < right) text += paintArrow("─", isLost, paint);
    else text += paint?.dim("│") ?? "│";
    const isCrossed = hasArrow && i >= left && i < right;
    text += isCrossed ? paintArrow(between(i, at, from, gap, fate), isLost, paint) : " ".repeat(gap);
  }
  return text;
}

/** What an arrow draws in the gap to the right of lane `i`. */
function between(i: number, at: number, from: number, gap: number, fate: string | undefined): string {
  const line = "─".repeat(gap - 1);
  if (from < at && i === at - 1) return `${line}${fate ?? "▶"}`;
  if (from > at && i === at) return `${fate ?? "◀"}${line}`;
  return `─${line}`;
}

/** How the arrow of a message ends that does not arrive by this event; undefined for one that does. */
function fateOf(kind: EventKind | undefined): string | undefined {
  switch (kind) {
    case "drop":
    case "lost":
      return "✗";
    case "duplicate":
      return "+";
    case "delay":
      return "…";
    case "error":
      return "!";
    default:
      return undefined;
  }
}

function paintArrow(text: string, isLost: boolean, paint: Paint | undefined): string {
  if (paint === undefined) return text;
  return isLost ? paint.red(text) : paint.cyan(text);
}

function paintMark(mark: string, kind: EventKind | undefined, paint: Paint | undefined): string {
  if (paint === undefined) return mark;
  if (kind === "crash") return paint.red(mark);
  return mark === "│" ? paint.dim(mark) : paint.bold(mark);
}

function markOf(kind: EventKind | undefined): string {
  switch (kind) {
    case "crash":
      return "✗";
    case "recover":
      return "◆";
    case "fire":
      return "◷";
    case "choose":
    case "flush":
      return "○";
    default:
      return "●";
  }
}
