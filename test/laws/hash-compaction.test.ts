import fc from "fast-check";
import { expect, test } from "vitest";
import { Ancestry, checkOf } from "../../checker/search/compaction/ancestry.js";
import { omissionProbability } from "../../checker/search/compaction/omission.js";
import { SignatureSet } from "../../checker/search/compaction/signature-set.js";
import { StateHash } from "../../checker/search/compaction/state-hash.js";
import { inboxBitsMax } from "../../checker/search/engine/counted-inbox.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { unpaused } from "../../checker/pace.js";
import type { SearchLimits } from "../../checker/search/search.js";
import type { Verdict } from "../../checker/verdict.js";
import { paxos } from "../../scenarios/paxos.js";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { compile } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const noLimits: SearchLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

interface Compacting {
  readonly limits?: SearchLimits;
  readonly bytes?: number;
  readonly inboxBits?: number;
  /** How many slices there are before it is by signatures, of one state or a part of the work of making room. */
  readonly slices?: number;
  /** How many states are expanded in a slice then. */
  readonly slice?: number;
}

/**
 * Searches exactly for so many states, and then so many slices, then by signatures. Undefined when the exact search has ended by
 * then.
 */
function compacted(system: System, exactly: number, options: Compacting = {}): Verdict | undefined {
  const { limits = noLimits, bytes = 2 ** 24, inboxBits = inboxBitsMax } = options;
  const { slices = 0, slice = Number.POSITIVE_INFINITY } = options;
  const exact = engineSearch(system, limits, undefined, inboxBits);
  exact.advance(exactly);
  for (let i = 0; i < slices; i += 1) exact.advance(1, () => true);
  const search = exact.compact?.(bytes);
  if (search === undefined) return undefined;
  for (;;) {
    const reached = search.advance(slice, slice === Number.POSITIVE_INFINITY ? undefined : () => true);
    if (reached.kind !== "progress") return reached;
  }
}

/** What both must agree on, where no state is left out. */
function comparable(verdict: Verdict): unknown {
  const coverage = { ...verdict.coverage, complete: false };
  switch (verdict.kind) {
    case "violated":
      return { coverage, witness: verdict.witness };
    case "crashed":
      return { coverage, choices: verdict.choices, message: verdict.failure.message };
    case "holds":
      return { coverage, limit: "hash-compaction" };
    case "unknown":
      return { coverage, limit: verdict.limit };
  }
}

