import fc from "fast-check";
import { expect, test } from "vitest";
import { explainRun } from "../../../checker/explain/explain.js";
import { compile } from "../../../sim/compile.js";
import { reply, send } from "../../../sim/effect.js";
import type { Message, Sender } from "../../../sim/message.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { outcomeHolds, recordAtRandom, recordScript, removable, subsetsOf } from "./recorded.js";
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
  expect(global.mode).toBe("global");
  expect(requests(global.smallest)).toEqual(["c0", "c1", "c3"]);
  expect(global.closure?.counterexample).toBeNull();
});

test("explanations in global mode hold in every run without some of what they leave out; local ones mostly, but not always", () => {
  let [explained, locallyOpen, exact] = [0, 0, 0];
  fc.assert(
    fc.property(relays, fc.nat(1000), (drawn, seed) => {
      const { trace } = recordAtRandom(systemOf(drawn), seed, 40);
      const all = removable(trace);
      if (all.length > 11) return;
      for (const event of all.slice(-2)) {
        const node = trace.participants.get(event) < trace.system.nodes.length;
        for (const kind of node ? (["event", "state"] as const) : (["event"] as const)) {
          const local = explainRun(trace, { kind, event }, { closureRuns: 0 });
          const global = explainRun(trace, { kind, event }, { closureRuns: 0, mode: "global" });
          const holds = outcomeHolds(trace, global);
          const isClosed = (explanation: readonly number[]): boolean =>
            subsetsOf(all.filter((other) => !explanation.includes(other))).every((leftOut) =>
              holds((other) => leftOut.includes(other)),
            );
          explained += 1;
          for (const alternative of global.alternatives) expect(isClosed(alternative)).toBe(true);
          if (!local.alternatives.every(isClosed)) locallyOpen += 1;
          if (String(local.alternatives) === String(global.alternatives)) exact += 1;
        }
      }
    }),
    { numRuns: 200, seed: 7 },
  );
  expect(explained).toBeGreaterThan(200);
  expect(locallyOpen).toBeGreaterThan(3);
  expect(exact).toBeGreaterThan(explained / 2);
});
