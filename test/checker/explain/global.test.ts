import fc from "fast-check";
import { expect, test } from "vitest";
import { explainRun } from "../../../checker/explain/explain.js";
import { FixedSlotReplay } from "../../../checker/explain/fixed-slot-replay.js";
import { glue } from "../../../checker/explain/glue.js";
import { Graph } from "../../../checker/explain/graph.js";
import { eventTarget } from "../../../checker/explain/outcome.js";
import { RunMachines } from "../../../checker/explain/run-machines.js";
import { Variants } from "../../../checker/explain/variants.js";
import { defaultBudget } from "../../../checker/provenance/effort.js";
import { compile } from "../../../sim/compile.js";
import { reply, send } from "../../../sim/effect.js";
import type { Message, Sender } from "../../../sim/message.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { outcomeHolds, recordAtRandom, recordScript, removable, subsetsOf } from "./recorded.js";
import { harmlessPlans, scenarioOf } from "../../laws/random-scenario.js";
import { relays, systemOf } from "./relays.js";

interface Set extends Message {
  readonly kind: "set";
  readonly key: string;
}

/** Two nodes: what q tells p to set depends on how often q was asked to count. */
const parity = defineScenario({
  name: "parity",
  about: "The smallest case in which local explanations do not compose.",
  scope: "Four requests.",
  define: () => ({
    nodes: {
      q: defineNode<number, Message>({
        role: "q",
        start: () => become(0),
        onMessage: {
          inc: (count: number) => become(count + 1),
          send: (count: number) =>
            become(count, send<Set>(nodeId("p"), { kind: "set", key: count % 2 === 0 ? "y" : "x" })),
        },
      }),
      p: defineNode<{ readonly x: number; readonly y: number }, Message>({
        role: "p",
        start: () => become({ x: 0, y: 0 }),
        onMessage: {
          set: (state: { readonly x: number; readonly y: number }, message: Message) =>
            become({ ...state, [(message as Set).key]: 1 }),
          get: (state: { readonly x: number; readonly y: number }, _message: Message, from: Sender) =>
            become(state, reply(from, { kind: `x is ${state.x}` })),
        },
      }),
    },
    workload: Object.fromEntries(
      ["inc", "inc", "send", "get"].map((kind, i) => [
        `c${i}`,
        inOrder(operation(nodeId(kind === "get" ? "p" : "q"), { kind })),
      ]),
    ),
    properties: [],
  }),
});

const counted = [0, 1, 2].flatMap((client) => [`invoke @c${client}:0`, `deliver @c${client}->@q`]);
const script = [...counted, "deliver @q->@p", "invoke @c3:0", "deliver @c3->@p", "deliver @p->@c3"];

test("what q sent is no reason that p says x is 0, given that it sent it; but without one inc it sends something else", () => {
  const { trace } = recordScript(compile(parity), script);
  const event = trace.length - 1;
  const local = explainRun(trace, { kind: "event", event });
  const global = explainRun(trace, { kind: "event", event }, { mode: "global" });
  const requests = (events: readonly number[] | null) =>
    (events ?? []).filter((one) => trace.kind(one) === "invoke").map((one) => String(trace.participant(one)));

  expect(local).toMatchObject({ status: "exact", mode: "local", count: 1n });
  expect(requests(local.smallest)).toEqual(["c3"]);
  expect(local.closure?.counterexample).not.toBeNull();
  expect(global).toMatchObject({ status: "exact", mode: "global", count: 1n });
  expect(requests(global.smallest)).toEqual(["c0", "c1", "c3"]);
  expect(global.closure?.counterexample).toBeNull();
});

