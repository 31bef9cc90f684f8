import fc from "fast-check";
import { expect, test } from "vitest";
import type { GraphSource } from "../../../checker/liveness/engine-graph.js";
import type { FairActions } from "../../../checker/liveness/fairness.js";
import { type Graph, GraphBuilder } from "../../../checker/liveness/graph.js";
import { livenessSearch } from "../../../checker/liveness/liveness-search.js";
import { decide } from "../../../checker/liveness/obligation.js";
import { canReach, shortestPath } from "../../../checker/liveness/shortest-path.js";
import { type InSlices, Pace } from "../../../checker/pace.js";
import { engineSearch } from "../../../checker/search/engine/engine.js";
import type { Search } from "../../../checker/search/search.js";
import { startSearch } from "../../../checker/search/start.js";
import type { Limit, Verdict } from "../../../checker/verdict.js";
import { progressText } from "../../../cli/search-progress.js";
import { compile } from "../../../sim/compile.js";
import { atQuiescence, eventually, leadsTo, type Property, sometimes, staysReachable } from "../../../sim/property.js";
import { refines } from "../../../sim/property.js";
import { at, type Ways, walking } from "./walking.js";

const seed = 20261126;
const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

/** From each number up to eleven some others follow; with one claim of each kind. */
const walks = fc
  .array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 })
  .map((ways) => Object.fromEntries(ways.map((next, from) => [from, [...new Set(next)]])));

const abstract = walking({ 0: [1] });

const claims: readonly Property[] = [
  eventually("it gets to 7", (view) => at(view) === 7, { fairness: { strong: [{ kind: "option", label: "next" }] } }),
  leadsTo("3 leads to 5", { from: (view) => at(view) === 3, to: (view) => at(view) === 5 }),
  staysReachable("it can go back to 0", (view) => at(view) === 0),
  atQuiescence("it ends at an even number", (view) => at(view) % 2 === 0 || "it does not"),
  sometimes("it is at 9", (view) => at(view) === 9, { count: true }),
  refines("it goes on", abstract, { maps: (view) => at(view) % 2, onto: (view) => at(view) }),
];

function search(ways: Ways, claim: Property): Search {
  return startSearch(compile(walking(ways, claim)), { strategy: "breadth-first", ...limits });
}

function verdictOf(search: Search): Verdict {
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

test("in slices, and with every clock late, a property of whole runs is decided as without a pause", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(walks, fc.constantFrom(...claims), fc.integer({ min: 1, max: 40 }), (ways, claim, slice) => {
      const expected = verdictOf(search(ways, claim));
      kinds.set(`${claim.kind} ${expected.kind}`, (kinds.get(`${claim.kind} ${expected.kind}`) ?? 0) + 1);
      const late = search(ways, claim);
      let reached = late.advance(slice, () => true);
      while (reached.kind === "progress") reached = late.advance(slice, () => true);
      expect(reached).toEqual(expected);
    }),
    { seed, numRuns: 250 },
  );
  expect([...kinds.keys()].sort()).toEqual(
    claims
      .flatMap(({ kind }) => (kind === "sometimes" ? [`${kind} holds`] : [`${kind} holds`, `${kind} violated`]))
      .sort(),
  );
});

test("wherever a limit stops the work on whole runs, the verdict is unknown, by that limit", () => {
  let stops = 0;
  fc.assert(
    fc.property(walks, fc.constantFrom(...claims), (ways, claim) => {
      for (let slices = 1; ; slices += 1) {
        const stopped = search(ways, claim);
        let reached = stopped.advance(12);
        for (let i = 1; i < slices && reached.kind === "progress"; i += 1) reached = stopped.advance(12);
        if (reached.kind !== "progress") return;
        if (reached.phase !== "liveness") continue;
        stops += 1;
        for (const limit of ["time-limit", "memory-limit", "interrupted"] satisfies Limit[]) {
          const last = stopped.stop(limit);
          expect(last).toMatchObject({ kind: "unknown", limit: "time-limit", coverage: { complete: false } });
          expect(stopped.advance(12)).toBe(last);
        }
      }
    }),
    { seed, numRuns: 60 },
  );
  expect(stops).toBeGreaterThan(200);
});

