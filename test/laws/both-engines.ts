import fc from "fast-check";
import { expect } from "vitest";
import { inboxBitsMax } from "../../checker/search/engine/counted-inbox.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { plainSearch } from "../../checker/search/plain.js";
import type { SearchLimits } from "../../checker/search/search.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile } from "../../sim/compile.js";
import type { System } from "../../sim/system.js";
import { ended } from "../checker/search/ended.js";
import { admissible, type Plan, plans, scenarioOf } from "./random-scenario.js";

/** Searches by the plain search and by the engine, expects the same of both, and gives the engine's verdict. */
export function searchByBoth(system: System, limits: SearchLimits, inboxBits = inboxBitsMax): Verdict {
  const plain = ended(plainSearch(system, "breadth-first", limits));
  const engine = ended(engineSearch(system, limits, undefined, inboxBits));
  expect(comparable(engine)).toEqual(comparable(plain));
  return engine;
}

/** Searches random scenarios by both; how many there were of each kind of verdict. */
export function huntByBothEngines(
  { seed, runs }: { readonly seed: number; readonly runs: number },
  limits: SearchLimits = { maxStates: 3000, maxDepth: Number.POSITIVE_INFINITY },
  scenarios: fc.Arbitrary<Plan> = plans,
): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(scenarios, inboxBitsTried, (plan, inboxBits) => {
      const { kind } = searchByBoth(compile(scenarioOf(plan)), limits, inboxBits);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }),
    { seed, numRuns: runs },
  );
  return kinds;
}

/** Plans with messages that are there twice and more. */
export const duplicatingPlans: fc.Arbitrary<Plan> = plans.map((plan) =>
  admissible({ ...plan, links: "any", faults: { duplicate: 2 } }),
);

/** How many bits an inbox may take as counts: as many as may be, a few, none. */
export const inboxBitsTried = fc.constantFrom(inboxBitsMax, inboxBitsMax, 2, 0);

/** What two searches of the same order must agree on: the verdict, its witness, and the coverage or what is given of it. */
export function comparable(verdict: Verdict, coverage: Partial<Verdict["coverage"]> = verdict.coverage): unknown {
  switch (verdict.kind) {
    case "violated":
      return { kind: verdict.kind, witness: verdict.witness, coverage };
    case "crashed":
      return { kind: verdict.kind, choices: verdict.choices, message: verdict.failure.message, coverage };
    case "holds":
      return { kind: verdict.kind, coverage };
    case "unknown":
      return { kind: verdict.kind, limit: verdict.limit, coverage };
  }
}
