import { plainSearch } from "../../checker/search/plain.js";
import type { Verdict } from "../../checker/verdict.js";
import { compile } from "../../sim/compile.js";
import { defineScenario, type SystemDefinition } from "../../sim/scenario.js";

/** Searches all that a small system can do, breadth-first. @throws what node code threw. */
export function searchAll(system: SystemDefinition): Verdict {
  const scenario = defineScenario({
    name: "test",
    about: "A small system around one node.",
    scope: "All of it.",
    define: () => system,
  });
  const limits = { maxStates: 400_000, maxDepth: Number.POSITIVE_INFINITY };
  const verdict = plainSearch(compile(scenario, {}), "breadth-first", limits).advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "crashed") throw verdict.failure;
  if (verdict.kind === "progress") throw new Error("The search stopped without a verdict.");
  return verdict;
}
