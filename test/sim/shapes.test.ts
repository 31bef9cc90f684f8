import { expect, test } from "vitest";
import { compile } from "../../sim/compile.js";
import { initialWorld } from "../../sim/initial.js";
import { InvalidScenario } from "../../sim/invalid-scenario.js";
import { become, defineNode } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { count } from "../../sim/parameter.js";
import { always, eventually, leadsTo, refines } from "../../sim/property.js";
import { defineScenario } from "../../sim/scenario.js";
import { anyOf, following, inOrder, operation } from "../../sim/workload.js";
import { type Parts, systemOf } from "./following.js";

const node = defineNode<number, { readonly kind: "go" }>({
  role: "store",
  start: () => become(0),
  onMessage: { go: (state) => become(state) },
});
const nodes = { alpha: node };
const ask = operation(nodeId("alpha"), { kind: "go" });
const small = defineScenario({
  name: "other",
  about: "A test.",
  scope: "Small.",
  define: () => ({ nodes, properties: [] }),
});

/** Parts of a definition that a look at types would refuse. */
const wrong = (parts: object): Parts => ({ nodes, ...parts });
const having = (more: object): Parts => ({ nodes: { alpha: { ...node, ...more } } });
const client = (ann: unknown): Parts => wrong({ workload: { ann } });
const claims = (property: unknown): Parts => wrong({ properties: [property] });

