import { expect, test } from "vitest";
import { HandlersRun } from "../../../checker/search/handlers.js";
import { plainSearch } from "../../../checker/search/plain.js";
import { startSearch } from "../../../checker/search/start.js";
import type { Coverage } from "../../../checker/verdict.js";
import type { Choice } from "../../../sim/choice.js";
import { type Effect, reply, send } from "../../../sim/effect.js";
import { enabledChoices } from "../../../sim/enabled.js";
import type { FaultBudget } from "../../../sim/fault.js";
import type { Sender } from "../../../sim/message.js";
import { type AnyNode, become } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import type { System } from "../../../sim/system.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { downSlot } from "../../../sim/world.js";
import { after, systemOf } from "../../sim/following.js";

const a = nodeId("a");

/** A node that is asked by one client, and answers in some way. */
function asked(answer: (from: Sender) => Effect, faults: FaultBudget = {}): System {
  const node = {
    role: "node",
    start: () => become(0),
    onMessage: { ask: (state: number, _message: unknown, from: Sender) => become(state, answer(from)) },
    recover: () => become(0),
  } as unknown as AnyNode;
  return systemOf({ nodes: { a: node }, workload: { c: inOrder(operation(a, { kind: "ask" })) }, faults });
}

/** What the interned and the plain search say alike. */
function coverageOf(system: System): Pick<Coverage, "neverReturned" | "neverRun"> {
  const limits = { maxStates: 1000, maxDepth: Number.POSITIVE_INFINITY };
  const [interned, plain] = [
    startSearch(system, { strategy: "breadth-first", ...limits }),
    plainSearch(system, "breadth-first", limits),
  ].map((search) => {
    const verdict = search.advance(Number.POSITIVE_INFINITY);
    if (verdict.kind !== "holds") throw new Error(`It should hold, and is ${verdict.kind}.`);
    const { neverReturned, neverRun } = verdict.coverage;
    return { neverReturned, neverRun };
  });
  expect(interned).toEqual(plain);
  return plain as Coverage;
}

test("a client that is sent a message in place of a reply never returns, and the search says so", () => {
  expect(coverageOf(asked((from) => send(from.node, { kind: "done" }))).neverReturned).toEqual(["c"]);
  expect(coverageOf(asked((from) => reply(from, { kind: "done" }))).neverReturned).toEqual([]);
});

test("a client that is not answered at all never returns", () => {
  expect(coverageOf(asked(() => send(a, { kind: "ask" }))).neverReturned).toEqual(["c"]);
});

test("a delivery to a node that is down runs no handler", () => {
  const system = asked((from) => reply(from, { kind: "done" }), { crash: 1, recover: 1 });
  const world = after(system, "invoke @c:0");
  const [deliver] = enabledChoices(system, world).filter(({ kind }) => kind === "deliver");
  const handlers = new HandlersRun(system);

  handlers.see(deliver as Choice, () => downSlot);
  expect(handlers.coverage().neverRun).toEqual(["node.onMessage.ask", "node.recover"]);
  handlers.see(deliver as Choice, () => world.nodes[0]);
  expect(handlers.coverage().neverRun).toEqual(["node.recover"]);
});
