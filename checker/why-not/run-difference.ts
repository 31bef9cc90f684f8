import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { describeChoice, type Choice } from "../../sim/choice.js";
import { areDependent, comesThrough } from "./orderings.js";
import type { Recording } from "./recording.js";

/** How another run differs from a recorded one. Recorded events by their numbers, others by theirs in the other run. */
export interface RunDifference {
  readonly trace: Trace;
  /** For each event of the other run, the recorded event of the same causal identity; -1 where there is none. */
  readonly counterparts: readonly number[];
  /**
   * Pairs of dependent recorded events that have changed places, those left out that follow from others: where one event
   * comes through another, the later one's change says it all.
   */
  readonly turned: readonly { readonly earlier: number; readonly later: number }[];
  /** Recorded events that do not happen in the other run. */
  readonly missing: readonly number[];
  /** Events of the other run that are not recorded and come before a recorded event that depends on them. */
  readonly added: readonly { readonly event: number; readonly before: number }[];
  /** Events that happen in both with another content. */
  readonly changed: readonly { readonly recorded: number; readonly event: number }[];
}

/**
 * Compares a run with a recorded one, event by event of the same causal identity, up to `upTo` of the recorded run.
 *
 * @param names the choices of the other run. @throws when they cannot be followed.
 */
export function differenceOf(recording: Recording, names: readonly string[], upTo: number): RunDifference {
  const trace = followed(recording.system, names);
  const counterparts = counterpartsOf(recording, trace);
  const placeOf = new Map(counterparts.map((event, i) => [event, i] as const).filter(([event]) => event >= 0));
  const recorded = Array.from({ length: upTo + 1 - recording.first }, (_, i) => i + recording.first);
  const missing = recorded.filter((event) => !placeOf.has(event));
  const turned: { earlier: number; later: number }[] = [];
  for (const later of recorded) {
    for (const earlier of recorded) {
      if (earlier >= later) break;
      const [one, other] = [placeOf.get(earlier), placeOf.get(later)];
      if (one === undefined || other === undefined || one < other) continue;
      if (areDependent(recording.trace, earlier, later)) turned.push({ earlier, later });
    }
  }
  return {
    trace,
    counterparts,
    turned: turned.filter((pair) => !turned.some((other) => other !== pair && follows(recording.trace, pair, other))),
    missing,
    added: addedBefore(recording.trace, trace, counterparts, upTo),
    changed: counterparts.flatMap((event, i) => {
      if (event < recording.first || event > upTo || recording.choiceName(event) === nameOf(trace, i)) return [];
      return [{ recorded: event, event: i }];
    }),
  };
}

/** The trace of a run, by the names of its choices. @throws when they cannot be followed. */
export function followed(system: System, names: readonly string[]): Trace {
  const { trace } = run(system, replaying(names), { maxSteps: names.length, trace: "details", goOn: true });
  if (trace === undefined || trace.length - trace.initialEvents !== names.length) {
    throw new Error("The run to be compared cannot be followed.");
  }
  return trace;
}

/** The recorded event of the same causal identity for each event of another run; -1 where there is none. */
export function counterpartsOf(recording: Recording, trace: Trace): number[] {
  const taken = new Set<number>();
  const counterparts: number[] = Array.from({ length: trace.initialEvents }, (_, i) => i);
  let world = recording.initial;
  for (let event = trace.initialEvents; event < trace.length; event += 1) {
    const choice = recording.identity.own(world, trace.choices[event] as Choice);
    const name = recording.identity.nameOf(world, choice);
    const counterpart = recording.named(name).find((one) => !taken.has(one));
    if (counterpart !== undefined) taken.add(counterpart);
    counterparts.push(counterpart ?? -1);
    world = recording.step(world, choice, counterpart ?? recording.otherNumber(name));
  }
  return counterparts;
}

/** Whether a pair has changed places because another one has: its events come through the other's, or the other's through its. */
function follows(trace: Trace, pair: Pair, other: Pair): boolean {
  return comesThrough(trace, other.later, pair.later) && comesThrough(trace, pair.earlier, other.earlier);
}

interface Pair {
  readonly earlier: number;
  readonly later: number;
}

/** Each event that is not recorded, with the first recorded event after it that depends on it. */
function addedBefore(recorded: Trace, trace: Trace, counterparts: readonly number[], upTo: number) {
  const added: { event: number; before: number }[] = [];
  for (let event = trace.initialEvents; event < trace.length; event += 1) {
    if (counterparts[event] !== -1) continue;
    for (let later = event + 1; later < trace.length; later += 1) {
      const counterpart = counterparts[later] ?? -1;
      if (counterpart < recorded.initialEvents || counterpart > upTo || !areDependent(trace, event, later)) continue;
      added.push({ event, before: counterpart });
      break;
    }
  }
  return added;
}

function nameOf(trace: Trace, event: number): string {
  return describeChoice(trace.choices[event] as Choice);
}
