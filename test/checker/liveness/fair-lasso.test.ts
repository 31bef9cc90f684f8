import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type Decided } from "../../../checker/liveness/obligation.js";
import { type InSlices, Pace, unpaused } from "../../../checker/pace.js";
import { actionsOf, drawnGraphs, type Drawn, graphOf, isFairLoop, leastStemByBruteForce } from "./random-graph.js";

const seed = 20261121;

/** @param slice so many pieces of work, if it is to be done in slices. */
function decideDrawn(drawn: Drawn, isOnlyFirst: boolean, slice?: number): Decided {
  const pace = new Pace();
  const obligation = {
    begins: (node: number, isFirst: boolean) => (isOnlyFirst ? isFirst : drawn.begins[node] === true),
    isDischarged: (node: number) => drawn.discharged[node] === true,
  };
  const work = decide(graphOf(drawn), actionsOf(drawn), obligation, pace);
  return slice === undefined ? unpaused(work) : inSlices(work, pace, slice);
}

function inSlices<T>(work: InSlices<T>, pace: Pace, slice: number): T {
  for (;;) {
    pace.give(slice);
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** The edges of a lasso, with their ends. */
function edgesOf(drawn: Drawn, numbers: readonly number[]) {
  const sorted = [...Array(drawn.size).keys()].flatMap((node) => drawn.edges.filter(({ from }) => from === node));
  return numbers.map((number) => sorted[number] as Drawn["edges"][number]);
}

test.each([
  ["eventually", true],
  ["leads to", false],
])("on random graphs `%s` is decided as by trying all sets of nodes, with a shortest stem", (_, isOnlyFirst) => {
  const outcomes = { broken: 0, kept: 0, loops: 0 };
  fc.assert(
    fc.property(drawnGraphs, (drawn) => {
      const { lasso } = decideDrawn(drawn, isOnlyFirst);
      expect(lasso?.stem.length).toBe(leastStemByBruteForce(drawn, isOnlyFirst));
      if (lasso === undefined) outcomes.kept += 1;
      else outcomes.broken += 1;
      if (lasso !== undefined && lasso.loop.length > 0) outcomes.loops += 1;
    }),
    { seed, numRuns: 8_000 },
  );
  expect(outcomes.broken).toBeGreaterThan(500);
  expect(outcomes.kept).toBeGreaterThan(500);
  expect(outcomes.loops).toBeGreaterThan(100);
});

test("every lasso is a run from the start whose loop closes, is fair, and never meets the obligation", () => {
  let loops = 0;
  fc.assert(
    fc.property(drawnGraphs, fc.boolean(), (drawn, isOnlyFirst) => {
      const { lasso } = decideDrawn(drawn, isOnlyFirst);
      if (lasso === undefined) return;
      const [stem, loop] = [edgesOf(drawn, lasso.stem), edgesOf(drawn, lasso.loop)];
      const nodes = [0, ...[...stem, ...loop].map(({ to }) => to)];
      expect([...stem, ...loop].map(({ from }) => from)).toEqual(nodes.slice(0, -1));
      const lastMet = nodes.findLastIndex((node) => drawn.discharged[node]);
      const owing = nodes.slice(lastMet + 1);
      if (isOnlyFirst) expect(lastMet).toBe(-1);
      else expect(owing.some((node) => drawn.begins[node])).toBe(true);
      if (loop.length === 0) return;
      loops += 1;
      expect(loop[loop.length - 1]?.to).toBe(loop[0]?.from);
      expect(isFairLoop(drawn, loop)).toBe(true);
    }),
    { seed, numRuns: 6_000 },
  );
  expect(loops).toBeGreaterThan(100);
});

test("in slices of any size it is decided as without a pause", () => {
  fc.assert(
    fc.property(drawnGraphs, fc.boolean(), fc.integer({ min: 1, max: 20 }), (drawn, isOnlyFirst, slice) => {
      expect(decideDrawn(drawn, isOnlyFirst, slice)).toEqual(decideDrawn(drawn, isOnlyFirst));
    }),
    { seed, numRuns: 2_000 },
  );
});
