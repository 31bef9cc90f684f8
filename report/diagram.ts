import type { Trace } from "../sim/trace.js";
import { none } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import type { Paint } from "./paint.js";

export interface DiagramOptions {
  readonly paint: Paint;
  /** The events to be drawn bright; all others are dim. All of them unless given. */
  readonly highlighted?: ReadonlySet<number>;
  /** A run of more steps than this is folded to the highlighted ones, its beginning and its end. */
  readonly foldAbove?: number;
}

/**
 * A space-time diagram: one lane for each participant that takes part, time downwards, one row an event; an arrow runs
 * from the sender's lane to the receiver's where a message arrives, and ends in a cross where it is lost.
 */
export function diagram(trace: Trace, options: DiagramOptions): string {
  const steps = Array.from({ length: trace.length - trace.initialEvents }, (_, i) => trace.initialEvents + i);
  const lanes = lanesOf(trace, steps);
  const foldAbove = options.foldAbove ?? 60;
  const isShown = steps.length <= foldAbove ? () => true : shownWhenFolded(steps, options.highlighted, foldAbove);
  const lines = header(trace, lanes, options.paint);
  const gap = " ".repeat(numberWidth);
  let folded = 0;
  for (const event of steps) {
    if (!isShown(event)) {
      folded += 1;
      continue;
    }
    if (folded > 0) lines.push(options.paint.dim(`${gap}  ${lanes.map(() => "⋮   ").join("")} ${folded} more events`));
    folded = 0;
    lines.push(row(trace, event, lanes, options));
  }
  if (folded > 0) lines.push(options.paint.dim(`${gap}  ${lanes.map(() => "⋮   ").join("")} ${folded} more events`));
  return lines.join("\n");
}

const numberWidth = 5;

/** The participants that have a lane, in declared order: those where something happens, or whose messages arrive. */
function lanesOf(trace: Trace, steps: readonly number[]): number[] {
  const used = new Set<number>();
  for (const event of steps) {
    const participant = trace.participants.get(event);
    if (participant >= 0) used.add(participant);
    const sender = senderOf(trace, event);
    if (sender !== undefined) used.add(sender);
  }
  const clientsFirst = (participant: number): number =>
    participant < trace.system.nodes.length ? participant + trace.system.participants.length : participant;
  return [...used].sort((a, b) => clientsFirst(a) - clientsFirst(b));
}

function senderOf(trace: Trace, event: number): number | undefined {
  const choice = trace.choices[event];
  if (choice === undefined || !("message" in choice)) return undefined;
  return trace.system.numberOf(choice.message.envelope.from);
}

/** The names of the lanes, each on a line of its own above its lane. */
function header(trace: Trace, lanes: readonly number[], paint: Paint): string[] {
  return lanes.map((lane, i) => {
    const before = "│   ".repeat(i);
    return `${" ".repeat(numberWidth)}  ${paint.dim(before)}${paint.bold(String(trace.system.participants[lane]))}`;
  });
}

function row(trace: Trace, event: number, lanes: readonly number[], options: DiagramOptions): string {
  const { paint, highlighted } = options;
  const isBright = highlighted === undefined || highlighted.has(event);
  const number = String(numberOfEvent(trace, event)).padStart(numberWidth);
  const cells = drawLanes(trace, event, lanes);
  const text = eventText(trace, event);
  const cause = trace.causes.get(event);
  const since =
    trace.via(event) === "message" && cause !== none && cause >= trace.initialEvents && event - cause > 1
      ? paint.dim(` (sent at ${numberOfEvent(trace, cause)})`)
      : "";
  const line = `${number}  ${cells} ${text}`;
  return isBright ? `${line}${since}` : paint.dim(line);
}

function drawLanes(trace: Trace, event: number, lanes: readonly number[]): string {
  const at = lanes.indexOf(trace.participants.get(event));
  const sender = senderOf(trace, event);
  const from = sender === undefined ? -1 : lanes.indexOf(sender);
  const kind = trace.kind(event);
  const isLost = kind === "drop" || kind === "lost";
  const marks = lanes.map((_, i) => (i === at ? markOf(kind) : "│"));
  if (from < 0 || from === at) return marks.map((mark) => `${mark}   `).join("");
  const [left, right] = from < at ? [from, at] : [at, from];
  return marks
    .map((mark, i) => {
      if (i < left || i > right) return `${mark}   `;
      if (i === right) return `${from > at ? "╯" : isLost ? "│" : mark}   `;
      const lead = i === left ? (from < at ? "╰" : isLost ? "│" : mark) : "─";
      const beforeTarget = from < at && i === at - 1;
      const afterTarget = from > at && i === at;
      if (beforeTarget) return `${lead}${isLost ? "─✗ " : "──▶"}`;
      if (afterTarget) return `${lead}${isLost ? " ✗─" : "◀──"}`;
      return `${lead}───`;
    })
    .join("");
}

function markOf(kind: string): string {
  switch (kind) {
    case "crash":
      return "✗";
    case "recover":
      return "◆";
    case "drop":
    case "lost":
      return "│";
    default:
      return "●";
  }
}

/** Which events a folded diagram shows: the beginning, the end, and what is highlighted, as far as there is room. */
function shownWhenFolded(
  steps: readonly number[],
  highlighted: ReadonlySet<number> | undefined,
  room: number,
): (event: number) => boolean {
  const edge = Math.floor(room / 6);
  const shown = new Set([...steps.slice(0, edge), ...steps.slice(-edge)]);
  const bright = steps.filter((event) => highlighted?.has(event) === true && !shown.has(event));
  for (const event of bright.slice(Math.max(0, bright.length - (room - shown.size)))) shown.add(event);
  return (event) => shown.has(event);
}
