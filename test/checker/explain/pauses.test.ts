import { expect, test } from "vitest";
import { Explaining, explainRun } from "../../../checker/explain/explain.js";
import { compile } from "../../../sim/compile.js";
import { reply } from "../../../sim/effect.js";
import type { Message, Sender } from "../../../sim/message.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { outcomeHolds, recordAtRandom, removable } from "./recorded.js";

interface Mix extends Message {
  readonly value: number;
}

/** One bit of a hash chain: no two subtraces come to the same state, so that the question takes work without end. */
const chain = (length: number) =>
  defineScenario({
    name: "chain",
    about: "One bit of a hash chain.",
    scope: `${length + 1} requests.`,
    define: () => ({
      nodes: {
        s: defineNode<number, Message>({
          role: "s",
          start: () => become(7),
          onMessage: {
            mix: (hash: number, message: Message, from: Sender) =>
              become(Math.imul(hash ^ (message as Mix).value, 0x9e3779b1) >>> 3, reply(from, { kind: "ok" })),
            bit: (hash: number, _message: Message, from: Sender) =>
              become(hash, reply(from, { kind: `bit ${hash & 1}` })),
          },
        }),
      },
      workload: {
        ann: inOrder(
          ...Array.from({ length }, (_, value) => operation(nodeId("s"), { kind: "mix", value })),
          operation(nodeId("s"), { kind: "bit" }),
        ),
      },
      properties: [],
    }),
  });

test("an explanation that pauses in the middle of a question comes to the same as one that does not", () => {
  const { trace } = recordAtRandom(compile(chain(12)), 1, 100);
  const outcome = { kind: "event", event: trace.length - 1 } as const;
  let [left, allowed, pauses] = [1, 1, 0];
  const explaining = new Explaining(trace, outcome, { pauses: () => (left -= 1) < 0 });
  let explanation;
  while (explanation === undefined) {
    left = allowed;
    explanation = explaining.advance(1);
    if (left < 0) [allowed, pauses] = [allowed * 2, pauses + 1];
  }

  expect(pauses).toBeGreaterThan(0);
  const { status, smallest, count } = explainRun(trace, outcome);
  expect(explanation).toMatchObject({ status, smallest, count });
});

test("stopped in the middle of a question, it gives events that suffice, and calls them partial", () => {
  const { trace } = recordAtRandom(compile(chain(40)), 1, 200);
  const outcome = { kind: "event", event: trace.length - 1 } as const;
  let left = 5;
  const explaining = new Explaining(trace, outcome, { pauses: () => (left -= 1) < 0 });

  expect(explaining.advance(1000)).toBeUndefined();
  left = 1_000_000;
  const explanation = explaining.stop();
  expect(explanation).toMatchObject({ status: "partial", count: null, closure: { counterexample: null } });
  // All requests and their deliveries, and the last answer; the others' answers do not matter.
  expect(explanation.smallest?.length).toBe(2 * 41 + 1);
  const holds = outcomeHolds(trace, explanation);
  for (const event of explanation.core ?? []) expect(holds((other) => other === event)).toBe(false);
  expect(holds((event) => explanation.smallest?.includes(event) === false)).toBe(true);
  expect(removable(trace).length).toBe(3 * 41);
});
