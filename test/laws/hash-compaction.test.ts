import fc from "fast-check";
import { expect, test } from "vitest";
import { omissionProbability } from "../../checker/search/compaction/omission.js";
import { bytesPerSlot, SignatureTable } from "../../checker/search/compaction/signature-table.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import type { SearchLimits } from "../../checker/search/search.js";
import type { Verdict } from "../../checker/verdict.js";
import { paxos } from "../../scenarios/paxos.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { compile } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const noLimits: SearchLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

/** Searches exactly for so many states, then by signatures. Undefined when the exact search has ended by then. */
function compacted(system: System, exactly: number, limits: SearchLimits, slots = 100_000): Verdict | undefined {
  const exact = engineSearch(system, limits);
  exact.advance(exactly);
  const search = exact.compact?.(slots * bytesPerSlot);
  if (search === undefined) return undefined;
  return search.advance(Number.POSITIVE_INFINITY) as Verdict;
}

/**
 * What both must agree on, where no state is left out. Of the state in which a search was cut off, the exact one counts the handlers
 * of the choices before that one alone.
 */
function comparable(verdict: Verdict): unknown {
  const { states, transitions, depth, neverReached, neverRun, complete } = verdict.coverage;
  const isCutOff = !complete && !(verdict.kind === "unknown" && verdict.limit === "hash-compaction");
  const counts = { states, transitions, depth, neverReached, ...(isCutOff ? {} : { neverRun }) };
  switch (verdict.kind) {
    case "violated":
      return { counts, witness: verdict.witness };
    case "crashed":
      return { counts, choices: verdict.choices, message: verdict.failure.message };
    case "holds":
      return { counts, limit: "hash-compaction" };
    case "unknown":
      return { counts, limit: verdict.limit };
  }
}

test("with room for all, a search by signatures finds what the exact one does, and never says that it holds", () => {
  let compared = 0;
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 60 }), (plan, exactly) => {
      const system = compile(scenarioOf(plan));
      const limits = { ...noLimits, maxStates: 1000 };
      const found = compacted(system, exactly, limits);
      if (found === undefined) return;
      const expected = engineSearch(system, limits).advance(Number.POSITIVE_INFINITY) as Verdict;
      if (found.kind === "unknown" && found.limit === "memory-limit") {
        // Compacted so early that something outgrew even the room that it had then.
        expect(found.coverage.states).toBeLessThanOrEqual(expected.coverage.states);
        return;
      }
      compared += 1;

      expect(comparable(found)).toEqual(comparable(expected));
      expect(found.kind).not.toBe("holds");
    }),
    { seed, numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(10);
});

test.each([
  ["paxos", compile(paxos), 20_000],
  ["zardozbook, which is violated", compile(zardozbook, { parameters: { stores: "folded" } }), 20_000],
])("on %s too", (_, system, exactly) => {
  const found = compacted(system, exactly, noLimits, 300_000) as Verdict;
  const expected = engineSearch(system, noLimits).advance(Number.POSITIVE_INFINITY) as Verdict;

  expect(comparable(found)).toEqual(comparable(expected));
  if (found.kind === "unknown") {
    expect(found.compaction?.omissionProbability).toBeGreaterThan(0);
    expect(found.compaction?.omissionProbability).toBeLessThan(1e-8);
  }
});

test("a table of signatures that is full ends the search at the memory limit", () => {
  const found = compacted(compile(paxos), 1000, noLimits, 5000) as Verdict;

  expect(found).toMatchObject({ kind: "unknown", limit: "memory-limit" });
  expect(found.coverage.states).toBeGreaterThan(4500);
});

test("states are left out no more often than the formula says", () => {
  const [states, slots, bits, tables] = [400, 1000, 14, 400];
  let withOmission = 0;
  for (let trial = 0; trial < tables; trial += 1) {
    const table = new SignatureTable(slots * bytesPerSlot, bits);
    for (let state = 0; state < states; state += 1) table.insert(Uint32Array.of(state, trial), 0, 2, 0);
    if (table.size < states) withOmission += 1;
  }
  const bound = omissionProbability({ states, slots, bits });

  // 400 trials: three standard deviations are at most 0.075.
  expect(withOmission / tables).toBeLessThan(bound + 0.075);
  expect(withOmission).toBeGreaterThan(0);
});

test("the probability is that of the paper", () => {
  // Its abstract: 80 million states in 5 bytes each, less than 0.13 % (the table 100 million slots large, or so).
  const stated = omissionProbability({ states: 80e6, slots: 100e6, bits: 40 });
  // By adding up the comparisons one by one.
  const [slots, states, bits] = [1000, 700, 20];
  let compared = 0;
  for (let k = 0; k < states; k += 1) compared += (slots + 1) / (slots - k + 1) - 1;

  expect(stated).toBeLessThan(0.0013);
  expect(omissionProbability({ states, slots, bits })).toBeCloseTo(1 - (1 - 2 ** -bits) ** compared, 8);
});

test("a search that has ended, or not begun, cannot be compacted", () => {
  const search = engineSearch(compile(paxos), { ...noLimits, maxStates: 10 });
  const before = search.compact?.(1000);
  search.advance(Number.POSITIVE_INFINITY);

  expect([before, search.compact?.(1000)]).toEqual([undefined, undefined]);
});
