import fc from "fast-check";
import { expect, test } from "vitest";
import { difference } from "../../checker/search/reduce/audited-search.js";
import { type ReductionName, reductionsOf } from "../../checker/search/reduce/preserved.js";
import { reducedSearch } from "../../checker/search/reduce/reduced-search.js";
import { ReductionRefused } from "../../checker/search/reduce/refused.js";
import type { ReductionReport, Search } from "../../checker/search/search.js";
import { startSearch } from "../../checker/search/start.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile } from "../../sim/compile.js";
import { run } from "../../sim/run.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import { alikePlans, alikeScenario } from "./alike-scenario.js";
import { orbits } from "./orbits.js";

const seed = 20261126;
const runs = 100;
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
}

/** Undefined where the reduction is refused, or the scope is too large for a test. */
function compared(system: System, name: ReductionName, tally: Map<string, number>): Compared | undefined {
  const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  const whole = ended(startSearch(system, { strategy: "breadth-first", ...limits }));
  if (whole.kind === "unknown") return void count("too large");
  try {
    const search = reducedSearch(system, reductionsOf(name), limits);
    const reduced = ended(search);
    count(whole.kind);
    const report = search.reduction?.() as ReductionReport;
    if (reduced.coverage.states < whole.coverage.states) count("smaller");
    expect(difference(whole, reduced)).toBeUndefined();
    expect(reduced.coverage.states).toBeLessThanOrEqual(whole.coverage.states);
    return { whole, reduced, report };
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

test("reduced by symmetry, random scenarios have the verdict of the whole search, one state for each orbit, and witnesses that replay", () => {
  const tally = new Map<string, number>();
  fc.assert(
    fc.property(alikePlans, (plan) => {
      const system = compile(alikeScenario(plan));
      const both = compared(system, "symmetry", tally);
      if (both === undefined) return;
      expectToReplay(system, both.reduced);
      if (both.whole.kind === "holds" && both.report.alike.length > 0) {
        expect(both.reduced.coverage.states).toBe(orbits(system, both.report.alike));
        expect(both.reduced.coverage.depth).toBe(both.whole.coverage.depth);
      }
    }),
    { seed, numRuns: runs },
  );
  expect(tally.get("smaller")).toBeGreaterThan(runs / 4);
  expect(tally.get("violated")).toBeGreaterThan(runs / 20);
});
