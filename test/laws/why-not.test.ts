import fc from "fast-check";
import { expect, test } from "vitest";
import { causalPast } from "../../checker/causality.js";
import { type ForcingOrderings, ForcingOrderingsSearch } from "../../checker/why-not/forcing-orderings.js";
import { type NearestGoodRun, NearestGoodRunSearch } from "../../checker/why-not/nearest-good-run.js";
import { nonInfluence } from "../../checker/why-not/non-influence.js";
import { type AskedOutcome, OutcomeJudge } from "../../checker/why-not/outcome-judge.js";
import { Recording } from "../../checker/why-not/recording.js";
import { describeChoice } from "../../sim/choice.js";
import { compile } from "../../sim/compile.js";
import { isFault } from "../../sim/quiescent.js";
import { run } from "../../sim/run.js";
import { randomly } from "../../sim/strategy/listing.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { encodeWorld } from "../../sim/world.js";
import { isGood, type NamedStep, type Place, placeAtStart } from "../checker/why-not/all-runs.js";
import { type Plan, plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const visitsMax = 1500;

interface Asked {
  readonly system: System;
  readonly trace: Trace;
  readonly outcome: AskedOutcome;
}

const questions = fc.tuple(plans, fc.integer({ min: 1, max: 1000 }));

/** A short random run with a violation, or with an answer to a client, that can be asked about. */
function askedOf([plan, number]: readonly [Plan, number]): Asked | undefined {
  const system = compile(scenarioOf(plan));
  const { trace, violation } = run(system, randomly(number), { maxSteps: 6, trace: "details" });
  if (trace === undefined) return undefined;
  if (violation !== undefined) {
    if (violation.step === 0) return undefined;
    return { system, trace, outcome: { kind: "violation", event: trace.length - 1, violation } };
  }
  for (let event = trace.length - 1; event >= trace.initialEvents; event -= 1) {
    if (trace.kind(event) !== "deliver" || trace.participants.get(event) < system.nodes.length) continue;
    return { system, trace, outcome: { kind: "event", event } };
  }
  return undefined;
}

class TooMany extends Error {}

/** The identities of the recorded events, by walking the run again. */
function recordedIdentities({ system, trace }: Asked): string[] {
  let at = placeAtStart(system);
  const recording = new Recording(trace);
  for (let event = trace.initialEvents; event < trace.length; event += 1) {
    const wanted = recording.choiceName(event);
    const found = at.offered().find(({ choice }) => nameOf({ choice }) === wanted);
    if (found === undefined) throw new Error("The recorded run cannot be followed.");
    at = found.next();
  }
  return at.steps.map(({ identity }) => identity);
}

function nameOf({ choice }: Pick<NamedStep, "choice">): string {
  return describeChoice(choice);
}

/** Which recorded event a step is: the first of its identity that is not taken. */
function matched(recorded: readonly string[], isTaken: (position: number) => boolean, identity: string): number {
  return recorded.findIndex((one, position) => one === identity && !isTaken(position));
}

test("the nearest good run is as near as the plain enumeration of all runs finds", () => {
  const seen = { found: 0, none: 0 };
  fc.assert(
    fc.property(questions, (drawn) => {
      const question = askedOf(drawn);
      if (question === undefined) return;
      const recording = new Recording(question.trace);
      const found = answer(new NearestGoodRunSearch(recording, question.outcome));
      if (found === undefined) return;
      const distance = plainDistance(question, recording);
      if (distance === undefined) return;
      expect(found.kind === "found" ? found.changes : Number.POSITIVE_INFINITY).toBe(distance);
      seen[found.kind as "found"] += 1;
    }),
    { seed, numRuns: 300 },
  );
  expect(seen.found).toBeGreaterThan(5);
  expect(seen.none).toBeGreaterThan(5);
});

function answer<T extends NearestGoodRun | ForcingOrderings>(search: {
  readonly advance: (states: number) => T | undefined;
}): T | undefined {
  return search.advance(visitsMax);
}

/** The least cost of a good run over all runs and all ways to account for their changes; undefined if there are too many. */
function plainDistance(question: Asked, recording: Recording): number | undefined {
  const { system, outcome } = question;
  const judge = new OutcomeJudge(recording, outcome);
  const recorded = recordedIdentities(question);
  let best = Number.POSITIVE_INFINITY;
  let visits = 0;
  const visit = (at: Place, fates: string, cost: number, hasKind: boolean): void => {
    visits += 1;
    if (visits > visitsMax || at.steps.length > 40) throw new TooMany();
    if (cost >= best || at.violated || makesOutcome(question, at)) return;
    const offered = at.offered().map((one) => {
      const position = matched(recorded, (other) => fates[other] === "t", one.identity);
      return { ...one, position, fate: fates[position] };
    });
    const take = (one: (typeof offered)[number], price: number): void => {
      const next = one.next();
      if (one.position < 0 && encodeWorld(next.world) === encodeWorld(at.world)) return;
      const after = one.position < 0 ? fates : `${fates.slice(0, one.position)}t${fates.slice(one.position + 1)}`;
      visit(next, after, cost + price, hasKind || judge.isOfKind(one.choice));
    };
    const waiting = offered.filter(({ fate }) => fate === "w").sort((a, b) => a.position - b.position);
    const first = waiting[0];
    if (first !== undefined) {
      take(first, 0);
      visit(at, `${fates.slice(0, first.position)}p${fates.slice(first.position + 1)}`, cost + 1, hasKind);
    }
    if (first !== undefined || offered.some(({ fate, choice }) => fate === "p" && !isFault(choice))) {
      for (const one of offered) if (one !== first) take(one, one.fate === "p" ? 0 : 1);
      return;
    }
    if (at.isEnd() && hasKind && isGood(system, at)) best = Math.min(best, cost);
    const isMoved = (one: (typeof offered)[number]): boolean => encodeWorld(one.next().world) !== encodeWorld(at.world);
    const goesOn = offered.some((one) => one.choice.kind === "deliver" && isMoved(one));
    for (const one of offered) {
      const isFree = hasKind || one.choice.kind === "deliver" || !goesOn;
      if (isFault(one.choice)) take(one, one.position < 0 ? 1 : 0);
      else take(one, isFree || one.position >= 0 ? 0 : 1);
    }
  };
  try {
    visit(placeAtStart(system), "w".repeat(recorded.length), 0, !judge.needsKind);
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
  return best;
}

/** Whether the last step of a path makes the outcome that was asked about. */
function makesOutcome({ trace, outcome }: Asked, at: Place): boolean {
  if (outcome.kind === "violation") return at.violated;
  const last = at.steps.at(-1);
  const choice = trace.choices[outcome.event];
  return last !== undefined && choice !== undefined && nameOf(last) === nameOf({ choice });
}

/** How a path ends, with the places of the recorded events in it, in order. */
interface Ended {
  readonly hasOutcome: boolean;
  readonly order: readonly number[];
}

function allEnded(question: Asked, recording: Recording): Ended[] | undefined {
  const judge = new OutcomeJudge(recording, question.outcome);
  const recorded = recordedIdentities(question);
  const ended: Ended[] = [];
  let visits = 0;
  const visit = (at: Place, order: readonly number[]): void => {
    visits += 1;
    if (visits > visitsMax || at.steps.length > 40) throw new TooMany();
    const last = at.steps.at(-1);
    const isMade = makesOutcome(question, at);
    if (isMade || (judge.needsKind && last !== undefined && judge.isOfKind(last.choice))) {
      ended.push({ hasOutcome: isMade, order });
      return;
    }
    if (at.isEnd()) ended.push({ hasOutcome: false, order });
    for (const one of at.offered()) {
      const position = matched(recorded, (other) => order.includes(other), one.identity);
      const next = one.next();
      if (position < 0 && encodeWorld(next.world) === encodeWorld(at.world)) continue;
      visit(next, position < 0 ? order : [...order, position]);
    }
  };
  try {
    visit(placeAtStart(question.system), []);
  } catch (error) {
    if (error instanceof TooMany) return undefined;
    throw error;
  }
  return ended;
}

test("an event outside the causal past has no influence, and what a certificate names is there and in that order", () => {
  const seen = { influenced: 0, cuts: 0 };
  fc.assert(
    fc.property(questions, (drawn) => {
      const question = askedOf(drawn);
      if (question === undefined) return;
      const { trace, outcome } = question;
      const past = causalPast(trace, outcome.event);
      for (let event = trace.initialEvents; event < outcome.event; event += 1) {
        const found = nonInfluence(trace, event, outcome);
        if (!past.has(event)) expect(found.isInfluenced).toBe(false);
        if (found.isInfluenced) {
          expect([found.chain[0], found.chain.at(-1)]).toEqual([event, outcome.event]);
          seen.influenced += 1;
        }
        for (const cut of found.cuts) {
          seen.cuts += 1;
          if ("emission" in cut) expect(cut.emission.recorded).not.toBe(cut.emission.without);
          if ("reader" in cut && cut.reader !== null) expect(past.has(cut.reader)).toBe(true);
          if (cut.kind === "stale" || (cut.kind === "late" && cut.at !== null)) {
            expect(past.has(cut.at as number)).toBe(false);
            expect(cut.at).toBeGreaterThan(cut.reader as number);
          }
          if (cut.kind === "masked") {
            expect(past.has(cut.at) && found.influenced.includes(cut.at)).toBe(true);
            expect(cut.reason?.witness.every((one) => one < cut.at) ?? true).toBe(true);
          }
        }
      }
    }),
    { seed, numRuns: 300 },
  );
  expect(Math.min(seen.influenced, seen.cuts)).toBeGreaterThan(8);
});

test("what forces an outcome, what breaks it and what bars it is so in every run, and minimal", () => {
  const seen = { forcing: 0, breaking: 0, barriers: 0 };
  fc.assert(
    fc.property(questions, (drawn) => {
      const question = askedOf(drawn);
      if (question === undefined) return;
      const recording = new Recording(question.trace);
      const options = { statesMax: visitsMax * 4, setsMax: 200 };
      const found = answer(new ForcingOrderingsSearch(recording, question.outcome, options));
      if (found?.explored.kind !== "complete" || !found.isWhole) return;
      const ended = allEnded(question, recording);
      if (ended === undefined) return;
      checkSets(found, ended, recording.first);
      seen.forcing += found.forcing.filter((set) => set.length > 0).length;
      seen.breaking += found.breaking.length;
      seen.barriers += found.barriers.length;
    }),
    { seed, numRuns: 300 },
  );
  expect(Math.min(seen.forcing, seen.breaking, seen.barriers)).toBeGreaterThan(3);
});

function checkSets(found: ForcingOrderings, ended: readonly Ended[], first: number): void {
  const placeOf = ({ order }: Ended, event: number): number => order.indexOf(event - first);
  const has = (run: Ended, number: number): boolean => {
    const one = found.all[number];
    if (one?.kind === "happens") return placeOf(run, one.event) >= 0;
    if (one === undefined || placeOf(run, one.later) < 0 || placeOf(run, one.earlier) < 0) return false;
    return placeOf(run, one.earlier) < placeOf(run, one.later);
  };
  /** Whether a barrier that keeps up the opposite lets a run through so far. */
  const isStopped = (run: Ended, number: number): boolean => {
    const one = found.all[number];
    if (one?.kind !== "before") return has(run, number);
    const [earlier, later] = [placeOf(run, one.earlier), placeOf(run, one.later)];
    return earlier >= 0 && (later < 0 || earlier < later);
  };
  const isForcing = (set: readonly number[]): boolean =>
    ended.every((run) => run.hasOutcome || !set.every((one) => has(run, one)));
  const isBarrier = (set: readonly number[]): boolean =>
    ended.every((run) => !run.hasOutcome || set.some((one) => isStopped(run, one)));
  const without = (set: readonly number[], left: number): number[] => set.filter((one) => one !== left);
  const all = found.all.map((_, i) => i);

  expect(found.forcing.length > 0).toBe(isForcing(all));
  for (const set of found.forcing) {
    expect(isForcing(set)).toBe(true);
    for (const one of set) expect(isForcing(without(set, one))).toBe(false);
  }
  for (const set of found.breaking) {
    const others = all.filter((one) => !set.includes(one));
    // A run without the outcome has all others; with any of the set as well, none has.
    expect(isForcing(others)).toBe(false);
    for (const one of set) {
      const misses = (run: Ended): boolean => [...others, one].every((other) => has(run, other)) && !run.hasOutcome;
      expect(ended.some((run) => misses(run) && set.filter((other) => !has(run, other)).length < set.length)).toBe(
        false,
      );
    }
  }
  for (const set of found.barriers) {
    expect(isBarrier(set)).toBe(true);
    for (const one of set) expect(isBarrier(without(set, one))).toBe(false);
  }
}