test.each<[string, Parts, RegExp]>([
  [
    "an order of links in capitals",
    wrong({ links: "FIFO" }),
    /^the order of a link is "FIFO"; did you mean fifo\? There are fifo, any, set\.$/,
  ],
  [
    "links without exceptions",
    wrong({ links: { order: "fifo" } }),
    /^`links` is an object; give an order, or \{ order, except: /,
  ],
  ["links that are null", wrong({ links: null }), /^`links` is null; /],
  [
    "an exception between one",
    wrong({ links: { order: "any", except: [{ between: ["alpha"], order: "any" }] } }),
    /^`links` has the exception an object; write \{ between/,
  ],
  [
    "an exception of no order",
    wrong({ links: { order: "any", except: [{ between: ["alpha", "alpha"], order: "lossy" }] } }),
    /^the order of a link is "lossy"\. There are/,
  ],
  [
    "initial data that is no list",
    wrong({ initial: { alpha: { kind: "go" } } }),
    /^the initial data of alpha is an object; give a list of messages/,
  ],
  [
    "initial data that is no message",
    wrong({ initial: { alpha: [5] } }),
    /^the initial data of alpha is an array; give a list of messages/,
  ],
  ["initial data that is null", wrong({ initial: null }), /^`initial` is null; /],
  [
    "a handler that is none",
    having({ onMessage: { go: 5 } }),
    /^onMessage\.go of the node alpha is 5; give a function\.$/,
  ],
  [
    "handlers in a list",
    { nodes: { alpha: defineNode({ ...node, onMessage: [] as never }) } },
    /^onMessage of the node alpha is an array; give handlers by name\.$/,
  ],
  ["a recover that is none", having({ recover: 5 }), /^recover of the node alpha is 5; give a function\.$/],
  ["bags that are no list", having({ reads: 5 }), /^the node alpha reads 5; give `reads` a list of bags/],
  ["faults that are null", wrong({ faults: null }), /^`faults` is null; give budgets/],
  [
    "a budget that is undefined",
    wrong({ faults: { drop: undefined } }),
    /^The fault budget drop=undefined cannot be used/,
  ],
  [
    "a partition without cuts",
    wrong({ partitions: [{ name: "cut" }] }),
    /^`partitions` must be a list of \{ name, cuts: /,
  ],
  ["a partition without a name", wrong({ partitions: [{ name: "", cuts: [] }] }), /^`partitions` must be a list of /],
  [
    "a boundary without a reply",
    wrong({ errors: [{ role: "store", kinds: ["go"] }] }),
    /^`errors` has a boundary that is none; write/,
  ],
  [
    "a boundary of kinds in a text",
    wrong({ errors: [{ role: "store", kinds: "go", reply: { kind: "no" } }] }),
    /^`errors` has a boundary that is none; write/,
  ],
  [
    "a boundary whose reply cannot be kept",
    wrong({ errors: [{ role: "store", kinds: ["go"], reply: { kind: "no", x: Number.NaN } }] }),
    /^the reply of the boundary at store cannot be kept: The value at x is NaN; /,
  ],
  ["operations for a client", client([ask]), /^the client ann does an array that is no workload; make it with inOrder/],
  [
    "a workload that is no operation",
    client(inOrder(5 as never)),
    /^the client ann does an object that is no workload; make it with/,
  ],
  [
    "a budget below 0",
    client(anyOf([ask], { budget: -1 })),
    /^the client ann has the budget -1; give anyOf a whole number from 0/,
  ],
  [
    "a budget without limit",
    client(anyOf([ask], { budget: "any" as never })),
    /^the client ann has the budget "any"; give anyOf a whole number/,
  ],
  ["a following that is none", client(following(5 as never)), /^the client ann does an object that is no workload/],
  [
    "a monitor that folds nothing",
    wrong({ monitors: [{ name: "m", start: 0 }] }),
    /^`monitors` must have a list of monitors; make each with defineMonitor/,
  ],
  [
    "a monitor that starts with NaN",
    wrong({ monitors: [{ name: "m", start: Number.NaN, on: () => 0 }] }),
    /^the start of the monitor "m" cannot be kept: The value is NaN; /,
  ],
  [
    "a property's monitors that are none",
    claims(always("p", () => true, { monitors: 5 as never })),
    /^the property "p" must have a list of monitors; /,
  ],
  [
    "a property of a misspelt kind",
    claims({ ...always("p", () => true), kind: "alway" }),
    /^the property "p" is of the kind alway, which is none; did you mean always\? Make it with always, /,
  ],
  [
    "a property without a function",
    claims(always("p", undefined as never)),
    /^the property "p" has undefined for `holds`; give a function of the view\.$/,
  ],
  [
    "a leadsTo without its end",
    claims(leadsTo("p", { from: () => true } as never)),
    /^the property "p" has undefined for `to`; /,
  ],
  [
    "a fairness that is none",
    claims(eventually("p", () => true, { fairness: 5 as never })),
    /^the property "p" has the fairness 5; give \{ weak/,
  ],
  [
    "a fairness of an unknown action",
    claims(eventually("p", () => true, { fairness: { weak: [{ kind: "links" } as never] } })),
    /^the property "p" is weakly fair to the action "links", which is none; there are link, timer/,
  ],
  [
    "a fairness of a misspelt strength",
    claims(eventually("p", () => true, { fairness: { strng: "all" } as never })),
    /^the fairness of the property "p" has strng, which nothing reads; there are weak, strong\.$/,
  ],
  [
    "a fairness of a text",
    claims(eventually("p", () => true, { fairness: { strong: "link" as never } })),
    /^the property "p" is strongly fair to "link"; give "all", or a list of actions\.$/,
  ],
  [
    "a refinement of nothing",
    claims(refines("p", 5 as never, { maps: () => 0, onto: () => 0 })),
    /^the property "p" refines 5; give the scenario that is more abstract\.$/,
  ],
  [
    "a refinement with another's parameter",
    claims(refines("p", small, { maps: () => 0, onto: () => 0, parameters: { q: 1 } })),
    /^the property "p" refines other, where: other has no parameter q: it has none$/,
  ],
  ["groups that are none", wrong({ symmetric: ["alpha"] }), /^`symmetric` must be a list of groups of names, /],
  ["a score that is none", wrong({ score: 5 }), /^score of the definition is 5; give a function\.$/],
  [
    "a latency the wrong way round",
    wrong({ timing: { latency: [5, 1] } }),
    /^`timing` has the latency an array; give \[least, most\] in whole ticks\.$/,
  ],
  [
    "a timing of something else",
    wrong({ timing: { latencies: [1, 5] } }),
    /^`timing` has latencies, which nothing reads; there are latency, think\.$/,
  ],
])("%s cannot be used, and the error says how it is written", (_, parts, problem) => {
  let message = "";
  try {
    systemOf(parts);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidScenario);
    ({ message } = error as Error);
  }
  expect(message.replace("The scenario small cannot be used: ", "")).toMatch(problem);
});

test.each<[object, RegExp]>([
  [{ parameter: { k: count(1) } }, /has the field parameter, which nothing reads; did you mean parameters\?/],
  [{ name: "" }, /^The scenario {2}cannot be used: its name must be a text of one line/],
  [{ name: "a\nb" }, /its name must be a text of one line/],
  [{ define: 5 }, /it has no function `define`; give one that returns \{ nodes, properties \}\.$/],
  [{ parameters: null }, /`parameters` is null; name them there\.$/],
  [{ parameters: { k: 5 } }, /the parameter k is 5; declare it with count, budget, oneOf or flag\.$/],
])("a scenario with %j is refused", (parts, problem) => {
  const scenario = { name: "small", about: "A test.", scope: "Small.", define: () => ({ nodes, properties: [] }) };
  expect(() => defineScenario({ ...scenario, ...parts } as never)).toThrow(problem);
});

test("nodes, clients and parameters may have the names of what every object has", () => {
  const scenario = defineScenario({
    name: "small",
    about: "A test.",
    scope: "Small.",
    parameters: { constructor: count(2) },
    define: (values) => ({
      nodes: { constructor: node, ["__proto__"]: node },
      initial: {},
      workload: { toString: inOrder(operation(nodeId("constructor"), { kind: "go" })) },
      properties: [always(`${values.constructor}`, () => true)],
    }),
  });
  const system = compile(scenario);
  expect(system.nodes.map(({ name, initial }) => [name, initial])).toEqual([
    ["constructor", []],
    ["__proto__", []],
  ]);
  expect(system.properties[0]?.name).toBe("2");
  expect(initialWorld(system).nodes).toHaveLength(2);
});
