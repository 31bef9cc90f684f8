import { expect, test } from "vitest";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { plainSearch } from "../../checker/search/plain.js";
import { abd } from "../../scenarios/abd.js";
import { compile } from "../../sim/compile.js";

const unlimited = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

// Counted by two searches that share no code but the step: one over worlds, one over interned integers.
test.each([
  [
    { servers: 2, clients: 2, reads: 1 },
    { states: 1_508, transitions: 2_765, depth: 29 },
  ],
  [
    { servers: 2, clients: 2, reads: 2 },
    { states: 4_614, transitions: 8_863, depth: 43 },
  ],
  [
    { servers: 3, clients: 2, reads: 1, onlyWriters: 1 },
    { states: 20_609, transitions: 95_009, depth: 23 },
  ],
])("ABD is linearizable in a complete search, %j", (parameters, counts) => {
  const system = compile(abd, { parameters });
  const searches = [engineSearch(system, unlimited), plainSearch(system, "breadth-first", unlimited)];

  for (const search of searches) {
    const verdict = search.advance(Number.POSITIVE_INFINITY);

    expect(verdict).toMatchObject({ kind: "holds", coverage: { ...counts, complete: true, neverReached: [] } });
  }
});

test("without write-back, a shortest run in which a second read finds an older value has 14 steps", () => {
  const parameters = { servers: 3, clients: 2, reads: 2, onlyWriters: 1, writeBack: false };
  const system = compile(abd, { parameters });

  const verdict = plainSearch(system, "breadth-first", unlimited).advance(Number.POSITIVE_INFINITY);

  // By hand: the write gets as far as its writer's own copy (invoke, its delivery, one query, its answer), and each read
  // asks one other server (invoke, its delivery, a query, its answer, the return): 4 + 5 + 5.
  expect(verdict).toMatchObject({
    kind: "violated",
    witness: { detail: expect.stringContaining("c2:1 answered null") },
  });
  expect(verdict.kind === "violated" && verdict.witness.choices).toHaveLength(14);
});

test("with two servers nothing is hidden, as their majority is both: without write-back it holds", () => {
  const parameters = { servers: 2, clients: 2, reads: 2, onlyWriters: 1, writeBack: false };

  const verdict = engineSearch(compile(abd, { parameters }), unlimited).advance(Number.POSITIVE_INFINITY);

  expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true } });
});
