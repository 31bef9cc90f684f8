import fc from "fast-check";
import { expect, test } from "vitest";
import { type Checkpoint, checkpointBytes, parseCheckpoint } from "../../checker/search/checkpoint/checkpoint.js";
import { UnusableCheckpoint } from "../../checker/search/checkpoint/unusable-checkpoint.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import type { SearchLimits } from "../../checker/search/search.js";
import { startSearch } from "../../checker/search/start.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import { paxos } from "../../scenarios/paxos.js";
import { ring } from "../../scenarios/ring.js";
import { zardozbook } from "../../scenarios/zardozbook.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const noLimits: SearchLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

function identityOf(system: System): Checkpoint["identity"] {
  const { scenario, parameters, faults } = system;
  return { scenario, parameters, faults, strategy: "breadth-first", code: "none", version: "1" };
}

/** As through a file. */
function written({ identity, snapshot }: Checkpoint): Checkpoint {
  const pieces = Array.from(checkpointBytes({ identity, snapshot }), (piece) => piece.slice());
  const bytes = Buffer.concat(pieces);
  return parseCheckpoint(new Uint32Array(new Uint8Array(bytes).buffer), bytes.length);
}

/** Searches in as many searches as it takes, each of so many states and resumed from the one before. */
function inPieces(system: System, states: number, limits: SearchLimits): { verdict: Verdict; pieces: number } {
  let from: Checkpoint | undefined;
  for (let pieces = 1; ; pieces += 1) {
    const search = startSearch(system, { strategy: "breadth-first", ...limits }, from?.snapshot);
    let reached = search.advance(states);
    while (reached.kind === "progress" && reached.states <= (from?.snapshot.point.size ?? 0)) {
      reached = search.advance(states);
    }
    if (reached.kind !== "progress") return { verdict: reached, pieces };
    const snapshot = search.snapshot?.();
    if (snapshot === undefined) throw new Error("A breadth-first search gives no snapshot.");
    from = written({ identity: identityOf(system), snapshot });
  }
}

function whole(system: System, limits: SearchLimits): Verdict {
  const verdict = startSearch(system, { strategy: "breadth-first", ...limits }).advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

/** All of a verdict; of an error its message. */
function told(verdict: Verdict): unknown {
  return verdict.kind === "crashed" ? { ...verdict, failure: verdict.failure.message } : verdict;
}

test("a search that is written and resumed after every k states ends as one that is not", () => {
  const kinds = new Map<string, number>();
  let pieces = 0;
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 400 }), (plan, states) => {
      const system = compile(scenarioOf(plan));
      const limits = { ...noLimits, maxStates: 1500 };
      const expected = whole(system, limits);
      const found = inPieces(system, Math.max(states, expected.coverage.states >> 4), limits);

      expect(told(found.verdict)).toEqual(told(expected));
      kinds.set(expected.kind, (kinds.get(expected.kind) ?? 0) + 1);
      pieces += found.pieces;
    }),
    { seed, numRuns: 30 },
  );
  expect(kinds.get("holds")).toBeGreaterThan(10);
  expect(kinds.get("violated")).toBeGreaterThan(0);
  expect(pieces).toBeGreaterThan(100);
});

test.each([
  ["paxos", compile(paxos), 20_000],
  ["ring, with properties of whole runs", compile(ring, { parameters: { nodes: 6 } }), 100],
  ["zardozbook, which is violated", compile(zardozbook, { parameters: { stores: "folded" } }), 10_000],
])("on %s a search in pieces ends as one that is not", (_, system, states) => {
  const found = inPieces(system, states, noLimits);

  expect(told(found.verdict)).toEqual(told(whole(system, noLimits)));
  expect(found.pieces).toBeGreaterThan(3);
});

