import fc from "fast-check";
import { expect, test } from "vitest";
import { explainRun } from "../../checker/explain/explain.js";
import { explainedOutcome, membershipOf } from "../../checker/why-not/membership.js";
import { nonInfluence } from "../../checker/why-not/non-influence.js";
import { bundled } from "../../scenarios/bundled.js";
import { redisStore } from "../../nodes/redis.js";
import { compile } from "../../sim/compile.js";
import { nodeId } from "../../sim/node-id.js";
import { defineScenario } from "../../sim/scenario.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { inOrder, operation } from "../../sim/workload.js";
import { recordAtRandom, recordScript, subsetsOf } from "../checker/explain/recorded.js";
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
    { seed, numRuns: 40 },
  );
  for (const { scenario } of bundled) {
    influenced += expectToAgree(recordAtRandom(compile(scenario), 1, 40).trace);
  }
  expect(influenced).toBeGreaterThan(15);
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
  let outside = 0;
  const check = (system: System, number: number, steps: number): void => {
    const { trace } = recordAtRandom(system, number, steps);
    const event = lastDelivery(trace);
    const events = Array.from({ length: trace.length - trace.initialEvents }, (_, i) => i + trace.initialEvents);
    const before = events.filter((one) => one < (event ?? 0));
    if (event === undefined || before.length > 7 || before.length < 3) return;
    const outcome = { kind: "event", event } as const;
    const explanation = explainRun(trace, explainedOutcome(outcome), { mode: "global", closureRuns: 0 });
    const brute = decisive(new PlainReplay(trace), event, before);
    for (const other of before) {
      if (membershipOf(other, explanation).isIn !== false || nonInfluence(trace, other, outcome).isInfluenced) continue;
      expect(brute.has(other)).toBe(false);
      outside += 1;
    }
  };
  fc.assert(
    fc.property(plans, fc.nat(1000), (plan, number) => check(compile(scenarioOf(plan)), number, 8)),
    { seed, numRuns: 70 },
  );
  for (const { scenario } of bundled) for (const number of [1, 2]) check(compile(scenario), number, 8);
  expect(outside).toBeGreaterThan(30);
});

test("of two equal writes neither influences what is read, but each is in an explanation, and without both it is another", () => {
  const store = nodeId("store");
  const set = operation(store, { kind: "set", key: "x", value: "1" });
  const scenario = defineScenario({
    name: "set-twice",
    about: "Two clients write the same.",
    scope: "Two writes, one read.",
    define: () => ({
      nodes: { store: redisStore() },
      workload: { ann: inOrder(set), bob: inOrder(set), cat: inOrder(operation(store, { kind: "get", key: "x" })) },
      properties: [],
    }),
  });
  const asked = ["ann", "bob", "cat"].flatMap((client) => [`invoke @${client}:0`, `deliver @${client}->@store`]);
  const { trace } = recordScript(compile(scenario), [...asked, "deliver @store->@cat"]);
  const outcome = { kind: "event", event: trace.length - 1 } as const;
  const [annAsks, , bobAsks, bobsWrite] = [1, 2, 3, 4].map((number) => number + trace.initialEvents - 1);

  for (const mode of ["local", "global"] as const) {
    const explanation = explainRun(trace, explainedOutcome(outcome), { mode });
    expect(nonInfluence(trace, annAsks as number, outcome).isInfluenced).toBe(false);
    const { isIn, others } = membershipOf(annAsks as number, explanation);
    expect({ isIn, others: others?.every((one) => [bobAsks, bobsWrite].includes(one)) }).toEqual({
      isIn: true,
      others: true,
    });
    expect(others?.length).toBe(1);
  }
  const plain = new PlainReplay(trace);
  expect(plain.contentAt(outcome.event, (one) => one === annAsks)).toContain("1");
  expect(plain.contentAt(outcome.event, (one) => one === annAsks || one === bobAsks)).not.toContain("1");
});
