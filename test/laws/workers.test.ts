import fc from "fast-check";
import { expect, test } from "vitest";
import { inboxBitsMax } from "../../checker/search/engine/counted-inbox.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import type { Verdict } from "../../checker/verdict.js";
import { gossip } from "../../scenarios/gossip.js";
import { paxos } from "../../scenarios/paxos.js";
import { ring } from "../../scenarios/ring.js";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { compile } from "../../sim/compile.js";
import { sometimes } from "../../sim/property.js";
import type { Scenario } from "../../sim/scenario.js";
import type { System } from "../../sim/system.js";
import { duplicatingPlans } from "./both-engines.js";
import { InlineCrew } from "./inline-crew.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const limits = { maxStates: 1500, maxDepth: Number.POSITIVE_INFINITY };
const unlimited = { ...limits, maxStates: Number.POSITIVE_INFINITY };

const threads = fc.integer({ min: 2, max: 3 });
const turns = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 20 });

/** All of a verdict; of an error its message. */
function told(verdict: Verdict): unknown {
  return verdict.kind === "crashed" ? { ...verdict, failure: verdict.failure.message } : verdict;
}

/** Searches alone and with helpers; gives the verdict, and how many chunks the helpers have expanded. */
function compare(system: System, crew: InlineCrew, { limits: given = limits, inboxBits = inboxBitsMax } = {}) {
  const alone = engineSearch(system, given, undefined, inboxBits);
  const together = engineSearch(system, given, undefined, inboxBits, crew);
  const expected = alone.advance(Number.POSITIVE_INFINITY) as Verdict;
  expect(told(together.advance(Number.POSITIVE_INFINITY) as Verdict)).toEqual(told(expected));
  expect(together.snapshot()?.parents).toEqual(alone.snapshot()?.parents);
  return { kind: expected.kind, chunks: crew.chunks };
}

test.each([
  ["random scenarios", plans, 40],
  ["such as have messages twice and more", duplicatingPlans, 25],
])("on %s any number of workers find the same states in the same order, and the same verdict", (_, drawn, numRuns) => {
  const kinds = new Map<string, number>();
  let helped = 0;
  fc.assert(
    fc.property(drawn, threads, turns, fc.constantFrom(inboxBitsMax, 3, 0), (plan, count, order, inboxBits) => {
      const system = compile(scenarioOf(plan));
      const { kind, chunks } = compare(system, new InlineCrew(system, count, order, inboxBits), { inboxBits });
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      helped += chunks;
    }),
    { seed, numRuns },
  );
  expect(kinds.get("holds")).toBeGreaterThan(numRuns / 4);
  expect(kinds.get("violated")).toBeGreaterThan(numRuns / 10);
  expect(helped).toBeGreaterThan(5 * numRuns);
});

test.each([
  ["two-phase commit", compile(twoPhaseCommit, { parameters: { rms: 5 } })],
  ["ring", compile(ring, { parameters: { nodes: 6 } })],
  ["gossip with faults", compile(gossip, { faults: { drop: 1, crash: 1, partition: 1 } })],
  ["paxos without an acceptor's promise", compile(paxos, { parameters: { promise: "off" } })],
  ["zardozbook", compile(zardozbook, { parameters: { stores: "folded" } })],
])("on %s three workers agree with one", (_, system) => {
  const { chunks } = compare(system, new InlineCrew(system, 3, [1, 2, 2, 1, 0]), {
    limits: { ...unlimited, maxStates: 20_000 },
  });
  expect(chunks).toBeGreaterThan(10);
});

/** Two-phase commit that asks for each set of resource managers whether they alone prepare, commit or abort. */
function asking(rms: number): Scenario {
  const asked = Array.from({ length: 2 ** rms }, (_, set) => set).flatMap((set) =>
    ["prepared", "committed", "aborted"].map((vote) =>
      sometimes(`${vote}: ${set}`, (view) => {
        const votes = view.nodes("rm").map((rm) => rm.up && (rm.state as { readonly vote: string }).vote === vote);
        return votes.every((is, i) => is === ((set & (1 << i)) !== 0));
      }),
    ),
  );
  return {
    ...twoPhaseCommit,
    define: (parameters) => {
      const defined = twoPhaseCommit.define(parameters);
      return { ...defined, properties: [...(defined.properties ?? []), ...asked] };
    },
  };
}

test.each([2, 3])("states after the one that first reaches something are taken back by %s workers", (count) => {
  const system = compile(asking(4), { parameters: { rms: 4 } });
  const { chunks } = compare(system, new InlineCrew(system, count, [1, 2, 2, 1, 0]), { limits: unlimited });
  expect(chunks).toBeGreaterThan(10);
});

test("what workers have begun one goes on with, and the other way round", () => {
  fc.assert(
    fc.property(plans, turns, fc.integer({ min: 1, max: 300 }), fc.boolean(), (plan, order, states, isFirst) => {
      const system = compile(scenarioOf(plan));
      const crew = new InlineCrew(system, 2, order);
      const first = engineSearch(system, limits, undefined, inboxBitsMax, isFirst ? crew : undefined);
      if (first.advance(states).kind !== "progress") return;
      const resumed = engineSearch(system, limits, first.snapshot(), inboxBitsMax, isFirst ? undefined : crew);

      const expected = engineSearch(system, limits).advance(Number.POSITIVE_INFINITY) as Verdict;
      expect(told(resumed.advance(Number.POSITIVE_INFINITY) as Verdict)).toEqual(told(expected));
    }),
    { seed, numRuns: 20 },
  );
});

test("without memory for more slots, workers fill those that there are, and stop when they are full", () => {
  const ends = [4, 5].map((rms) => {
    const system = compile(twoPhaseCommit, { parameters: { rms } });
    const crew = new InlineCrew(system, 2, [0, 1, 2, 3], inboxBitsMax);
    const bound = { ...unlimited, bytesLeft: () => 0 };
    const { kind, coverage } = engineSearch(system, bound, undefined, inboxBitsMax, crew).advance(Infinity) as Verdict;
    return [kind, coverage.states];
  });

  // 8 parts of 2^10 slots, of which seven eighths are filled: 2^4 + 4^4 + 6^4 states go into them, 2^5 + 4^5 + 6^5 do not.
  expect(ends[0]).toEqual(["holds", 1568]);
  expect(ends[1]?.[0]).toBe("unknown");
  expect(ends[1]?.[1]).toBeGreaterThan(2000);
  expect(ends[1]?.[1]).toBeLessThan(7168);
});
