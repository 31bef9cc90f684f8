import fc from "fast-check";
import { expect } from "vitest";
import { difference } from "../../checker/search/reduce/audited-search.js";
import { type ReductionName, reductionsOf } from "../../checker/search/reduce/preserved.js";
import { reducedSearch } from "../../checker/search/reduce/reduced-search.js";
import { ReductionRefused } from "../../checker/search/reduce/refused.js";
import type { ReductionReport, Search } from "../../checker/search/search.js";
import { startSearch } from "../../checker/search/start.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile } from "../../sim/compile.js";
import { atQuiescence } from "../../sim/property.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import { encode } from "../../sim/value.js";
import { alikePlans, alikeScenario } from "./alike-scenario.js";
import { isSymmetricAtFirst, orbits } from "./orbits.js";
import { plans, scenarioOf } from "./random-scenario.js";

const limits = { maxStates: 2500, maxDepth: Number.POSITIVE_INFINITY };

function ended(search: Search): Verdict {
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

interface Compared {
  readonly whole: Verdict;
  readonly reduced: Verdict;
  readonly report: ReductionReport;
  /** What was asked for between the two. */
  readonly before: unknown;
}

/** Undefined where the reduction is refused, or the scope is too large for a test. */
function compared(
  system: System,
  name: ReductionName,
  tally: Map<string, number>,
  between: () => unknown = () => undefined,
): Compared | undefined {
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  const whole = ended(startSearch(system, { strategy: "breadth-first", ...limits }));
  if (whole.kind === "unknown") return void count("too large");
  const before = between();
  try {
    const search = reducedSearch(system, reductionsOf(name), limits);
    const reduced = ended(search);
    count(whole.kind);
    const report = search.reduction?.() as ReductionReport;
    if (reduced.coverage.states < whole.coverage.states) count("smaller");
    expect(difference(whole, reduced, name === "symmetry")).toBeUndefined();
    if (whole.kind === "holds") expect(reduced.coverage.states).toBeLessThanOrEqual(whole.coverage.states);
    return { whole, reduced, report, before };
  } catch (error) {
    if (!(error instanceof ReductionRefused)) throw error;
    return void count("refused");
  }
}

/** What a reduced search shows must be seen again by plain replay. */
function expectToReplay(system: System, verdict: Verdict): void {
  if (verdict.kind !== "violated") return;
  const { violation } = run(system, replaying(verdict.witness.choices), { maxSteps: 1000 });
  const { property, detail, step } = verdict.witness;
  expect(violation).toEqual({ property, detail, step });
}

/** The same system, whose quiescent worlds are collected: what nodes, clients and messages there are. */
function collecting(system: System): { readonly system: System; readonly collected: Set<string> } {
  const collected = new Set<string>();
  const collects = atQuiescence("all are told", (view) => {
    const nodes = ["r0", "r1"]
      .flatMap((role) => view.nodes(role))
      .map(({ up, state, stable, timers, pending }) => [up, state, stable ?? 0, timers, pending]);
    const clients = view.clients().map(({ invoked, open }) => [invoked, open ?? 0]);
    collected.add(
      encode([
        nodes,
        clients,
        view
          .inFlight()
          .map((envelope) => encode(envelope))
          .sort(),
      ]),
    );
    return true;
  });
  return {
    system: { ...system, properties: [...system.properties.filter(({ kind }) => kind !== "step"), collects] },
    collected,
  };
}

/** Compares the verdicts, and the quiescent worlds if the search has seen all. */
function comparedByOrders(plain: System, tally: Map<string, number>): void {
  const { system, collected } = collecting(plain);
  const both = compared(system, "por", tally, () => {
    const all = new Set(collected);
    collected.clear();
    return all;
  });
  if (both === undefined) return;
  expectToReplay(system, both.reduced);
  if (both.whole.kind === "holds") expect(collected).toEqual(both.before);
}

/** How random scenarios fared: how many verdicts of each kind, how many refused, how many with fewer states. */
export type Tally = Map<string, number>;

export interface Hunt {
  readonly seed: number;
  readonly runs: number;
}

/** By symmetry: the verdict of the whole search, one state for each orbit, and witnesses that replay. */
export function huntBySymmetry({ seed, runs }: Hunt): Tally {
  const tally: Tally = new Map();
  fc.assert(
    fc.property(alikePlans, (plan) => {
      const system = compile(alikeScenario(plan));
      const both = compared(system, "symmetry", tally);
      if (both === undefined) return;
      expectToReplay(system, both.reduced);
      if (both.whole.kind !== "holds" || both.report.alike.length === 0) return;
      expect(both.reduced.coverage.states).toBe(orbits(system, both.report.alike));
      const [depth, depthOfWhole] = [both.reduced.coverage.depth, both.whole.coverage.depth];
      // Where the initial world tells them apart, the states of an orbit may lie at different depths; the nearest counts.
      if (isSymmetricAtFirst(system, both.report.alike)) expect(depth).toBe(depthOfWhole);
      else expect(depth).toBeLessThanOrEqual(depthOfWhole as number);
    }),
    { seed, numRuns: runs },
  );
  return tally;
}

/** By persistent sets: the verdict and the quiescent worlds of the whole search. */
export function huntByOrders({ seed, runs }: Hunt): Tally {
  const tally: Tally = new Map();
  fc.assert(
    fc.property(fc.oneof(alikePlans.map(alikeScenario), plans.map(scenarioOf)), (scenario) =>
      comparedByOrders(compile(scenario), tally),
    ),
    { seed, numRuns: runs },
  );
  return tally;
}

/** By both: the verdict of the whole search, and witnesses that replay. */
export function huntByBoth({ seed, runs }: Hunt): Tally {
  const tally: Tally = new Map();
  fc.assert(
    fc.property(alikePlans, (plan) => {
      const system = compile(alikeScenario(plan));
      const both = compared(system, "all", tally);
      if (both !== undefined) expectToReplay(system, both.reduced);
    }),
    { seed, numRuns: runs },
  );
  return tally;
}
