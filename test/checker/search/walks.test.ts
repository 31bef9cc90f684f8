import fc from "fast-check";
import { expect, test } from "vitest";
import type { Verdict } from "../../../checker/verdict.js";
import { startSearch, type StrategyOptions } from "../../../checker/search/start.js";
import { gossip } from "../../../scenarios/gossip.js";
import { paxos } from "../../../scenarios/paxos.js";
import { raft } from "../../../scenarios/raft.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { zardozbook } from "../../../scenarios/zardozbook.js";
import { compile, type Settings } from "../../../sim/compile.js";
import { atQuiescence, eventually, sometimes } from "../../../sim/property.js";
import { run } from "../../../sim/run.js";
import type { Scenario } from "../../../sim/scenario.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import type { System } from "../../../sim/system.js";
import { plans, scenarioOf } from "../../laws/random-scenario.js";
import { at, walk, walking } from "../liveness/walking.js";
import { checked } from "./ended.js";

const walks = { runs: 200, seed: 1, maxSteps: 1000 };

const samplings: readonly StrategyOptions[] = [
  { strategy: "random", ...walks },
  { strategy: "swarm", ...walks },
  { strategy: "pct", bound: 3, ...walks },
];

function expectReplay(system: System, verdict: Verdict): void {
  if (verdict.kind !== "violated") return;
  const { property, step, choices } = verdict.witness;
  expect(run(system, replaying(choices), { maxSteps: step }).violation).toMatchObject({ property, step });
}

// Found within the stated number of walks, with the seed 1.
const planted: readonly [string, Scenario, Settings][] = [
  ["zardozbook", zardozbook, {}],
  ["paxos that forgets its promises", paxos, { parameters: { promise: "off" } }],
  ["raft that forgets its vote", raft, { parameters: { bug: "forgets-vote", terms: 1, entries: 0 } }],
  [
    "raft that skips the check of the log",
    raft,
    { parameters: { bug: "skips-log-check", entries: 2 }, faults: { crash: 0, recover: 0 } },
  ],
];

test.each(
  planted.flatMap(([name, scenario, settings]) =>
    samplings.map((strategy) => [strategy.strategy, name, { scenario, settings, strategy }] as const),
  ),
)("%s finds what is planted in %s within 1,000 walks", (_, __, { scenario, settings, strategy }) => {
  const system = compile(scenario, settings);

  const verdict = checked(system, { ...strategy, runs: 1000 } as StrategyOptions);

  expect(verdict.kind).toBe("violated");
  expectReplay(system, verdict);
});

test.each(samplings.map((strategy) => [strategy.strategy, strategy] as const))(
  "%s never says that something holds, and visits what an exhaustive search does and no more",
  (_, strategy) => {
    fc.assert(
      fc.property(plans, (plan) => {
        const system = compile(scenarioOf(plan));
        const broad = checked(system, { strategy: "breadth-first", maxStates: 2000 });
        const sampled = checked(system, { ...strategy, runs: 20 } as StrategyOptions);

        expect(sampled.kind).not.toBe("holds");
        expectReplay(system, sampled);
        if (broad.kind !== "holds") return;
        expect(sampled).toMatchObject({ kind: "unknown", limit: "runs", coverage: { complete: false, depth: null } });
        expect(sampled.coverage.states).toBeLessThanOrEqual(broad.coverage.states);
        expect(sampled.coverage.neverReached).toEqual(expect.arrayContaining([...broad.coverage.neverReached]));
        expect(sampled.coverage.neverRun).toEqual(expect.arrayContaining([...broad.coverage.neverRun]));
      }),
      { seed: 20261126, numRuns: 12 },
    );
  },
);

