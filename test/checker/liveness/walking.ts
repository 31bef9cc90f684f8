import { startSearch } from "../../../checker/search/start.js";
import type { Verdict } from "../../../checker/verdict.js";
import { compile } from "../../../sim/compile.js";
import { choose } from "../../../sim/effect.js";
import { become, defineNode } from "../../../sim/node.js";
import type { ParameterValue } from "../../../sim/parameter.js";
import type { Property } from "../../../sim/property.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../../sim/scenario.js";
import type { View } from "../../../sim/view.js";

/** Which numbers follow which. */
export type Ways = { readonly [at: number]: readonly number[] };

/** A scenario of one node that walks from number to number, beginning at 0: at each it chooses one of those that follow. */
export function walking(ways: Ways, ...properties: readonly Property[]): Scenario {
  const walker = defineNode<number>({
    role: "walker",
    start: () => become(0, choose("next", ways[0] ?? [])),
    onMessage: {},
    onChoice: { next: (_, to: number) => become(to, choose("next", ways[to] ?? [])) },
  });
  return scenario(() => ({ nodes: { walker }, properties }));
}

export function scenario(define: () => SystemDefinition): Scenario {
  return defineScenario({ name: "test", about: "A test.", scope: "Finite.", define });
}

/** Where the walker is. */
export function at(view: View): number {
  return view.nodes<number>("walker")[0]?.state as number;
}

/** The choices that take the walker along these numbers. */
export function walk(...numbers: readonly number[]): string[] {
  return numbers.map((number) => `choose @walker next ${number}`);
}

/** The verdict of an unlimited check. */
export function check(
  checked: Scenario,
  parameters: { readonly [name: string]: ParameterValue } = {},
  strategy: "breadth-first" | "depth-first" = "breadth-first",
): Verdict {
  const search = startSearch(compile(checked, { parameters }), { strategy, maxStates: Infinity, maxDepth: Infinity });
  const verdict = search.advance(Infinity);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}
