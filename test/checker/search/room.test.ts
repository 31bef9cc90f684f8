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

const tables = [
  ["of pairs", () => new KeyTable(16), 2],
  ["of positions", () => new StateTable(3, 16), 3],
] as const;

test.each(tables)(
  "a table %s that gets room now and then, much or little or none, holds what a set does",
  (_, empty, width) => {
    const left = fc.option(fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 40_000 })));
    fc.assert(
      fc.property(fc.array(left, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1 }), (gets, start) => {
        const table = empty();
        const known = new Set<string>();
        let next = start;
        for (const bytesLeft of gets) {
          const tuples = Uint32Array.from({ length: 256 * width }, () => (next = Math.imul(next, 48271) >>> 0) % 40);
          const expected: number[] = [];
          for (let i = 0; i < 256; i += 1) {
            const text = tuples.slice(i * width, (i + 1) * width).join();
            if (!known.has(text)) expected.push(i);
            known.add(text);
          }
          const fresh = new Uint32Array(256);

          expect([...fresh.subarray(0, table.addAll(tuples, 256, fresh))]).toEqual(expected);
          if (bytesLeft !== null && table.isTight) unpaused(table.moreRoom(() => bytesLeft).work);
        }
        expect(table.size).toBe(known.size);
      }),
      { seed, numRuns: 60 },
    );
  },
);

test.each(tables)(
  "of any budget a table %s holds at least five sixths of the tuples that would fit at its highest load",
  (_, empty, width) => {
    for (const budget of [21e6, 34e6]) {
      const table = empty();
      const [tuples, fresh] = [new Uint32Array(512 * width), new Uint32Array(512)];
      // A state takes its words and its parent, and the slots what they asked for: in place of what they had if it is more.
      let ofSlots = 16 * 4 * 4;
      const left = (): number => budget - ofSlots - table.size * (width + 1) * 4;
      for (let next = 1; left() > 0;) {
        for (let i = 0; i < 512; i += 1) tuples[i * width] = next++;
        expect(table.addAll(tuples, 512, fresh)).toBe(512);
        if (!table.isTight) continue;
        const { arena } = table;
        const { bytes, work } = table.moreRoom(left);
        if (bytes > left()) break;
        unpaused(work);
        const more = table.arena === arena ? bytes : bytes - table.size * width * 4;
        ofSlots = more > ofSlots ? more : ofSlots + more;
      }

      expect(table.size).toBeGreaterThan((5 / 6) * (budget / (4 * (width + 1) + 8 / (7 / 8))));
    }
  },
);

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

test("what a snapshot needs while states are packed anew is done in pieces, and the search goes on from it", () => {
  const system = compile(twoPhaseCommit, { parameters: { rms: 5 } });
  const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  const whole = ended(engineSearch(system, limits));
  const search = engineSearch(system, limits);
  let pieces = 0;
  for (
    let verdict = search.advance(1, () => true);
    verdict.kind === "progress";
    verdict = search.advance(1, () => true)
  ) {
    const before = pieces;
    while (!search.prepareSnapshot(() => true)) pieces += 1;
    if (pieces > before) expect(ended(engineSearch(system, limits, search.snapshot()))).toEqual(whole);
  }

  expect(pieces).toBeGreaterThan(1);
});
