import { isFault } from "../../sim/quiescent.js";
import { none, type Trace } from "../../sim/trace.js";
import type { Choice } from "../../sim/choice.js";

/**
 * Something that is true of a recorded run and need not be of another: that one event comes before another that depends on
 * it (both happen, in this order), or that a choice was made (a fault, an option, or an event that no order speaks of).
 */
export type Ordering =
  | { readonly kind: "before"; readonly earlier: number; readonly later: number }
  | { readonly kind: "happens"; readonly event: number };

/**
 * The orderings of a recorded run up to an event, those that hold in every run left out where that is plain: an event
 * that comes about through another one, by message or timer, is always after it.
 *
 * Two events depend on each other if they are of the same participant, or if monitors see both: runs with all of these
 * orderings are the same run up to the order of independent events (Mazurkiewicz).
 */
export class Orderings {
  readonly all: readonly Ordering[];
  /** For each step, where the orderings that its event decides begin; they stand together. */
  private readonly starts: readonly number[];
  private readonly first: number;

  constructor(trace: Trace, upTo: number) {
    this.first = trace.initialEvents;
    const all: Ordering[] = [];
    const starts: number[] = [];
    const alone = aloneOf(trace, upTo);
    for (let event = this.first; event <= upTo; event += 1) {
      starts.push(all.length);
      for (let earlier = this.first; earlier < event; earlier += 1) {
        if (isOrdered(trace, earlier, event)) all.push({ kind: "before", earlier, later: event });
      }
      if (isDecided(trace.choices[event]) || alone.has(event)) all.push({ kind: "happens", event });
    }
    this.all = all;
    this.starts = [...starts, all.length];
  }

  get size(): number {
    return this.all.length;
  }

  /** The truths once the event of a step is taken: it decides which of its orderings hold. */
  after(truths: string, position: number, isTaken: (position: number) => boolean): string {
    const [start, end] = [this.starts[position], this.starts[position + 1]];
    if (start === undefined || end === undefined || start === end) return truths;
    let decided = "";
    for (let i = start; i < end; i += 1) {
      const ordering = this.all[i] as Ordering;
      decided += ordering.kind === "happens" || isTaken(ordering.earlier - this.first) ? "1" : "0";
    }
    return truths.slice(0, start) + decided + truths.slice(end);
  }

  /** Whether a run has an ordering the other way round: both events in the opposite order, or a choice not made. */
  isReversed(ordering: number, truths: string, isTaken: (position: number) => boolean): boolean {
    const one = this.all[ordering] as Ordering;
    if (truths[ordering] === "1") return false;
    return one.kind === "happens" || (isTaken(one.earlier - this.first) && isTaken(one.later - this.first));
  }

  /** Whether a run has gone against an ordering's opposite: its earlier event has come, and its later one not before. */
  isKept(ordering: number, truths: string, isTaken: (position: number) => boolean): boolean {
    const one = this.all[ordering] as Ordering;
    if (one.kind === "happens") return truths[ordering] === "1";
    if (!isTaken(one.earlier - this.first)) return false;
    return truths[ordering] === "1" || !isTaken(one.later - this.first);
  }
}

/** Whether events depend on each other, and their order is not plain. */
function isOrdered(trace: Trace, earlier: number, later: number): boolean {
  return areDependent(trace, earlier, later) && !comesThrough(trace, later, earlier);
}

/** Whether two events do not commute: they are of the same participant, or monitors see both. */
export function areDependent(trace: Trace, a: number, b: number): boolean {
  const [one, other] = [trace.participants.get(a), trace.participants.get(b)];
  if (one === other && one !== none) return true;
  return trace.system.monitors.length > 0 && isObserved(trace, a) && isObserved(trace, b);
}

/** Whether monitors are told of an event. */
function isObserved(trace: Trace, event: number): boolean {
  const choice = trace.choices[event];
  if (choice === undefined) return false;
  if (isFault(choice) || choice.kind === "invoke" || choice.kind === "heal") return true;
  if (trace.participants.get(event) >= trace.system.nodes.length) return true;
  return trace.reactions.get(event)?.effects.some((effect) => effect.kind === "emit") ?? false;
}

/** Whether an event is another one, or came about through it along messages, timers and choices alone. */
export function comesThrough(trace: Trace, event: number, through: number): boolean {
  let at = event;
  while (at > through) at = trace.causes.get(at);
  return at === through;
}

/** Whether which choice it was is a decision by itself. */
function isDecided(choice: Choice | undefined): boolean {
  return choice !== undefined && (isFault(choice) || choice.kind === "heal" || choice.kind === "choose");
}

/** The events that no order speaks of, neither of them nor of what comes through them. */
function aloneOf(trace: Trace, upTo: number): Set<number> {
  const spoken = new Set<number>();
  const alone = new Set<number>();
  for (let event = upTo; event >= trace.initialEvents; event -= 1) {
    for (let earlier = trace.initialEvents; earlier < event; earlier += 1) {
      if (isOrdered(trace, earlier, event)) spoken.add(event).add(earlier);
    }
    if (!spoken.has(event)) alone.add(event);
    spoken.add(trace.causes.get(event));
  }
  return alone;
}
