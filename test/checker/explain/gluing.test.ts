import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../../checker/explain/explanation.js";
import { explainRun } from "../../../checker/explain/explain.js";
import { inputEvents } from "../../../checker/explain/node-input.js";
import { askedOf, behind, nameOf, type Question } from "../../../checker/explain/question.js";
import { RunMachines } from "../../../checker/explain/run-machines.js";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { bundled } from "../../../scenarios/bundled.js";
import { compile } from "../../../sim/compile.js";
import { harmlessPlans, scenarioOf } from "../../laws/random-scenario.js";
import { relays, systemOf } from "./relays.js";
import { recordAtRandom } from "./recorded.js";

/** All ways in which a question is answered, each with all events that it takes, by brute force and without diagrams. */
function waysTo(machines: RunMachines, question: Question, known: Map<string, number[][]>): number[][] {
  const key = nameOf(question);
  const found = known.get(key);
  if (found !== undefined) return found;
  const asked = askedOf(machines, question);
  const witnesses =
    asked === undefined ? [[]] : bruteForce(asked.machine, asked.trace, asked.input, asked.options).witnesses;
  const required = question.kind === "sent" ? [question.emission.event] : [];
  const ways = witnesses.flatMap((witness) =>
    waysOfAll(machines, [...required, ...witness.map((position) => asked?.events[position] as number)], known),
  );
  const minimal = minimalOf(ways);
  known.set(key, minimal);
  return minimal;
}

function waysOfAll(machines: RunMachines, events: readonly number[], known: Map<string, number[][]>): number[][] {
  return events.reduce<number[][]>(
    (ways, event) => {
      const question = behind(machines, event);
      const own = question === undefined ? [[]] : waysTo(machines, question, known);
      return minimalOf(ways.flatMap((way) => own.map((more) => [...new Set([...way, event, ...more])])));
    },
    [[]],
  );
}

function minimalOf(sets: readonly (readonly number[])[]): number[][] {
  const unique = [...new Map(sets.map((set) => [sorted(set).join(), sorted(set)])).values()];
  return unique.filter((set) => !unique.some((other) => other !== set && other.every((event) => set.includes(event))));
}

function sorted(events: readonly number[]): number[] {
  return [...events].sort((a, b) => a - b);
}

test("glued explanations are the minimal sets of the formula of events that brute force at each node writes out", () => {
  let several = 0;
  fc.assert(
    fc.property(relays, fc.nat(1000), (drawn, seed) => {
      const { trace } = recordAtRandom(systemOf(drawn), seed, 40);
      const machines = RunMachines.of(trace);
      const known = new Map<string, number[][]>();
      for (let event = trace.length - 1; event >= trace.initialEvents; event -= 4) {
        const node = trace.participants.get(event);
        for (const kind of node < trace.system.nodes.length ? (["event", "state"] as const) : (["event"] as const)) {
          const explanation = explainRun(trace, { kind, event }, { closureRuns: 0 });
          const expected = minimalModels(machines, explanation, known);
          expect(explanation.status).toBe("exact");
          expect(explanation.count).toBe(BigInt(expected.length));
          const [first = [], ...others] = expected.sort((a, b) => a.length - b.length);
          expect(explanation.smallest).toHaveLength(first.length);
          expect(expected.map(String)).toContain(String(explanation.smallest));
          expect(explanation.core).toEqual(first.filter((one) => others.every((other) => other.includes(one))));
          if (others.length > 0) several += 1;
        }
      }
    }),
    { numRuns: 100, seed: 6 },
  );
  expect(several).toBeGreaterThan(20);
});

function minimalModels(machines: RunMachines, { graph }: Explanation, known: Map<string, number[][]>): number[][] {
  const { roots = [], required = [] } = graph ?? {};
  return minimalOf(
    roots.reduce<number[][]>(
      (ways, root) =>
        ways.flatMap((way) => waysTo(machines, root, known).map((more) => [...new Set([...way, ...more])])),
      waysOfAll(machines, required, known),
    ),
  );
}

describe.each(bundled.map(({ scenario }) => [scenario.name, scenario] as const))("%s", (_, scenario) => {
  test("each explanation lies within the causal past (claim 2 of the paper), and has the core in it", () => {
    for (const seed of [11, 12]) {
      const { trace } = recordAtRandom(compile(scenario), seed, 60);
      for (let event = trace.initialEvents; event < trace.length; event += 10) {
        const { status, alternatives, causalPast, core } = explainRun(
          trace,
          { kind: "event", event },
          { closureRuns: 0 },
        );
        expect(status).toBe("exact");
        for (const one of alternatives) {
          expect(one.filter((part) => !causalPast.includes(part))).toEqual([]);
          expect(core?.filter((part) => !one.includes(part))).toEqual([]);
        }
      }
    }
  });
});

test("each event and each state of random scenarios of every feature, faults included, is explained exactly", () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(harmlessPlans, fc.nat(1000), (plan, seed) => {
      const { trace } = recordAtRandom(compile(scenarioOf(plan)), seed, 25);
      for (let event = trace.length - 1; event >= trace.initialEvents; event -= 3) {
        const node = trace.participants.get(event);
        const isNode = trace.system.nodes[node] !== undefined && inputEvents(trace, node).includes(event);
        for (const kind of isNode ? (["event", "state"] as const) : (["event"] as const)) {
          const explanation = explainRun(trace, { kind, event }, { closureRuns: 0 });
          expect(explanation.status).toBe("exact");
          expect(explanation.smallest?.filter((one) => !explanation.causalPast.includes(one))).toEqual([]);
          expect(explanation.smallest?.filter((one) => explanation.core?.includes(one))).toEqual(explanation.core);
          kinds.add(trace.kind(event));
        }
      }
    }),
    { numRuns: 60, seed: 9 },
  );
  expect(kinds.size).toBeGreaterThan(12);
});
