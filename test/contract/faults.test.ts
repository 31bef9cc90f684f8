import { describe, expect, test } from "vitest";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { bundled } from "../../scenarios/bundled.js";
import { compile } from "../../sim/compile.js";
import { InvalidScenario } from "../../sim/invalid-scenario.js";
import { faultKinds } from "../../sim/fault.js";
import type { System } from "../../sim/system.js";

/** Undefined where the scenario has nothing that could fail in this way. */
function withFault(scenario: (typeof bundled)[number]["scenario"], fault: string): System | undefined {
  const faults = fault === "recover" ? { crash: 1, recover: 1 } : { [fault]: 1 };
  try {
    return compile(scenario, { faults });
  } catch (error) {
    if (error instanceof InvalidScenario) return undefined;
    throw error;
  }
}

describe.each(bundled)("$scenario.name", ({ scenario }) => {
  test("every fault that it can meet leaves its handlers and properties able to judge", () => {
    const met = faultKinds.flatMap((fault) => {
      const system = withFault(scenario, fault);
      return system === undefined ? [] : [{ fault, system }];
    });

    expect(met.map(({ fault }) => fault)).toContain("crash");
    for (const { fault, system } of met) {
      const verdict = engineSearch(system, { maxStates: 1_000, maxDepth: Number.POSITIVE_INFINITY }).advance(1_000);
      const failure = verdict.kind === "crashed" ? verdict.failure.message : undefined;
      expect(failure, fault).toBeUndefined();
    }
  });
});