test.each(samplings.map((strategy) => [strategy.strategy, strategy] as const))(
  "%s does the same with the same seed, however it is sliced, and something else with another",
  (_, strategy) => {
    const system = compile(gossip, { faults: { drop: 1, crash: 1 } });
    const whole = checked(system, strategy);
    const sliced = startSearch(system, { ...strategy, maxStates: Infinity, maxDepth: Infinity });
    let verdict = sliced.advance(1);
    for (let slice = 1; verdict.kind === "progress"; slice = (slice % 17) + 1) verdict = sliced.advance(slice);

    expect(verdict).toEqual(whole);
    const other = checked(system, { ...strategy, seed: 1000 } as StrategyOptions);
    expect(other.coverage).not.toEqual(whole.coverage);
  },
);

test("enough random walks see every state of two-phase commit, and take it to its end each time", () => {
  const system = compile(twoPhaseCommit, { parameters: { rms: 2 } });

  const verdict = checked(system, { strategy: "random", ...walks, runs: 5000 });

  expect(verdict).toMatchObject({
    kind: "unknown",
    limit: "runs",
    coverage: { states: 56, sampled: { runs: 5000, notJudged: [] }, neverRun: [] },
  });
});

test("walks end after so many steps, and at so many states", () => {
  const endless = walking({ 0: [1], 1: [0] });
  const system = compile(endless);
  const { coverage } = checked(system, { strategy: "random", ...walks, runs: 3, maxSteps: 7 });

  expect(coverage).toMatchObject({ transitions: 21, states: 2, sampled: { longest: 7, runs: 3 } });
  expect(checked(system, { strategy: "random", ...walks, runs: 3, maxDepth: 4 }).coverage.transitions).toBe(9);
  const limited = checked(compile(paxos), { strategy: "random", ...walks, maxStates: 50 });
  expect(limited).toMatchObject({ kind: "unknown", limit: "max-states", coverage: { states: 51 } });
});

test("where a walk ends, what must hold at quiescence is judged; what no finite run decides is named", () => {
  const judged = walking(
    { 0: [1, 2], 1: [], 2: [3], 3: [] },
    atQuiescence("it ends at 1", (view) => at(view) === 1 || `it ends at ${at(view)}`),
    eventually("it comes to 3", (view) => at(view) === 3),
    sometimes("it is at 4", (view) => at(view) === 4),
  );

  const verdict = checked(compile(judged), { strategy: "random", ...walks });

  expect(verdict).toMatchObject({
    kind: "violated",
    witness: { property: "it ends at 1", detail: "it ends at 3", choices: walk(2, 3), step: 2 },
    coverage: { neverReached: ["it is at 4"], sampled: { notJudged: ["it comes to 3"] } },
  });
});

test("the guarantee of pct is that of the most lanes and steps, and of the walks that knew them", () => {
  const system = compile(twoPhaseCommit, { parameters: { rms: 1 } });

  const { sampled } = checked(system, { strategy: "pct", bound: 2, ...walks, runs: 100 }).coverage;

  const { lanes, steps, perRun, overall } = sampled?.guarantee ?? { lanes: 0, steps: 0, perRun: 0, overall: 0 };
  expect(steps).toBe(sampled?.longest);
  expect(lanes).toBeGreaterThan(1);
  expect(perRun).toBeCloseTo(1 / (lanes * steps), 12);
  expect(overall).toBeGreaterThan(1 - (1 - perRun) ** 50);
  expect(overall).toBeLessThanOrEqual(1 - (1 - perRun) ** 100 + 1e-12);
});

test("swarm makes walks without any crash, and walks with one", () => {
  const system = compile(gossip, { faults: { crash: 1 } });
  const crashed = sometimes("one is down", (view) => view.nodes("gossiper").some(({ up }) => !up));
  const watched = { ...system, properties: [crashed] };

  const outcomes = Array.from({ length: 20 }, (_, seed) => {
    const { neverReached } = checked(watched, { strategy: "swarm", ...walks, seed, runs: 1 }).coverage;
    return neverReached.length === 0;
  });

  expect(new Set(outcomes)).toEqual(new Set([true, false]));
});
