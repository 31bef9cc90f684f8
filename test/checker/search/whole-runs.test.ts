import { expect, test } from "vitest";
import type { StrategyOptions } from "../../../checker/search/start.js";
import { compile } from "../../../sim/compile.js";
import { atQuiescence, eventually, leadsTo, type Property, staysReachable } from "../../../sim/property.js";
import { at, type Ways, walking } from "../liveness/walking.js";
import { checked } from "./ended.js";

const exhaustive: readonly StrategyOptions[] = [
  { strategy: "breadth-first" },
  { strategy: "depth-first" },
  { strategy: "iterative-deepening" },
  { strategy: "best-first" },
  { strategy: "delay-bounded", bound: 1 },
];

/** A ring with a way out, and the same without. */
const mayLeave: Ways = { 0: [1], 1: [2, 3], 2: [0], 3: [] };
const mustLeave: Ways = { 0: [1], 1: [2], 2: [3], 3: [] };

const is = (number: number) => (view: Parameters<typeof at>[0]) => at(view) === number;

const properties: readonly (readonly [string, Property, Ways, "holds" | "violated"])[] = [
  ["eventually", eventually("it comes to 3", is(3)), mustLeave, "holds"],
  ["eventually", eventually("it comes to 3", is(3)), mayLeave, "violated"],
  ["leads to", leadsTo("from 2 it comes to 0", { from: is(2), to: is(0) }), mayLeave, "holds"],
  ["leads to", leadsTo("from 0 it comes to 2", { from: is(0), to: is(2) }), mayLeave, "violated"],
  ["stays reachable", staysReachable("there is a way to 3", is(3)), mayLeave, "holds"],
  ["stays reachable", staysReachable("there is a way to 0", is(0)), mayLeave, "violated"],
  ["at quiescence", atQuiescence("it ends at 3", (view) => at(view) === 3 || "it does not"), mayLeave, "holds"],
  ["at quiescence", atQuiescence("it ends at 2", (view) => at(view) === 2 || "it does not"), mayLeave, "violated"],
];

test.each(
  properties.flatMap(([kind, property, ways, verdict]) =>
    exhaustive.map((strategy) => [strategy.strategy, kind, verdict, { property, ways, strategy }] as const),
  ),
)("%s decides `%s`: %s", (_, __, kind, { property, ways, strategy }) => {
  const system = { ...compile(walking(ways, property)), score: at };

  const verdict = checked(system, strategy);

  expect(verdict.kind).toBe(kind);
  const shortest = checked(system, { strategy: "breadth-first" });
  if (verdict.kind === "violated" && shortest.kind === "violated")
    expect(verdict.witness.choices).toHaveLength(shortest.witness.choices.length);
});
