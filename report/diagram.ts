import { none, type Trace } from "../sim/trace.js";
import { eventText, numberOfEvent } from "./event-text.js";
import { drawLanes } from "./lanes.js";
import type { Paint } from "./paint.js";

export interface DiagramOptions {
  readonly paint: Paint;
  /** The events to be drawn bright; all others are dim. All of them unless given. */
  readonly highlighted?: ReadonlySet<number>;
  /** Puts a star beside the highlighted events, for where there are no colours. */
  readonly stars?: boolean;
  /** A run of more steps than this is folded to its beginning, its end and the latest highlighted ones; 60 unless given. */
  readonly foldAbove?: number;
  /** About how many characters a row may have; 140 unless given. */
  readonly width?: number;
  /** The first of the events that repeat for ever, up to the last one. */
  readonly repeatsFrom?: number;
}

/**
 * A space-time diagram (Lamport 1978, figure 1, turned): one lane for each participant that takes part, time downwards,
 * one row an event. An arrow runs from the sender's lane to the receiver's where a message arrives, and ends in a cross
 * where it is lost.
 */
export function diagram(trace: Trace, options: DiagramOptions): string {
  const steps = Array.from({ length: trace.length - trace.initialEvents }, (_, i) => trace.initialEvents + i);
  const shown = shownOf(steps, options.highlighted, options.foldAbove ?? 60);
  const lanes = lanesOf(trace, shown);
  const lines = lanes.map((lane, i) => {
    const before = drawLanes(lanes.slice(0, i), {}, options.paint, lanes.length);
    return `${margin}  ${before}${options.paint.bold(String(trace.system.participants[lane]))}`;
  });
  let last = trace.initialEvents - 1;
  for (const event of shown) {
    if (event - last > 1) lines.push(foldedRow(event - last - 1, options.paint));
    if (isFirstFrom(options.repeatsFrom, last, event)) lines.push(`${margin}  ${options.paint.bold("then for ever:")}`);
    lines.push(row(trace, event, lanes, options));
    last = event;
  }
  return lines.join("\n");
}

const numberWidth = 5;
const margin = " ".repeat(numberWidth);

function foldedRow(count: number, paint: Paint): string {
  return paint.dim(`${"⋮".padStart(numberWidth)}  ${count} more ${count === 1 ? "event" : "events"}`);
}

/** Whether of the events drawn this is the first one at or after a given one. */
function isFirstFrom(from: number | undefined, last: number, event: number): boolean {
  return from !== undefined && last < from && event >= from;
}

/** Which events are drawn: all, or when folded the beginning, the end, and what is highlighted as far as there is room. */
function shownOf(steps: readonly number[], highlighted: ReadonlySet<number> | undefined, room: number): number[] {
  if (steps.length <= room) return [...steps];
  const edge = Math.max(1, Math.floor(room / 6));
  const shown = new Set([...steps.slice(0, edge), ...steps.slice(-edge)]);
  const bright = steps.filter((event) => highlighted?.has(event) === true && !shown.has(event));
  for (const event of bright.slice(Math.max(0, bright.length - (room - shown.size)))) shown.add(event);
  return steps.filter((event) => shown.has(event));
}

/** The participants that have a lane: clients, then nodes, as declared; those where something happens or is sent from. */
function lanesOf(trace: Trace, events: readonly number[]): number[] {
  const used = new Set<number>();
  for (const event of events) {
    const participant = trace.participants.get(event);
    if (participant >= 0) used.add(participant);
    const sender = senderOf(trace, event);
    if (sender !== undefined) used.add(sender);
  }
  const { nodes, participants } = trace.system;
  const place = (participant: number): number =>
    participant < nodes.length ? participant + participants.length : participant;
  return [...used].sort((a, b) => place(a) - place(b));
}

function senderOf(trace: Trace, event: number): number | undefined {
  const choice = trace.choices[event];
  if (choice === undefined || !("message" in choice)) return undefined;
  return trace.system.numberOf(choice.message.from);
}

function row(trace: Trace, event: number, lanes: readonly number[], options: DiagramOptions): string {
  const { paint, highlighted, width = 140 } = options;
  const number = String(numberOfEvent(trace, event)).padStart(numberWidth);
  const drawn = { at: trace.participants.get(event), from: senderOf(trace, event), kind: trace.kind(event) };
  const bare = drawLanes(lanes, drawn, undefined, lanes.length);
  const note = sentEarlier(trace, event);
  const room = width - numberWidth - 2 - bare.length - note.length;
  const text = eventText(trace, event, Math.max(room, 40));
  if (highlighted?.has(event) === false) return paint.dim(`${number}  ${bare}${text}${note}`);
  const mark = options.stars === true ? "*" : " ";
  return `${number}${mark} ${drawLanes(lanes, drawn, paint, lanes.length)}${text}${paint.dim(note)}`;
}

/** Where a message was sent, unless it was the event before. */
function sentEarlier(trace: Trace, event: number): string {
  const cause = trace.causes.get(event);
  if (cause === none || cause < trace.initialEvents || trace.via(event) !== "message" || event - cause < 2) return "";
  return `  (sent at ${numberOfEvent(trace, cause)})`;
}
