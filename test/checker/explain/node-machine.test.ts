import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryOf, type NodeMemory } from "../../../checker/explain/node-memory.js";
import { nodeMachine } from "../../../checker/explain/node-machine.js";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import { RunMachines } from "../../../checker/explain/run-machines.js";
import { auditTracking } from "../../../checker/provenance/audit.js";
import { attempt } from "../../../checker/provenance/machine.js";
import { bundled } from "../../../scenarios/bundled.js";
import { compile } from "../../../sim/compile.js";
import { reply } from "../../../sim/effect.js";
import type { Message, Sender } from "../../../sim/message.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { unsampled } from "../../../sim/sample.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { run, type RunResult } from "../../../sim/run.js";
import { randomly } from "../../../sim/strategy/listing.js";
import type { System } from "../../../sim/system.js";
import type { Trace } from "../../../sim/trace.js";
import { encode } from "../../../sim/value.js";
import { harmlessPlans, scenarioOf } from "../../laws/random-scenario.js";
import { Draw } from "../provenance/random.js";

function ranAtRandom(system: System, seed: number, maxSteps: number): RunResult & { readonly trace: Trace } {
  const result = run(system, randomly(seed), { maxSteps, trace: "details", goOn: true });
  if (result.trace === undefined) throw new Error("There is no trace.");
  return { ...result, trace: result.trace };
}

/** The texts of what an event sent, as the trace has it. */
function recorded(trace: Trace, event: number): string[] {
  return trace.sent
    .filter((sent) => sent.event === event)
    .map(({ item: { to, message, call, bags } }) => `${encode([to, message, call ?? null])}${bags}`);
}

function expectToFollow(result: RunResult & { readonly trace: Trace }): void {
  const { trace, world, failure } = result;
  trace.system.nodes.forEach((_, node) => {
    const { machine, inputs, events } = nodeMachine(trace, node);
    let memory: NodeMemory = machine.initial;
    inputs.forEach((input, position) => {
      const { state, outcome } = attempt(machine, memory, input);
      memory = state;
      if (outcome.kind === "threw") expect(failure?.message).toBe(outcome.message.replace(/^NodeFailure: /, ""));
      const sent =
        outcome.kind === "output" && outcome.value.kind === "reacted"
          ? outcome.value.sent.map(({ to, message, call, bags }) => `${encode([to, message, call ?? null])}${bags}`)
          : [];
      expect(sent).toEqual(recorded(trace, events[position] as number));
    });
    const slot = world.nodes[node];
    const context = (slot?.origin?.context ?? []).slice(0, trace.system.activeBags.length);
    expect(encode(memory.set("baggage", []))).toBe(
      encode(slot === undefined ? null : memoryOf({ ...slot, origin: { event: -1, context } }).set("baggage", [])),
    );
  });
}

test.each(bundled.map(({ scenario }) => [scenario.name, scenario] as const))(
  "each node of %s, given its inputs again, sends what it sent and ends as it ended",
  (_, scenario) => {
    for (const seed of [1, 2, 3]) expectToFollow(ranAtRandom(compile(scenario), seed, 150));
  },
);

test("so does each node of random scenarios of every feature of the kernel", () => {
  fc.assert(
    fc.property(harmlessPlans, fc.nat(1000), (plan, seed) => {
      expectToFollow(ranAtRandom(compile(scenarioOf(plan)), seed, 60));
    }),
    { numRuns: 60, seed: 4 },
  );
});

test("what a node of a bundled scenario reads and changes is tracked truly", () => {
  for (const { scenario } of bundled) {
    const { trace } = ranAtRandom(compile(scenario), 7, 60);
    const draw = new Draw(7);
    trace.system.nodes.forEach((_, node) => {
      const { machine, inputs } = nodeMachine(trace, node);
      expect(auditTracking(machine, inputs, { choose: (bound) => draw.below(bound), rounds: 1 })).toBeUndefined();
    });
  }
});

test("what a node of a random scenario does is explained exactly: brute force over all subtraces finds the same", () => {
  let explained = 0;
  fc.assert(
    fc.property(harmlessPlans, fc.nat(1000), (plan, seed) => {
      const { trace } = ranAtRandom(compile(scenarioOf(plan)), seed, 40);
      trace.system.nodes.forEach((_, node) => {
        const { machine, inputs } = nodeMachine(trace, node);
        const length = Math.min(inputs.length, 9) - 1;
        const last = inputs[length];
        if (last === undefined) return;
        for (const asked of [last, { kind: "look", at: [[]] } as const]) {
          const provenance = explainOutput(machine, inputs.slice(0, length), asked);
          const expected = bruteForce(machine, inputs.slice(0, length), asked);
          expect(provenance.status === "exact" && provenance.witnesses.list(500).map(String).sort()).toEqual(
            expected.witnesses.map(String).sort(),
          );
          explained += 1;
        }
      });
    }),
    { numRuns: 50, seed: 5 },
  );
  expect(explained).toBeGreaterThan(150);
});

test("a node that does not do again what it did cannot be explained, and the error says what to do", () => {
  let calls = 0;
  const forgetful = defineScenario({
    name: "forgetful",
    about: "A node that keeps a counter outside its state.",
    scope: "One request.",
    define: () => ({
      nodes: {
        n: defineNode<null, Message>({
          role: "n",
          start: () => become(null),
          onMessage: {
            ask: (state: null, _message: Message, from: Sender) =>
              become(state, reply(from, { kind: `answer ${(calls += 1)}` })),
          },
        }),
      },
      workload: { ann: inOrder(operation(nodeId("n"), { kind: "ask" })) },
      properties: [],
    }),
  });
  const trace = unsampled(() => ranAtRandom(compile(forgetful), 1, 10).trace);

  expect(() => RunMachines.of(trace).node(0)).toThrow(
    /The node n cannot be explained: given its recorded inputs again, it does not send what it sent\..*keep what it remembers in its state/,
  );
});
