import { withTraps } from "../../sim/guard.js";
import type { InFlight } from "../../sim/network.js";
import type { Trace } from "../../sim/trace.js";
import { ReplayWithout, type Taken } from "./replay-without.js";

/** What an event emitted with and without another one: a message, a timer, a choice that is asked for. */
export interface Emission {
  /** By which the event is found that takes it up. */
  readonly name: string;
  readonly event: number;
  readonly kind: "message" | "timer" | "choice";
  /** Of a timer or choice, its name on its node; empty for a message. */
  readonly label: string;
  /** The message itself, as recorded if it is. */
  readonly message: InFlight | undefined;
  /** The participant that it is for. */
  readonly receiver: number;
  /** The canonical texts; null where it is not emitted. */
  readonly recorded: string | null;
  readonly without: string | null;
}

/** What becomes of a recorded event when the run is made without another one. */
export interface Influenced {
  readonly event: number;
  /** `other`: the same, but what it takes up was set or asked for by another event. */
  readonly input: "same" | "other" | "changed" | "absent";
  /** Whether the state of its node or client differs before and after it. */
  readonly isBefore: boolean;
  readonly isAfter: boolean;
  /** Those that differ. */
  readonly emissions: readonly Emission[];
}

/** A run made again without one event, beside the recorded one. */
export interface Influence {
  /** The events of which anything differs, in order, the one that was left out first. */
  readonly influenced: ReadonlyMap<number, Influenced>;
  /** The events up to the last one that take up what was emitted, by its name. */
  readonly takers: ReadonlyMap<string, readonly number[]>;
  /** Both worlds after the last event. */
  readonly recorded: ReplayWithout;
  readonly without: ReplayWithout;
}

/**
 * Makes a recorded run again up to some event, without an earlier one, in its fixed slots: every other recorded event happens at its place, with
 * what its message, timer or choice is now, and not at all where there is none. What is emitted anew has no slot, and is
 * taken as arriving after the run. The kernel's own step runs; a step that fails then changes nothing.
 *
 * O(steps), for both runs.
 */
export function influenceOf(trace: Trace, left: number, upTo: number): Influence {
  return withTraps(() => {
    const recorded = new ReplayWithout(trace, -1);
    const without = new ReplayWithout(trace, left);
    const influenced = new Map<number, Influenced>();
    const takers = new Map<string, number[]>();
    const compare = (event: number, one: Taken, other: Taken): void => {
      const difference = differenceOf(event, one, other);
      if (difference !== undefined) influenced.set(event, difference);
    };
    if (left < trace.initialEvents) compare(left, recorded.atStart(left), without.atStart(left));
    for (let event = trace.initialEvents; event <= upTo; event += 1) {
      const one = recorded.take(event);
      if (one.takesUp !== undefined) takers.set(one.takesUp, [...(takers.get(one.takesUp) ?? []), event]);
      compare(event, one, without.take(event, one.takesUp));
    }
    return { influenced, takers, recorded, without };
  });
}

function differenceOf(event: number, one: Taken, other: Taken): Influenced | undefined {
  const input = inputOf(one, other);
  const names = new Set([...one.emissions.keys(), ...other.emissions.keys()]);
  const emissions: Emission[] = [];
  for (const name of names) {
    const [recorded, without] = [one.emissions.get(name) ?? null, other.emissions.get(name) ?? null];
    const message = one.messages.get(name) ?? other.messages.get(name);
    if (recorded !== without) emissions.push({ name, event, recorded, without, message, ...targetOf(name) });
  }
  const [isBefore, isAfter] = [one.before !== other.before, one.after !== other.after];
  if (input === "same" && !isBefore && !isAfter && emissions.length === 0) return undefined;
  return { event, input, isBefore, isAfter, emissions };
}

function inputOf(one: Taken, other: Taken): Influenced["input"] {
  if (other.input === undefined) return "absent";
  if (other.input !== one.input) return "changed";
  return other.takesUp === one.takesUp ? "same" : "other";
}

/** Whom an emission is for, and what it is: its name says it, after the event that emitted it. */
export function targetOf(name: string): Pick<Emission, "kind" | "receiver" | "label"> {
  const [, sort = "", ...others] = name.split(" ");
  const target = others.join(" ");
  if (sort !== "timer" && sort !== "choice") return { kind: "message", receiver: Number.parseInt(sort, 10), label: "" };
  return { kind: sort, receiver: Number.parseInt(target, 10), label: target.slice(target.indexOf(".") + 1) };
}
