import fc from "fast-check";
import { expect, test } from "vitest";
import { unpaused } from "../../../checker/pace.js";
import { engineSearch } from "../../../checker/search/engine/engine.js";
import { KeyTable } from "../../../checker/search/engine/key-table.js";
import { doubled } from "../../../checker/search/engine/room.js";
import { StateTable } from "../../../checker/search/engine/state-table.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import type { Snapshot } from "../../../checker/search/engine/snapshot.js";
import type { Verdict } from "../../../checker/verdict.js";
import { compile } from "../../../sim/compile.js";
import { plans, scenarioOf } from "../../laws/random-scenario.js";
import { ended } from "./ended.js";

const seed = 20261127;
const length = 64;

/** Puts a pair where linear probing finds a free slot. */
function put(slots: Uint32Array, mask: number, home: number, pair: readonly [number, number]): void {
  let slot = home & mask;
  while (slots[slot] !== 0 || slots[slot + 1] !== 0) slot = (slot + 2) & mask;
  slots.set(pair, slot);
}

test("a table that was doubled in place has each pair where a search from its home finds it, and no others", () => {
  // Homes close together, and at the end, make long runs, and such as go on at the start.
  const homes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 58, max: 63 })), {
    maxLength: 29,
  });
  fc.assert(
    fc.property(homes, (given) => {
      const slots = new Uint32Array(2 * length);
      const homeOf = (_: number, second: number): number => (given[second] as number) * 2;
      given.forEach((home, i) => put(slots, length - 2, home * 2, [i + 1, i]));
      unpaused(doubled(slots, length, homeOf));

      const mask = 2 * length - 2;
      given.forEach((home, i) => {
        let slot = (home * 2) & mask;
        while (slots[slot] !== i + 1) {
          expect(slots[slot]).not.toBe(0);
          slot = (slot + 2) & mask;
        }
      });
      expect(slots.filter((word, i) => i % 2 === 0 && word !== 0)).toHaveLength(given.length);
    }),
    { seed, numRuns: 300 },
  );
});

test.each([
  ["of pairs", () => new KeyTable(16), 2],
  ["of positions", () => new StateTable(3, 16), 3],
])("a table %s that gets room now and then, or none, holds what a set does", (_, empty, width) => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1 }), (gets, start) => {
      const table = empty();
      const known = new Set<string>();
      let next = start;
      for (const getsRoom of gets) {
        const tuples = Uint32Array.from({ length: 256 * width }, () => (next = Math.imul(next, 48271) >>> 0) % 7);
        const expected: number[] = [];
        for (let i = 0; i < 256; i += 1) {
          const text = tuples.slice(i * width, (i + 1) * width).join();
          if (!known.has(text)) expected.push(i);
          known.add(text);
        }
        const fresh = new Uint32Array(256);

        expect([...fresh.subarray(0, table.addAll(tuples, 256, fresh))]).toEqual(expected);
        if (getsRoom && table.isTight) unpaused(table.moreRoom().work);
      }
      expect(table.size).toBe(known.size);
    }),
    { seed, numRuns: 60 },
  );
});

test("a search that pauses wherever it can ends as one that does not, and so does one that goes on from a snapshot of it", () => {
  const limits = { maxStates: 1500, maxDepth: Number.POSITIVE_INFINITY };
  let rooms = 0;
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 60 }), (plan, every) => {
      const system = compile(scenarioOf(plan));
      const counts = ({ kind, coverage }: Verdict) => [kind, coverage.states, coverage.transitions, coverage.depth];
      const whole = ended(engineSearch(system, limits));
      const search = engineSearch(system, limits);
      let snapshot: Snapshot | undefined;
      let verdict = search.advance(1, () => true);
      for (let pauses = 1; verdict.kind === "progress"; pauses += 1) {
        const { states } = verdict;
        if (pauses % every === 0) snapshot = search.snapshot();
        verdict = search.advance(1, () => true);
        if (verdict.kind === "progress") expect(verdict.states).toBeGreaterThanOrEqual(states);
        if ((search.bytesAhead ?? 0) > 0) rooms += 1;
      }

      expect(counts(verdict)).toEqual(counts(whole));
      if (snapshot !== undefined) expect(counts(ended(engineSearch(system, limits, snapshot)))).toEqual(counts(whole));
    }),
    { seed, numRuns: 25 },
  );
  expect(rooms).toBeGreaterThan(3);
});

test("in short slices, with room made between them, a search comes to the same end, and tells how much it will take", () => {
  const system = compile(twoPhaseCommit, { parameters: { rms: 6 } });
  const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  const whole = engineSearch(system, limits).advance(Number.POSITIVE_INFINITY);
  const search = engineSearch(system, limits);
  const ahead = new Set<number>();
  let pauses = 0;
  let verdict = search.advance(64, () => true);
  for (; verdict.kind === "progress"; verdict = search.advance(64, () => true)) {
    ahead.add(search.bytesAhead ?? 0);
    pauses += 1;
  }

  expect(verdict).toEqual(whole);
  // 50,816 states: the table of 4 words a state doubles at 5/8 of 2^13 to 2^16 pairs of 8 bytes, each time by as much as it has.
  for (const pairs of [2 ** 13, 2 ** 14, 2 ** 15, 2 ** 16]) {
    expect(
      [...ahead].some((bytes) => bytes >= 8 * pairs),
      `${pairs} pairs`,
    ).toBe(true);
  }
  expect(pauses).toBeGreaterThan(50_816 / 32);
});
