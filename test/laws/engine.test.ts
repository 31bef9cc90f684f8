import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { inboxBitsMax } from "../../checker/search/engine/counted-inbox.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { KeyTable } from "../../checker/search/engine/key-table.js";
import { gossip } from "../../scenarios/gossip.js";
import { ring } from "../../scenarios/ring.js";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { compile } from "../../sim/compile.js";
import { send, setTimer } from "../../sim/effect.js";
import { become, defineNode } from "../../sim/node.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import { ended } from "../checker/search/ended.js";
import { duplicatingPlans, huntByBothEngines, inboxBitsTried, searchByBoth } from "./both-engines.js";
import { plans, scenarioOf } from "./random-scenario.js";
import type { Sender } from "../../sim/message.js";
import { systemOf } from "../sim/following.js";

const seed = 20261121;

const unlimited = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
const few = { ...unlimited, maxStates: 600 };
const many = { ...unlimited, maxStates: 3000 };

test("on random scenarios the engine visits the same states and transitions as the plain search, with the same witness", () => {
  const kinds = huntByBothEngines({ seed, runs: 400 }, many);
  expect(kinds.get("holds")).toBeGreaterThan(100);
  expect(kinds.get("violated")).toBeGreaterThan(10);
});

test("with messages that are there twice and more the engine agrees with the plain search", () => {
  expect(huntByBothEngines({ seed, runs: 120 }, few, duplicatingPlans).get("unknown")).toBeGreaterThan(5);
});

test("the random scenarios have bitsets, counts of several bits, inboxes that outgrow them, and such as are values", () => {
  const kept = new Map<string, number>();
  const see = (name: string, is: boolean) => void kept.set(name, (kept.get(name) ?? 0) + Number(is));
  fc.assert(
    fc.property(duplicatingPlans, inboxBitsTried, (plan, inboxBits) => {
      const system = compile(scenarioOf(plan));
      const search = engineSearch(system, few, undefined, inboxBits);
      ended(search);
      const { counted, inboxes } = search.tables.components;
      counted.forEach((inbox, participant) => {
        const messages = inbox?.fields.length ?? 0;
        see("bitset", messages > 1 && inbox?.isBitset === true);
        see("counts", messages > 1 && inbox?.isBitset === false);
        const isOrdered = system.orders[participant]?.includes("fifo") === true;
        see("value", inbox === undefined && (inboxes[participant]?.size ?? 0) > 1);
        see("outgrown", inbox === undefined && inboxBits > 0 && !isOrdered);
      });
    }),
    { seed, numRuns: 120 },
  );
  for (const name of ["bitset", "counts", "value", "outgrown"]) expect(kept.get(name), name).toBeGreaterThan(5);
});

test("few successors are made that lead to visited states, and all are counted", () => {
  const look = vi.spyOn(KeyTable.prototype, "addAll");
  const verdict = ended(engineSearch(compile(twoPhaseCommit, { parameters: { rms: 5 } }), unlimited));
  const made = look.mock.calls.reduce((sum, [, count]) => sum + count, 0);
  look.mockRestore();
  const { states, transitions } = verdict.coverage;

  // 2^N + 4^N + 6^N states; transitions as the plain search counts them.
  expect([states, transitions]).toEqual([8832, 84225]);
  expect(made).toBeGreaterThanOrEqual(states);
  expect(made).toBeLessThan(2 * states);
});

test("with a depth limit the engine and the plain search stop at the same states", () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 6 }), (plan, maxDepth) => {
      searchByBoth(compile(scenarioOf(plan)), { ...many, maxDepth });
    }),
    { seed, numRuns: 100 },
  );
});

test("every witness of the engine replays to the same violation", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const system = compile(scenarioOf(plan));
      const verdict = ended(engineSearch(system, many));
      if (verdict.kind !== "violated") return;
      const { violation } = run(system, replaying(verdict.witness.choices), { maxSteps: 1000 });
      const { property, detail, step } = verdict.witness;
      expect(violation).toEqual({ property, detail, step });
    }),
    { seed, numRuns: 200 },
  );
});

test.each([
  ["ring", ring, {}],
  ["ring of 6", ring, { nodes: 6 }],
  ["ring that forwards all", ring, { "forward-smaller": true }],
  ["gossip", gossip, {}],
  ["gossip to two neighbours", gossip, { fanout: 2 }],
  ["two-phase commit", twoPhaseCommit, { rms: 4 }],
  ["zardozbook without timers", zardozbook, { stores: "folded", beats: 0, pushes: 0, pulls: 0 }],
  ["zardozbook with sticky sessions", zardozbook, { stores: "folded", beats: 1, pushes: 1, pulls: 0, fix: "sticky" }],
])("on %s the engine agrees with the plain search", (_, scenario, parameters) => {
  searchByBoth(compile(scenario, { parameters }), { ...unlimited, maxStates: 40_000 });
});

test("on gossip with drops, crashes and partitions the engine agrees with the plain search", () => {
  const faults = { drop: 1, crash: 1, partition: 1 } as const;
  const verdict = searchByBoth(compile(gossip, { faults }), { ...unlimited, maxStates: 20_000 });

  expect(verdict.kind).toBe("holds");
});

/** Two nodes that pass a ball on, by messages and by timers; one gives a state that cannot be kept after so many times. */
function failingAt(last: number): System {
  type Ball = { readonly kind: "ball" };
  const counted = (n: number): number => (n === last ? Number.NaN : n + 1);
  const onMessage = {
    ball: (n: number, ball: Ball, { node }: Sender) => become(counted(n), send<Ball>(node, ball)),
  };
  const server = defineNode<number, Ball>({
    role: "server",
    start: (context) => become(0, ...context.peers.map((peer) => send<Ball>(peer, { kind: "ball" }))),
    onMessage,
  });
  const receiver = defineNode<number, Ball>({ role: "receiver", start: () => become(0), onMessage });
  const clock = defineNode<number, Ball>({
    role: "clock",
    start: () => become(0, setTimer("tick", 1)),
    onMessage: { ball: (n) => become(n) },
    onTimer: { tick: (n) => become(counted(n), setTimer("tick", 1)) },
  });
  return systemOf({ nodes: last % 2 === 0 ? { server, receiver } : { clock } });
}

test("a state that cannot be kept, given long after the calls that are made twice, ends both searches after the same choice", () => {
  for (let last = 300; last < 320; last += 1) {
    for (const inboxBits of [inboxBitsMax, 0]) {
      const limits = { maxStates: 3 * last, maxDepth: Number.POSITIVE_INFINITY };
      const verdict = searchByBoth(failingAt(last), limits, inboxBits);
      expect(verdict).toMatchObject({ kind: "crashed", choices: { length: last % 2 === 0 ? 2 * last + 1 : last + 1 } });
    }
  }
});