test("what a snapshot holds stays as it is while its search goes on and packs its states anew", () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 8 }), (plan, states) => {
      const system = compile(scenarioOf(plan));
      const limits = { ...noLimits, maxStates: 1500 };
      const search = startSearch(system, { strategy: "breadth-first", ...limits });
      if (search.advance(states).kind !== "progress") return;
      const snapshot = search.snapshot?.();
      const expected = search.advance(Number.POSITIVE_INFINITY) as Verdict;
      if (snapshot === undefined) throw new Error("A breadth-first search gives no snapshot.");
      const resumed = startSearch(system, { strategy: "breadth-first", ...limits }, snapshot);

      expect(told(resumed.advance(Number.POSITIVE_INFINITY) as Verdict)).toEqual(told(expected));
    }),
    { seed, numRuns: 20 },
  );
});

test("a search whose inboxes have become values on the way is resumed all the same", () => {
  const duplicating = plans.map((plan) => ({ ...plan, links: "any" as const, faults: { duplicate: 2 } }));
  let interned = 0;
  fc.assert(
    fc.property(duplicating, fc.constantFrom(2, 3, 6), fc.integer({ min: 1, max: 300 }), (plan, inboxBits, states) => {
      const system = compile(scenarioOf({ ...plan, forbidden: null }));
      const limits = { ...noLimits, maxStates: 600 };
      const search = engineSearch(system, limits, undefined, inboxBits);
      if (search.advance(states).kind !== "progress") return;
      interned += search.tables.components.counted.filter((inbox) => inbox === undefined).length;
      const resumed = engineSearch(system, limits, search.snapshot(), inboxBits);

      const expected = search.advance(Number.POSITIVE_INFINITY) as Verdict;
      expect(told(resumed.advance(Number.POSITIVE_INFINITY) as Verdict)).toEqual(told(expected));
    }),
    { seed, numRuns: 50 },
  );
  expect(interned).toBeGreaterThan(5);
});

test("what a limit cuts off is found by the search that goes on", () => {
  fc.assert(
    fc.property(
      plans,
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 2, max: 8 }),
      (plan, maxStates, maxDepth) => {
        const system = compile(scenarioOf({ ...plan, forbidden: null }));
        const limits = { ...noLimits, maxStates: 1500 };
        for (const cut of [
          { ...noLimits, maxStates },
          { ...noLimits, maxDepth },
        ]) {
          const search = startSearch(system, { strategy: "breadth-first", ...cut });
          search.advance(Math.ceil(maxStates / 3));
          search.advance(Number.POSITIVE_INFINITY);
          const snapshot = search.snapshot?.();
          if (snapshot === undefined) throw new Error("A breadth-first search gives no snapshot.");
          const resumed = startSearch(system, { strategy: "breadth-first", ...limits }, snapshot);

          expect(told(resumed.advance(Number.POSITIVE_INFINITY) as Verdict)).toEqual(told(whole(system, limits)));
        }
      },
    ),
    { seed, numRuns: 20 },
  );
});

test("a checkpoint of other node code is refused, and the node is named", () => {
  const system = compile(paxos);
  const search = startSearch(system, { strategy: "breadth-first", ...noLimits });
  search.advance(500);
  const snapshot = search.snapshot?.();
  const [first, ...others] = system.nodes;
  if (first === undefined || snapshot === undefined) throw new Error("There is nothing to resume.");
  const { onMessage } = first.definition;
  const [kind, handler] = Object.entries(onMessage ?? {})[0] as [string, (...args: unknown[]) => object];
  const forgetful = { [kind]: (...args: unknown[]) => ({ ...handler(...args), effects: [] }) };
  const changed = { ...first, definition: { ...first.definition, onMessage: { ...onMessage, ...forgetful } } };
  const resumed = startSearch(
    { ...system, nodes: [changed as typeof first, ...others] },
    { strategy: "breadth-first", ...noLimits },
    snapshot,
  );

  const resuming = () => resumed.advance(Number.POSITIVE_INFINITY);

  expect(resuming).toThrow(UnusableCheckpoint);
  expect(resuming).toThrow(`the code of ${first.id} gives other results than when it was made; the code has changed`);
});
