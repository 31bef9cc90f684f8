import fc from "fast-check";
import { expect, test } from "vitest";
import { explainRun } from "../../checker/explain/explain.js";
import { explained, membershipOf } from "../../checker/why-not/membership.js";
import { nonInfluence } from "../../checker/why-not/non-influence.js";
import { bundled } from "../../scenarios/bundled.js";
import { compile } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { recordAtRandom, subsetsOf } from "../checker/explain/recorded.js";
import { PlainReplay } from "../checker/why-not/plain-replay.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;

/** The last answer to a client, or else the last message that a node gets. */
function lastDelivery({ choices, participants, system }: Trace): number | undefined {
  const deliveries = choices.flatMap((choice, event) => (choice?.kind === "deliver" ? event : []));
  return deliveries.findLast((event) => participants.get(event) >= system.nodes.length) ?? deliveries.at(-1);
}

function expectToAgree(trace: Trace): number {
  const event = lastDelivery(trace);
  if (event === undefined || trace.participants.get(event) < trace.system.nodes.length) return 0;
  const plain = new PlainReplay(trace);
  const recorded = plain.contentAt(event, () => false);
  let influenced = 0;
  for (let other = trace.initialEvents; other < event; other += 1) {
    const found = nonInfluence(trace, other, { kind: "event", event });
    expect(found.isInfluenced).toBe(plain.contentAt(event, (one) => one === other) !== recorded);
    if (found.isInfluenced) influenced += 1;
  }
  return influenced;
}

test("an event influenced an answer exactly if the run, made again without it, gives another one or none", () => {
  let influenced = 0;
  fc.assert(
    fc.property(plans, fc.nat(1000), (plan, number) => {
      influenced += expectToAgree(recordAtRandom(compile(scenarioOf(plan)), number, 16).trace);
    }),
    { seed, numRuns: 80 },
  );
  for (const { scenario } of bundled) {
    for (const number of [1, 2]) influenced += expectToAgree(recordAtRandom(compile(scenario), number, 40).trace);
  }
  expect(influenced).toBeGreaterThan(40);
});

/** By brute force over all sets of events left out: which are in a minimal set that changes what is delivered. */
function decisive(plain: PlainReplay, event: number, events: readonly number[]): Set<number> {
  const recorded = plain.contentAt(event, () => false);
  const changing = subsetsOf(events)
    .filter((subset) => plain.contentAt(event, (one) => subset.includes(one)) !== recorded)
    .sort((a, b) => a.length - b.length);
  const minimal: number[][] = [];
  for (const set of changing) {
    if (!minimal.some((smaller) => smaller.every((one) => set.includes(one)))) minimal.push(set);
  }
  return new Set(minimal.flat());
}

test("an event that is said to be in no explanation is in no minimal set of events without which the outcome changes", () => {
  const seen = { outside: 0, redundant: 0 };
  const check = (system: System, number: number, steps: number): void => {
    const { trace } = recordAtRandom(system, number, steps);
    const event = lastDelivery(trace);
    const events = Array.from({ length: trace.length - trace.initialEvents }, (_, i) => i + trace.initialEvents);
    const before = events.filter((one) => one < (event ?? 0));
    if (event === undefined || before.length > 7 || before.length < 3) return;
    const outcome = { kind: "event", event } as const;
    const explanation = explainRun(trace, explained(outcome), { mode: "global", closureRuns: 0 });
    const brute = decisive(new PlainReplay(trace), event, before);
    for (const other of before) {
      const { isIn, others } = membershipOf(other, explanation);
      if (isIn === false && !nonInfluence(trace, other, outcome).isInfluenced) {
        expect(brute.has(other)).toBe(false);
        seen.outside += 1;
      } else if (others !== null && others.length > 0 && brute.has(other)) seen.redundant += 1;
    }
  };
  fc.assert(
    fc.property(plans, fc.nat(1000), (plan, number) => check(compile(scenarioOf(plan)), number, 8)),
    { seed, numRuns: 150 },
  );
  for (const { scenario } of bundled) for (const number of [1, 2, 3]) check(compile(scenario), number, 8);
  expect(seen.outside).toBeGreaterThan(50);
  expect(seen.redundant).toBeGreaterThan(3);
});
