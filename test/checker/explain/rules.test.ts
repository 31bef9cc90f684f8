import { expect, test } from "vitest";
import { endingOf, explainRun } from "../../../checker/explain/explain.js";
import type { SpecificationMode } from "../../../checker/provenance/specification.js";
import { redisStore } from "../../../nodes/redis.js";
import type { RedisCommand } from "../../../nodes/redis/request.js";
import { numberOfEvent } from "../../../report/event-text.js";
import { compile } from "../../../sim/compile.js";
import type { AnyNode, ProvenanceRule } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { recordScript } from "./recorded.js";

const store = nodeId("store");

/** One client asks a store, one request after the other; the last answer is explained. */
function explainLast(
  commands: readonly RedisCommand[],
  specifications: SpecificationMode,
  rule?: ProvenanceRule<never>,
) {
  const node: AnyNode = { ...(redisStore() as AnyNode), ...(rule === undefined ? {} : { provenance: rule }) };
  const scenario = defineScenario({
    name: "asking",
    about: "One client and a store.",
    scope: "As many requests as there are.",
    define: () => ({
      nodes: { store: node },
      workload: { ann: inOrder(...commands.map((command) => operation(store, command))) },
      properties: [],
    }),
  });
  const script = commands.flatMap((_, i) => [`invoke @ann:${i}`, "deliver @ann->@store", "deliver @store->@ann"]);
  const run = recordScript(compile(scenario), script);
  const explanation = explainRun(run.trace, endingOf(run.trace, run), { specifications });
  const numbered = (events: readonly number[] | null) => (events ?? []).map((event) => numberOfEvent(run.trace, event));
  return { ...explanation, numbers: numbered(explanation.smallest) };
}

const set = { kind: "set", key: "x", value: "1" } as const;
const get = { kind: "get", key: "x" } as const;

test("a rule that is right agrees, and believed it gives the same explanation, called partial", () => {
  const [exact, check, trust] = (["exact", "check", "trust"] as const).map((mode) => explainLast([set, get], mode));

  expect(exact).toMatchObject({ status: "exact", numbers: [1, 2, 4, 5, 6] });
  expect(check).toMatchObject({ status: "exact", numbers: [1, 2, 4, 5, 6] });
  expect(check?.graph?.checkedRules.map(({ verdict }) => verdict.kind)).toEqual(["agrees"]);
  expect(trust).toMatchObject({ status: "partial", count: null, numbers: [1, 2, 4, 5, 6] });
});

test("the paper's rule misses that the first of two equal sets would do as well (C1), and the check says so", () => {
  const check = explainLast([set, set, get], "check");

  expect(check.count).toBe(2n);
  expect(check.graph?.checkedRules).toMatchObject([{ verdict: { kind: "incomplete" } }]);
  expect(explainLast([set, set, get], "trust").numbers).toEqual([4, 5, 7, 8, 9]);
});

test("a rule that says nothing of a command leaves it to the exact engine", () => {
  const check = explainLast(
    [
      { kind: "sadd", key: "s", members: ["a"] },
      { kind: "smembers", key: "s" },
    ],
    "check",
  );

  expect(check).toMatchObject({ status: "exact", numbers: [1, 2, 4, 5, 6] });
  expect(check.graph?.checkedRules).toEqual([]);
});

test.each<[string, ProvenanceRule<never>, RegExp]>([
  [
    "throws",
    () => {
      throw new Error("no idea");
    },
    /The provenance rule of the node store threw "no idea"; correct it, or use --specifications exact\./,
  ],
  ["gives a position after the input", () => [[1]], /At the node store: .* the position 1, which is not in the trace/],
  ["gives no witness", () => [], /At the node store: .* no witness, but every output has one/],
])("a rule that %s is refused with the name of its node", (_, rule, message) => {
  expect(() => explainLast([set, get], "trust", rule)).toThrow(message);
});