/** One strongly connected component of 2,000 nodes, with chords; action 0 is possible everywhere, and taken on one edge. */
function ring(size: number): { readonly graph: Graph; readonly actions: FairActions } {
  const builder = new GraphBuilder();
  for (let node = 0; node < size; node += 1) {
    builder.add(node === size - 1 ? 0 : 1, (node + 1) % size);
    builder.add(1, (node * 7 + 3) % size);
    builder.close();
  }
  const actions = { count: 1, isStrong: Uint8Array.of(1), ofLabel: [[0], []], isFault: Uint8Array.of(0, 0) };
  return { graph: builder.graph(), actions };
}

/** Counts what is read of the rows of a graph. */
function watched(graph: Graph): { readonly graph: Graph; read(): number } {
  let count = 0;
  const watch = (array: Uint32Array): Uint32Array =>
    new Proxy(array, {
      get: (target, key) => {
        if (typeof key === "string" && /^\d/.test(key)) count += 1;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  const { size, offsets, targets, labels } = graph;
  const read = (): number => {
    const before = count;
    count = 0;
    return before;
  };
  return { graph: { size, offsets: watch(offsets), targets: watch(targets), labels: watch(labels) }, read };
}

test.each<[string, (graph: Graph, actions: FairActions, pace: Pace) => InSlices<unknown>]>([
  ["an obligation", (graph, actions, pace) => decide(graph, actions, neverMet, pace)],
  ["reachability", (graph, _, pace) => canReach(graph, (node) => node === 5, pace)],
  ["a shortest path", (graph, _, pace) => shortestPath(graph, () => false, pace)],
])("between two pauses no more of the graph is read than was given: %s", (_, work) => {
  const { graph, actions } = ring(2000);
  const seen = watched(graph);
  const pace = new Pace();
  const working = work(seen.graph, actions, pace);
  const reads: number[] = [];
  for (let isDone = false; !isDone;) {
    pace.give(100);
    isDone = working.next().done === true;
    reads.push(seen.read());
  }

  // Of each edge the target, the label and the ends of its row are read, once or twice.
  expect(Math.max(...reads)).toBeLessThan(100 * 8);
  expect(reads.length).toBeGreaterThan(20);
});

const neverMet = { begins: () => true, isDischarged: () => false };

test("the progress line says what is being done about which property, and how far it is", () => {
  const going = search(
    { 0: [1], 1: [2], 2: [0] },
    eventually("it gets to 7", (view) => at(view) === 7),
  );
  const lines = new Set<string>();
  for (let reached = going.advance(1); reached.kind === "progress"; reached = going.advance(1)) {
    lines.add(progressText(reached, { seconds: 2, bytes: 2 ** 20 }, undefined));
  }

  expect([...lines].filter((line) => line.startsWith("whole runs"))).toEqual(
    expect.arrayContaining([
      "whole runs · all steps between states · 1 of 3 states · 1 MB · 2.0 s",
      'whole runs · "it gets to 7": what runs owe · 2 states · 1 MB · 2.0 s',
      'whole runs · "it gets to 7": strongly connected components · 3 of 3 states · 1 MB · 2.0 s',
    ]),
  );
});

test("when there is no memory for the graph, nothing is decided, by the memory limit", () => {
  const system = compile(walking({ 0: [1] }, claims[0] as Property));
  const source: GraphSource = {
    *build() {
      throw new RangeError("Array buffer allocation failed");
    },
  };
  const verdict = livenessSearch(system, engineSearch(system, limits), () => source).advance(Number.POSITIVE_INFINITY);

  expect(verdict).toMatchObject({ kind: "unknown", limit: "memory-limit", coverage: { states: 2, complete: false } });
});