test("with room for all, a search by signatures finds what the exact one does, and never says that it holds", () => {
  let compared = 0;
  fc.assert(
    fc.property(
      plans,
      fc.nat(60),
      fc.constantFrom(1, 9, Number.POSITIVE_INFINITY),
      fc.constantFrom(0, 3, 24),
      (plan, slices, slice, inboxBits) => {
        const system = compile(scenarioOf(plan));
        const limits = { ...noLimits, maxStates: 1000 };
        const found = compacted(system, 1, { limits, slices, slice, inboxBits });
        if (found === undefined) return;
        compared += 1;

        const expected = engineSearch(system, limits, undefined, inboxBits).advance(
          Number.POSITIVE_INFINITY,
        ) as Verdict;
        expect(comparable(found)).toEqual(comparable(expected));
        expect(found.kind).not.toBe("holds");
      },
    ),
    { seed, numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(15);
});

test.each([
  ["paxos", compile(paxos), 20_000],
  ["zardozbook, which is violated", compile(zardozbook, { parameters: { stores: "folded" } }), 20_000],
])("on %s too", (_, system, exactly) => {
  const found = compacted(system, exactly) as Verdict;
  const expected = engineSearch(system, noLimits).advance(Number.POSITIVE_INFINITY) as Verdict;

  expect(comparable(found)).toEqual(comparable(expected));
  if (found.kind === "unknown") {
    expect(found.estimate).toBeUndefined();
    expect(found.compaction?.omissionProbability).toBeGreaterThan(0);
    expect(found.compaction?.omissionProbability).toBeLessThan(1e-6);
  }
});

test("a set of signatures that has all it may take ends the search at the memory limit", () => {
  const found = compacted(compile(paxos), 1000, { bytes: 1000 }) as Verdict;

  expect(found).toMatchObject({ kind: "unknown", limit: "memory-limit" });
  // 2^16 places at least, nine tenths of which are filled.
  expect(found.coverage.states).toBeGreaterThan(58_000);
  expect(found.coverage.states).toBeLessThan(2 ** 16);
});

test("a set of signatures holds what a plain one of their first bits does, however it has grown", () => {
  const signatures = fc.record({
    count: fc.integer({ min: 1, max: 100_000 }),
    // Many of one beginning, and few different ends.
    ends: fc.constantFrom(4, 2 ** 8, 2 ** 32),
    beginnings: fc.constantFrom(2 ** 12, 2 ** 20, 2 ** 32),
    expected: fc.integer({ min: 0, max: 100_000 }),
    first: fc.nat(),
  });
  fc.assert(
    fc.property(signatures, ({ count, ends, beginnings, expected, first }) => {
      const set = new SignatureSet(expected, 2 ** 23);
      const plain = new Set<bigint>();
      let next = first | 1;
      const random = (below: number): number => {
        next = Math.imul(next, 0x915f77f5) + 1;
        return Math.floor((((next ^ (next >>> 15)) >>> 0) / 2 ** 32) * below);
      };
      for (let i = 0; i < count; i += 1) {
        const [upper, lower] = [random(beginnings) * (2 ** 32 / beginnings), random(ends) * (2 ** 32 / ends)];
        const signature = ((BigInt(upper) << 32n) | BigInt(lower)) >> BigInt(64 - set.bits);
        const isNew = !plain.has(signature);
        plain.add(signature);
        if (set.add(upper | 0, lower | 0) !== isNew) throw new Error(`wrong at ${i}: ${upper} ${lower}`);
      }
      expect(set.size).toBe(plain.size);
    }),
    { seed, numRuns: 8 },
  );
});

test("an ancestry tells the way to each state that is still to be expanded", () => {
  const children = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(children, fc.nat(200), fc.integer({ min: 1, max: 30 }), (counts, exactly, every) => {
      const parents = [0];
      let ancestry: Ancestry | undefined;
      counts.forEach((count, state) => {
        if (state >= parents.length) return;
        if (ancestry === undefined && state >= exactly) {
          const begun = (ancestry = new Ancestry(1000));
          parents.forEach((parent, i) => begun.add(parent, i));
          unpaused(begun.prune(state));
        }
        for (let i = 0; i < count; i += 1) {
          ancestry?.add(state, parents.length);
          parents.push(state);
        }
        if (ancestry === undefined) return;
        if (state % every === 0) unpaused(ancestry.prune(state + 1));
        for (let open = state + 1; open < parents.length; open += 1) {
          const way: number[] = [];
          for (let at = open; at > 0; at = parents[at] as number) way.unshift(checkOf(at));
          expect(ancestry.wayTo(open)).toEqual(way);
        }
      });
    }),
    { seed, numRuns: 60 },
  );
});

test.each([
  ["two-phase commit", compile(twoPhaseCommit, { parameters: { rms: 4 } })],
  ["zardozbook", compile(zardozbook)],
])("of few bits, signatures of %s are alike as often as the bound says", (_, system) => {
  const search = engineSearch(system, { ...noLimits, maxStates: 1500 });
  search.advance(Number.POSITIVE_INFINITY);
  const { components, packing, states } = search.tables;
  const [bits, seeds] = [22, 300];
  const [uppers, lowers] = [new Int32Array(states.size), new Int32Array(states.size)];
  let [pairs, searches] = [0, 0];
  for (let seed = 0; seed < seeds; seed += 1) {
    new StateHash(components, packing, seed).hash(states.arena, states.size, uppers, lowers);
    const seen = new Map<number, number>();
    let alike = 0;
    for (const upper of uppers) {
      const others = seen.get(upper >>> (32 - bits)) ?? 0;
      seen.set(upper >>> (32 - bits), others + 1);
      alike += others;
    }
    pairs += alike;
    if (alike > 0) searches += 1;
  }
  const expected = (states.size * (states.size - 1)) / 2 ** (bits + 1);

  // About as many pairs as there are expected, within four standard deviations of a sum of independent ones.
  expect(Math.abs(pairs - seeds * expected)).toBeLessThan(4 * Math.sqrt(seeds * expected));
  expect(searches / seeds).toBeLessThan(omissionProbability({ states: states.size, bits }) + 0.05);
  expect(searches).toBeGreaterThan(0);
});

test("the probability is the paper's where it is small, and the sum over all pairs", () => {
  const [states, bits] = [700, 30];
  let compared = 0;
  for (let kept = 1; kept <= states; kept += 1) compared += kept;

  expect(omissionProbability({ states, bits })).toBeCloseTo(compared / 2 ** bits, 12);
  expect(omissionProbability({ states: 2e7, bits: 62 })).toBeCloseTo(1 - Math.exp(-(2e7 ** 2) / 2 ** 63), 7);
  expect(omissionProbability({ states: 1e9, bits: 56 })).toBe(1);
});

test("a search that has ended, or not begun, cannot be compacted, and none can twice", () => {
  const search = engineSearch(compile(paxos), { ...noLimits, maxStates: 10 });
  const before = search.compact?.(1000);
  search.advance(Number.POSITIVE_INFINITY);
  const twice = engineSearch(compile(paxos), noLimits);
  twice.advance(1);

  expect([before, search.compact?.(1000)]).toEqual([undefined, undefined]);
  expect([twice.compact?.(1000), twice.compact?.(1000)]).toEqual([twice, undefined]);
});
