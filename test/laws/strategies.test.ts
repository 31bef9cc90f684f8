import fc from "fast-check";
import { expect, test } from "vitest";
import { plainSearch } from "../../checker/search/plain.js";
import type { SearchLimits } from "../../checker/search/search.js";
import { bestFirst } from "../../checker/search/strategy/best-first.js";
import { depthFirst } from "../../checker/search/strategy/depth-first.js";
import { frontierSearch } from "../../checker/search/strategy/frontier-search.js";
import { iterativeDeepening } from "../../checker/search/strategy/iterative-deepening.js";
import type { Verdict } from "../../checker/verdict.js";
import { abd } from "../../scenarios/abd.js";
import { gossip } from "../../scenarios/gossip.js";
import { paxos } from "../../scenarios/paxos.js";
import { register } from "../../scenarios/register.js";
import { ring } from "../../scenarios/ring.js";
import { transactionCommit } from "../../scenarios/transaction-commit.js";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { compile } from "../../sim/compile.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import { encode } from "../../sim/value.js";
import type { View } from "../../sim/view.js";
import { ended } from "../checker/search/ended.js";
import { comparable } from "./both-engines.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261121;
const unlimited: SearchLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

/** All of a verdict but the coverage of handlers, which a search over interned states may see a little earlier. */
function withoutHandlers(verdict: Verdict): unknown {
  const { states, transitions, depth, complete, neverReached, neverRun } = verdict.coverage;
  const coverage = { states, transitions, depth, complete, neverReached };
  return comparable(verdict, verdict.kind === "holds" ? { ...coverage, neverRun } : coverage);
}

/** The verdict, the counts of a search that went to its end, and the length of a shortest witness. */
function outcome(verdict: Verdict): unknown {
  const { states, transitions } = verdict.coverage;
  switch (verdict.kind) {
    case "holds":
      return { kind: verdict.kind, states, transitions };
    case "violated":
      return { kind: verdict.kind, steps: verdict.witness.step };
    case "crashed":
      return { kind: verdict.kind, steps: verdict.choices.length };
    case "unknown":
      return { kind: verdict.kind, limit: verdict.limit };
  }
}

function expectReplay(system: System, verdict: Verdict): void {
  if (verdict.kind !== "violated") return;
  const { property, detail, step, choices } = verdict.witness;
  expect(run(system, replaying(choices), { maxSteps: choices.length }).violation).toEqual({ property, detail, step });
}

test("on random scenarios depth-first is the plain depth-first search, states, transitions and witness alike", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(plans, fc.option(fc.integer({ min: 1, max: 8 }), { freq: 4 }), (plan, maxDepth) => {
      const system = compile(scenarioOf(plan));
      const limits = { maxStates: 1000, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
      const deep = ended(frontierSearch(system, depthFirst, limits));
      expect(withoutHandlers(deep)).toEqual(withoutHandlers(ended(plainSearch(system, "depth-first", limits))));
      expectReplay(system, deep);
      kinds.set(deep.kind, (kinds.get(deep.kind) ?? 0) + 1);
    }),
    { seed, numRuns: 50 },
  );
  expect(kinds.get("holds")).toBeGreaterThan(10);
  expect(kinds.get("violated")).toBeGreaterThan(2);
});

test("on random scenarios iterative deepening has the plain search's counts, and a witness as short as breadth-first's", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(plans, fc.option(fc.integer({ min: 1, max: 8 }), { freq: 4 }), (plan, maxDepth) => {
      const system = compile(scenarioOf(plan));
      const limits = { maxStates: 1000, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
      const deepening = ended(frontierSearch(system, iterativeDeepening, limits));
      const broad = ended(plainSearch(system, "breadth-first", limits));
      expect(outcome(deepening)).toEqual(outcome(broad));
      expectReplay(system, deepening);
      kinds.set(deepening.kind, (kinds.get(deepening.kind) ?? 0) + 1);
    }),
    { seed, numRuns: 50 },
  );
  expect(kinds.get("holds")).toBeGreaterThan(10);
  expect(kinds.get("violated")).toBeGreaterThan(2);
});

test("on random scenarios best-first, whatever the score, comes to the plain search's verdict and counts", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(plans, fc.constantFrom(...scores), (plan, score) => {
      const system = { ...compile(scenarioOf(plan)), score };
      const limits = { ...unlimited, maxStates: 1000 };
      const best = ended(frontierSearch(system, (successors) => bestFirst(system, successors), limits));
      const broad = ended(plainSearch(system, "breadth-first", limits));
      if (broad.kind === "holds") expect(outcome(best)).toEqual(outcome(broad));
      else if (broad.kind !== "unknown" && best.kind !== "unknown") expect(best.kind).toBe(broad.kind);
      expectReplay(system, best);
      kinds.set(best.kind, (kinds.get(best.kind) ?? 0) + 1);
    }),
    { seed, numRuns: 40 },
  );
  expect(kinds.get("holds")).toBeGreaterThan(8);
  expect(kinds.get("violated")).toBeGreaterThan(2);
});

/** Some that read nothing, some, and all of a world, with ties and without. */
const scores: readonly ((view: View) => number)[] = [
  () => 0,
  (view) => view.inFlight().length,
  (view) => -view.nodes("r0").filter(({ up }) => up).length,
  (view) => encode([view.inFlight().length, view.nodes("r0").map(({ timers }) => timers)]).length % 7,
  (view) => (view.inFlight().length > 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
];

test.each([
  ["transaction commit", transactionCommit, {}],
  ["two-phase commit", twoPhaseCommit, { rms: 3 }],
  ["paxos of two acceptors", paxos, { acceptors: 2 }],
  ["register", register, {}],
  ["ABD", abd, {}],
  ["ring", ring, {}],
  ["ring that forwards all", ring, { "forward-smaller": true }],
  ["gossip", gossip, {}],
  ["zardozbook without timers", zardozbook, { stores: "folded", beats: 0, pushes: 0, pulls: 0 }],
])("on %s the exhaustive strategies agree with the plain searches", (_, scenario, parameters) => {
  const system = compile(scenario, { parameters });
  const limits = { ...unlimited, maxStates: 20_000 };
  const broad = ended(plainSearch(system, "breadth-first", limits));
  const deep = ended(plainSearch(system, "depth-first", limits));

  expect(withoutHandlers(ended(frontierSearch(system, depthFirst, limits)))).toEqual(withoutHandlers(deep));
  expect(outcome(ended(frontierSearch(system, iterativeDeepening, limits)))).toEqual(outcome(broad));
  const scored = { ...system, score: (view: View) => -view.inFlight().length };
  const best = ended(frontierSearch(scored, (successors) => bestFirst(scored, successors), limits));
  if (broad.kind === "holds") expect(outcome(best)).toEqual(outcome(broad));
});
