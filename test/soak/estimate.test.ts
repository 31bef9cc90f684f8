import fc from "fast-check";
import { expect, test } from "vitest";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { estimateStates } from "../../checker/search/outlook/estimate.js";
import { bundled } from "../../scenarios/bundled.js";
import { compile, type Settings } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import { alikePlans, alikeScenario } from "../laws/alike-scenario.js";
import { plans, scenarioOf } from "../laws/random-scenario.js";

interface Tally {
  readonly systems: number;
  /** At how many depths an estimate was given before 97 % were found, and at how many the true number was in its band. */
  readonly given: number;
  readonly inBand: number;
}

/** Holds the estimate at every depth against how many states there are, of systems of 500 states and more. */
function tallied(systems: Iterable<System>, maxStates: number): Tally {
  const tally = { systems: 0, given: 0, inBand: 0 };
  for (const system of systems) {
    const search = engineSearch({ ...system, properties: [] }, { maxStates, maxDepth: Number.POSITIVE_INFINITY });
    const verdict = search.advance(Number.POSITIVE_INFINITY);
    if (verdict.kind !== "holds" || verdict.coverage.states < 500) continue;
    tally.systems += 1;
    const { states } = verdict.coverage;
    const levels = search.snapshot()?.levels ?? [];
    for (const [i, { first: end }] of levels.slice(1).entries()) {
      const estimate = end > 0.97 * states ? undefined : estimateStates(levels.slice(0, i + 1), end);
      if (estimate === undefined) continue;
      tally.given += 1;
      if (estimate.atLeast <= states && states <= estimate.atMost) tally.inBand += 1;
    }
  }
  return tally;
}

test.each([1, 2])("on random scenarios, which the band was not read off, it holds the true number, seed %i", (seed) => {
  const random = [
    ...fc.sample(plans, { numRuns: 600, seed }).map((plan) => scenarioOf({ ...plan, active: null })),
    ...fc.sample(alikePlans, { numRuns: 600, seed }).map((plan) => alikeScenario({ ...plan, flaw: "none" })),
  ];
  const { systems, given, inBand } = tallied(
    random.map((scenario) => compile(scenario)),
    40_000,
  );

  expect(systems).toBeGreaterThan(50);
  expect(given).toBeGreaterThan(100);
  expect(inBand / given).toBeGreaterThan(0.95);
});

const others: readonly (readonly [string, NonNullable<Settings["parameters"]>])[] = [
  ["abd", {}],
  ["abd", { servers: 3, onlyWriters: 1 }],
  ["abd", { servers: 3, onlyWriters: 1, reads: 2 }],
  ["zardozbook", { stores: "folded", fix: "causal" }],
  ["zardozbook", { fix: "causal" }],
  ["zardozbook", { servers: 3, stores: "folded", fix: "pull-before-post" }],
  ["zardozbook", { servers: 3, stores: "folded", fix: "sticky" }],
];

test("on bundled scenarios that the band was not read off, it holds the true number", () => {
  const systems = others.flatMap(([name, parameters]) =>
    bundled.filter(({ scenario }) => scenario.name === name).map(({ scenario }) => compile(scenario, { parameters })),
  );
  const { given, inBand } = tallied(systems, 6_000_000);

  expect(given).toBeGreaterThan(40);
  expect(inBand / given).toBeGreaterThan(0.95);
});
