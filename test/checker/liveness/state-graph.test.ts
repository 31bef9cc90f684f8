import fc from "fast-check";
import { expect, test } from "vitest";
import { EngineGraph, type GraphSource } from "../../../checker/liveness/engine-graph.js";
import { followWitness } from "../../../checker/liveness/follow-witness.js";
import { fairActions } from "../../../checker/liveness/fairness.js";
import { mayStop } from "../../../checker/liveness/fair-components.js";
import type { StateGraph } from "../../../checker/liveness/graph.js";
import { type GraphProperty, judgeOnGraph } from "../../../checker/liveness/judge-graph.js";
import { PlainGraph } from "../../../checker/liveness/plain-graph.js";
import { Pace, unpaused } from "../../../checker/pace.js";
import { engineSearch } from "../../../checker/search/engine/engine.js";
import { ring } from "../../../scenarios/ring.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { describeChoice } from "../../../sim/choice.js";
import { compile } from "../../../sim/compile.js";
import type { Fairness } from "../../../sim/fairness.js";
import { withTraps } from "../../../sim/guard.js";
import { atQuiescence, eventually, leadsTo, staysReachable } from "../../../sim/property.js";
import { isQuiescent } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import type { View } from "../../../sim/view.js";
import { encodeWorld } from "../../../sim/world.js";
import { harmlessPlans, scenarioOf } from "../../laws/random-scenario.js";

const seed = 20261121;
const limits = { maxStates: 1500, maxDepth: Number.POSITIVE_INFINITY };

function built(source: GraphSource): StateGraph {
  return withTraps(() => unpaused(source.build(new Pace())));
}

/** The graphs of the engine and of the plain search; undefined when the system is too large or its code fails. */
function graphsOf(system: System): { engine: StateGraph; plain: StateGraph } | undefined {
  const search = engineSearch(system, limits);
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind !== "holds") return undefined;
  const { transitions } = verdict.coverage;
  return { engine: built(new EngineGraph(search.explored(), transitions)), plain: built(new PlainGraph(system)) };
}

/** All of a graph, in words. */
function told(graph: StateGraph): string[] {
  return Array.from({ length: graph.size }, (_, state) => {
    const edges: string[] = [];
    for (let edge = graph.offsets[state] as number; edge < (graph.offsets[state + 1] as number); edge += 1) {
      const choice = graph.choices[graph.labels[edge] as number];
      edges.push(`${choice === undefined ? "?" : describeChoice(choice)} -> ${graph.targets[edge]}`);
    }
    return `${encodeWorld(graph.worldOf(state))}\n${edges.join("\n")}`;
  });
}

test("on random scenarios the engine's graph is the plain one: states, edges and names, in the same order", () => {
  let edges = 0;
  fc.assert(
    fc.property(harmlessPlans, (plan) => {
      const graphs = graphsOf(compile(scenarioOf({ ...plan, active: null })));
      if (graphs === undefined) return;
      edges += graphs.engine.targets.length;
      expect(told(graphs.engine)).toEqual(told(graphs.plain));
    }),
    { seed, numRuns: 150 },
  );
  expect(edges).toBeGreaterThan(5000);
});

test.each([
  ["ring", ring],
  ["two-phase commit", twoPhaseCommit],
])("on %s the engine's graph is the plain one", (_, scenario) => {
  const graphs = graphsOf(compile(scenario));

  expect(graphs?.engine.size).toBeGreaterThan(50);
  expect(graphs && told(graphs.engine)).toEqual(graphs && told(graphs.plain));
});

test("a state from which the graph shows only faults is quiescent by the plain step", () => {
  fc.assert(
    fc.property(harmlessPlans, (plan) => {
      const system = compile(scenarioOf({ ...plan, active: null }));
      const graph = graphsOf(system)?.engine;
      if (graph === undefined || graph.size > 200) return;
      const actions = fairActions(system, { weak: [] }, graph.choices);
      withTraps(() => {
        for (let state = 0; state < graph.size; state += 1) {
          expect(mayStop(graph, actions, state)).toBe(isQuiescent(system, graph.worldOf(state)));
        }
      });
    }),
    { seed, numRuns: 60 },
  );
});

const fairnesses: readonly Fairness[] = [
  {},
  { weak: [] },
  { strong: "all" },
  { weak: [], strong: [{ kind: "healing" }] },
];

/** Properties of any scenario, by what is in flight and pending. */
function claims(fairness: Fairness): GraphProperty[] {
  const isSilent = (view: View): boolean => view.inFlight().length === 0;
  const isWaiting = (view: View): boolean =>
    ["r0", "r1"].some((role) => view.nodes(role).some((node) => node.timers.length > 0));
  return [
    eventually("nobody waits", (view) => !isWaiting(view), { fairness }),
    eventually("two messages are in flight", (view) => view.inFlight().length > 1, { fairness }),
    leadsTo("messages arrive", { from: (view) => !isSilent(view), to: isSilent }, { fairness }),
    leadsTo("waiting ends", { from: isWaiting, to: (view) => !isWaiting(view) }, { fairness }),
    staysReachable("it falls silent", isSilent),
    atQuiescence("it ends silent", (view) => isSilent(view) || "a message is left"),
  ] as GraphProperty[];
}

test("on random scenarios each witness of a property of whole runs is borne out by the plain step, loop and fairness included", () => {
  const found = { held: 0, ended: 0, looped: 0 };
  fc.assert(
    fc.property(harmlessPlans, fc.constantFrom(...fairnesses), (plan, fairness) => {
      const system = compile(scenarioOf({ ...plan, active: null }));
      const graph = graphsOf(system)?.engine;
      if (graph === undefined) return;
      for (const property of claims(fairness)) {
        const { witness } = withTraps(() => unpaused(judgeOnGraph(system, graph, property, new Pace())));
        if (witness === undefined) found.held += 1;
        else if (witness.loop === undefined) found.ended += 1;
        else found.looped += 1;
        if (witness === undefined) continue;
        const again = followWitness(system, property, witness);
        expect(again).toMatchObject({ property: property.name });
        if (property.kind !== "stays-reachable") expect(again?.detail).toBe(witness.detail);
      }
    }),
    { seed, numRuns: 150 },
  );
  expect(found.held).toBeGreaterThan(200);
  expect(found.ended).toBeGreaterThan(50);
  expect(found.looped).toBeGreaterThan(10);
});