test("explanations in global mode are the definition over the whole run; local ones mostly are, but not always", () => {
  let [explained, different] = [0, 0];
  fc.assert(
    fc.property(relays, fc.nat(1000), (drawn, seed) => {
      const { trace } = recordAtRandom(systemOf(drawn), seed, 40);
      const all = removable(trace);
      const event = trace.length - 1;
      if (all.length > 10) return;
      for (const kind of ["event", "state"] as const) {
        if (kind === "state" && trace.participants.get(event) >= trace.system.nodes.length) continue;
        const local = explainRun(trace, { kind, event }, { closureRuns: 0 });
        const global = explainRun(trace, { kind, event }, { closureRuns: 0, mode: "global" });
        const expected = closedByReplay(all, outcomeHolds(trace, global));
        expect(global).toMatchObject({ status: "exact", count: BigInt(expected.length) });
        expect(global.alternatives.map(String).sort()).toEqual(expected.slice(0, 6).map(String).sort());
        explained += 1;
        if (String(local.alternatives) !== String(global.alternatives)) different += 1;
      }
    }),
    { numRuns: 50, seed: 7 },
  );
  expect(explained).toBeGreaterThan(40);
  expect(different).toBeGreaterThan(0);
});

test("what is glued from answers that hold whatever comes in place of each message holds in every run without the rest", () => {
  let [checked, varied] = [0, 0];
  fc.assert(
    fc.property(relays, fc.nat(1000), (drawn, seed) => {
      const { trace } = recordAtRandom(systemOf(drawn), seed, 40);
      const all = removable(trace);
      const event = trace.length - 1;
      if (all.length > 10) return;
      const machines = RunMachines.of(trace);
      const variants = new Variants(machines, defaultBudget);
      const { roots, events } = eventTarget(machines, event);
      const graph = new Graph(machines, roots, events, { budget: {}, questionsMax: 1000, variants });
      graph.advance(1000);
      const replay = new FixedSlotReplay(machines, { roots, events });
      for (const explanation of glue(graph, defaultBudget)?.list(10) ?? []) {
        const others = all.filter((other) => !explanation.includes(other));
        for (const leftOut of subsetsOf(others))
          expect(replay.holdsWithout((other) => leftOut.includes(other))).toBe(true);
        checked += 1;
      }
      if (all.some((other) => (variants.inPlaceOf(other) as ReadonlyMap<string, unknown>).size > 1)) varied += 1;
    }),
    { numRuns: 100, seed: 8 },
  );
  expect(checked).toBeGreaterThan(30);
  expect(varied).toBeGreaterThan(3);
});

test("so are those of random scenarios of every feature, with crashes, drops, duplicates and clients that follow results", () => {
  let [explained, faulty] = [0, 0];
  fc.assert(
    fc.property(harmlessPlans, fc.nat(1000), (plan, seed) => {
      const { trace } = recordAtRandom(compile(scenarioOf(plan)), seed, 8);
      const all = removable(trace);
      const event = trace.length - 1;
      if (all.length > 8 || all.length < 3) return;
      const global = explainRun(trace, { kind: "event", event }, { closureRuns: 0, mode: "global" });
      const expected = closedByReplay(all, outcomeHolds(trace, global));
      expect(global).toMatchObject({ status: "exact", count: BigInt(expected.length) });
      expect(global.alternatives.map(String).sort()).toEqual(expected.slice(0, 6).map(String).sort());
      explained += 1;
      if (all.some((other) => ["crash", "drop", "duplicate", "error"].includes(trace.kind(other)))) faulty += 1;
    }),
    { numRuns: 120, seed: 10 },
  );
  expect(explained).toBeGreaterThan(40);
  expect(faulty).toBeGreaterThan(10);
});

/** The minimal sets of events that bring the outcome about whatever else is left out, smallest first: by 2^n replays. */
function closedByReplay(all: readonly number[], holds: (isLeftOut: (event: number) => boolean) => boolean): number[][] {
  const bad = subsetsOf(all).filter((kept) => !holds((event) => !kept.includes(event)));
  const closed = subsetsOf(all).filter((kept) => !bad.some((other) => kept.every((event) => other.includes(event))));
  return closed
    .filter((set) => !closed.some((other) => other.length < set.length && other.every((event) => set.includes(event))))
    .sort((a, b) => a.length - b.length);
}
