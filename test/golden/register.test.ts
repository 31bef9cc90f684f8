import { List, Map, Record } from "immutable";
import { expect, test } from "vitest";
import { register, registerServer } from "../../scenarios/register.js";
import { emit, send } from "../../sim/effect.js";
import { defineMonitor } from "../../sim/monitor.js";
import { become, defineNode } from "../../sim/node.js";
import { type NodeId, nodeId } from "../../sim/node-id.js";
import { always, sometimes } from "../../sim/property.js";
import { defineScenario } from "../../sim/scenario.js";
import { visitAll } from "./brute-force.js";
import { searched } from "./searched.js";

test("a register with two clients has 84 states of depth 13", () => {
  const verdict = searched(register);

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states: 84, depth: 13, neverReached: [], neverRun: [] } });
});

test("a register with two clients, written out by hand, has 84 states of depth 13", () => {
  const visit = visitAll<string>("n00", (state) => clientSteps(state, { isAtOnce: false }));

  expect(visit).toMatchObject({ states: 84, depth: 13 });
  expect(searched(register)).toMatchObject({ coverage: { transitions: visit.transitions } });
});

// The count of Stateright's example of a single-copy register, with its tester of linearizability among what tells states
// apart.
test("with clients that are nodes and a monitor of the history it has 93 states of depth 9", () => {
  const verdict = searched(withHistory);

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states: 93, depth: 9, neverReached: [], neverRun: [] } });
});

test("with clients that are nodes and a history, written out by hand, it has 93 states of depth 9", () => {
  const visit = visitAll<string>("n11|-|-|", (state) => recordedSteps(state));

  expect(visit).toMatchObject({ states: 93, depth: 9 });
  expect(searched(withHistory)).toMatchObject({ coverage: { transitions: visit.transitions } });
});

/**
 * A state is the value of the register (n for none, a, b) and each client's stage: 0 has asked nothing, 1 its write is under
 * way, 2 the answer is, 3 it has that, 4 its read is under way, n, a or b the answer with this value is, 6 it has that.
 */
function clientSteps(state: string, { isAtOnce }: { readonly isAtOnce: boolean }): string[] {
  return [1, 2].flatMap((client) => {
    const [next, held] = stepOf(state[client] ?? "", state[0] ?? "", client === 1 ? "a" : "b", isAtOnce);
    return next === "" ? [] : [held + (client === 1 ? next + (state[2] ?? "") : (state[1] ?? "") + next)];
  });
}

function stepOf(stage: string, held: string, own: string, isAtOnce: boolean): readonly [stage: string, held: string] {
  switch (stage) {
    case "0":
      return ["1", held];
    case "1":
      return ["2", own];
    case "2":
      return [isAtOnce ? "4" : "3", held];
    case "3":
      return ["4", held];
    case "4":
      return [held, held];
    case "6":
      return ["", held];
    default:
      return ["6", held];
  }
}

/**
 * The same with the history: after the stages, for each client, how many operations of the other were complete when it
 * invoked its read (- before that), and at the end what the reads gave.
 */
function recordedSteps(state: string): string[] {
  const [stages = "", first = "-", second = "-", given = ""] = state.split("|");
  return clientSteps(stages, { isAtOnce: true }).map((next) => {
    const seen = [first, second];
    let reads = given;
    for (const client of [1, 2]) {
      const [before, after] = [stages[client] ?? "", next[client] ?? ""];
      if (before === "2" && after === "4") seen[client - 1] = String(completed(next[3 - client] ?? ""));
      if (after === "6" && before !== "6") reads = [...reads.split(","), `${client}${before}`].sort().join(",");
    }
    return `${next}|${seen.join("|")}|${reads}`;
  });
}

function completed(stage: string): number {
  if (stage === "6") return 2;
  return stage === "1" || stage === "2" ? 0 : 1;
}

/** An operation of a client's history, with the index of the other client's last operation completed when it was invoked. */
class Invoked extends Record({ operation: "", after: -1 }) {}
class History extends Record({ complete: List<List<unknown>>(), open: null as Invoked | null }) {}

const histories = defineMonitor<Map<NodeId, History>>({
  name: "histories",
  start: Map(),
  on: (value, event) => {
    if (event.kind !== "emit") return value;
    const history = value.get(event.node, new History());
    if (event.tracepoint === "invoke") {
      const other = value.findEntry((_, client) => client !== event.node)?.[1];
      const after = (other?.complete.size ?? 0) - 1;
      return value.set(
        event.node,
        history.set("open", new Invoked({ operation: String(event.fields.operation), after })),
      );
    }
    const complete = history.complete.push(List([history.open, event.fields.result]));
    return value.set(event.node, new History({ complete }));
  },
});

const server = nodeId("server");

/** A client's state is how many answers it has. */
function clientNode(value: string) {
  return defineNode<number, { readonly kind: "written" } | { readonly kind: "value"; readonly value: string | null }>({
    role: "client",
    start: () => become(0, emit("invoke", { operation: `write ${value}` }), send(server, { kind: "write", value })),
    onMessage: {
      written: () =>
        become(
          1,
          emit("return", { result: null }),
          emit("invoke", { operation: "read" }),
          send(server, { kind: "read" }),
        ),
      value: (_state, message) => become(2, emit("return", { result: message.value })),
    },
  });
}

const withHistory = defineScenario({
  name: "register-with-history",
  about: "A register whose clients are nodes, with a history.",
  scope: "Finite: each client writes and reads once.",
  define: () => ({
    nodes: { server: registerServer, a: clientNode("a"), b: clientNode("b") },
    properties: [
      always(
        "a client that has both answers reads a value",
        (view) => {
          const reads = view.monitor(histories).map(({ complete }) => complete.get(1)?.get(1));
          return reads.every((read) => read !== null) || "A client has read nothing after its own write";
        },
        { monitors: [histories] },
      ),
      sometimes("both have read", (view) => view.nodes<number>("client").every(({ state }) => state === 2)),
    ],
  }),
});
