import { expect, test } from "vitest";
import { defineBag } from "../../sim/baggage.js";
import { compile } from "../../sim/compile.js";
import { InvalidScenario } from "../../sim/invalid-scenario.js";
import { split } from "../../sim/fault.js";
import { defineMonitor } from "../../sim/monitor.js";
import { nearest } from "../../sim/nearest.js";
import { become, defineNode } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { budget, count, flag, oneOf, parseParameter } from "../../sim/parameter.js";
import { always } from "../../sim/property.js";
import { defineScenario, isScenario } from "../../sim/scenario.js";
import { anyOf, following, inOrder, operation } from "../../sim/workload.js";
import { type Parts, systemOf } from "./following.js";

const node = defineNode<number, { readonly kind: "go" }>({
  role: "store",
  start: () => become(0),
  onMessage: { go: (state) => become(state) },
});
const other = { ...node, role: "proxy" };
const nodes = { alpha: node, beta: node, gamma: other };
const [alpha, beta, zoe, ann] = [nodeId("alpha"), nodeId("beta"), nodeId("zoe"), nodeId("ann")];
const go = { kind: "go" };
const clients = { ann: inOrder(operation(alpha, go)) };
const onlyOnce = (name: string) => defineMonitor<number>({ name, start: 0, on: (value) => value });
const observer = defineBag<number>({ name: "spy", empty: 0, follows: [], join: Math.max });
const fine = always("fine", () => true);

test("a define that returns nothing is refused", () => {
  const define = () => undefined as never;
  const scenario = defineScenario({ name: "small", about: "a test", scope: "small", define });

  expect(() => compile(scenario)).toThrow("its define returns undefined; return { nodes, properties, ... }.");
});

test.each<[string, Parts, string]>([
  ["no nodes", { nodes: {} }, "it has no nodes; give it at least one."],
  [
    "a misspelt field",
    { nodes, fault: { drop: 1 } } as never,
    "its definition has the field fault, which nothing reads; did you mean faults? There may be nodes, initial, links, faults, partitions, errors, workload, monitors, properties, history, symmetric, score, timing.",
  ],
  ["nodes that are none", { nodes: null as never }, "its definition has no `nodes`; name them there."],
  [
    "properties that are no list",
    { nodes, properties: fine as never },
    "its definition has no list of `properties`; give one, be it empty.",
  ],
  [
    "a property without a name",
    { nodes, properties: [fine, always((() => true) as never, undefined as never)] },
    'property 2 of its definition is none; make it as in always("what must hold", (view) => ...).',
  ],
  [
    "a node with a misspelt field",
    { nodes: { alpha: { ...node, recovr: () => become(0) } as never } },
    "the node alpha has the field recovr, which nothing reads; did you mean recover? There may be role, start, onMessage, onTimer, onChoice, recover, reads, provenance.",
  ],
  [
    "a request to a node by its name alone",
    { nodes, workload: { ann: inOrder(operation("alpha" as never, go)) } },
    'the client ann asks "alpha", a string; say which node it is: nodeId("alpha").',
  ],
  [
    "a node that is no definition",
    { nodes: { alpha: { role: "store" } as never } },
    "the node alpha is no node definition; make it with defineNode({ role, start, onMessage }).",
  ],
  [
    "a node and a client of one name",
    { nodes, workload: { alpha: inOrder() } },
    "a node and a client are both called alpha; rename one.",
  ],
  [
    "initial data for an unknown node",
    { nodes, initial: { alhpa: [go] } },
    "it has no node alhpa; did you mean alpha? It has alpha, beta, gamma.",
  ],
  [
    "initial data for a client",
    { nodes, workload: clients, initial: { ann: [go] } },
    "it has no node ann. It has alpha, beta, gamma.",
  ],
  [
    "a link of an unknown end",
    { nodes, links: { order: "any", except: [{ between: ["alpha", "stor"], order: "fifo" }] } },
    'a link names "stor", which is no node, role or client; did you mean store?',
  ],
  [
    "a negative budget",
    { nodes, faults: { crash: -1 } },
    'The fault budget crash=-1 cannot be used: give a whole number from 0, or "any".',
  ],
  [
    "a fractional budget",
    { nodes, faults: { drop: 0.5 } },
    'The fault budget drop=0.5 cannot be used: give a whole number from 0, or "any".',
  ],
  [
    "a budget for an unknown fault",
    { nodes, faults: { dorp: 1 } as never },
    "it has a budget for the fault dorp, which is none; did you mean drop? There are drop, duplicate, delay, error, crash, recover, partition, give-up.",
  ],
  [
    "drops on set links alone",
    { nodes, links: "set", faults: { drop: 1 } },
    "the fault drop has a budget, but no link is fifo or any: on a set link a message stays in flight for ever, so that losing it is not delivering it. Remove the budget.",
  ],
  [
    "duplicates on set links alone",
    { nodes, links: "set", faults: { duplicate: "any" } },
    "the fault duplicate has a budget, but no link is fifo or any: a set link delivers a message as often as one likes already. Remove the budget.",
  ],
  [
    "delays without a fifo link",
    { nodes, links: "any", faults: { delay: 1 } },
    "the fault delay has a budget, but no link is fifo: links of order any and set already let messages be overtaken. Remove the budget.",
  ],
  [
    "errors without a boundary",
    { nodes, faults: { error: 1 } },
    "the fault error has a budget, but `errors` declares no boundary where requests may fail.",
  ],
  [
    "a boundary at an unknown role",
    { nodes, errors: [{ role: "stroe", kinds: ["go"], reply: go }] },
    '`errors` names the role "stroe", which no node has; there are store, proxy.',
  ],
  [
    "clients that may give up, without clients",
    { nodes, faults: { "give-up": 1 } },
    "the fault give-up has a budget, but there are no clients.",
  ],
  [
    "a node that reads an observer bag",
    { nodes: { alpha: { ...node, reads: [observer] } } },
    'a node reads the bag "spy", which is an observer; declare the bag with active: true.',
  ],
  [
    "two monitors of one name",
    { nodes, monitors: [onlyOnce("m"), onlyOnce("m")] },
    'two monitors are called "m"; rename one.',
  ],
  [
    "a property's monitor of a name that is taken",
    { nodes, monitors: [onlyOnce("m")], properties: [always("p", () => true, { monitors: [onlyOnce("m")] })] },
    'two monitors are called "m"; rename one.',
  ],
  ["two properties of one name", { nodes, properties: [fine, fine] }, 'two properties are called "fine"; rename one.'],
  [
    "a partition that cuts off nobody it knows",
    { nodes, partitions: [split("cut", [alpha], [zoe])] },
    "the partition cut cuts alpha from zoe, but one of them is no participant.",
  ],
  [
    "two partitions of one name",
    { nodes, partitions: [split("cut", [alpha], [beta]), split("cut", [beta], [alpha])] },
    'two partitions are called "cut"; rename one.',
  ],
  [
    "a client that asks an unknown node",
    { nodes, workload: { ann: inOrder(operation(nodeId("alpah"), go)) } },
    "the client ann asks alpah, which is no node; did you mean alpha? It has alpha, beta, gamma.",
  ],
  [
    "a client that asks a client",
    { nodes, workload: { ann: anyOf([operation(ann, go)], { budget: 1 }) } },
    "the client ann asks ann, which is no node. It has alpha, beta, gamma.",
  ],
  [
    "a request without a kind",
    { nodes, workload: { ann: inOrder({ to: alpha, message: { body: 1 } as never }) } },
    "the client ann asks alpha without a `kind`; requests are { kind: ..., ... }.",
  ],
  [
    "a request that cannot be kept",
    { nodes, workload: { ann: inOrder({ to: alpha, message: { kind: "go", at: new Date(0) } as never }) } },
    "the client ann asks alpha what cannot be kept: The value at at is a Date; use plain data, or a collection or Record of immutable.",
  ],
  [
    "the same option twice",
    { nodes, workload: { ann: anyOf([operation(alpha, go), operation(alpha, { kind: "go" })], { budget: 1 }) } },
    "the client ann has the option alpha {kind:'go'} twice; remove one.",
  ],
])("%s cannot be used, and the error says why", (_, parts, problem) => {
  const caught = catchError(() => systemOf(parts));

  expect(caught).toBeInstanceOf(InvalidScenario);
  expect((caught as Error).message).toBe(`The scenario small cannot be used: ${problem}`);
});

test("budgets from outside replace those of the scenario, kind by kind, and are checked alike", () => {
  const parts = { nodes, faults: { drop: 2, crash: 1 } };
  expect(systemOf(parts, { faults: { drop: 0, recover: "any" } }).faults).toEqual({
    drop: 0,
    crash: 1,
    recover: "any",
  });
  expect(() => systemOf(parts, { faults: { crash: -2 } })).toThrow("crash=-2");
});

test("a name that cannot be a node's is refused", () => {
  expect(() => systemOf({ nodes: { "a b": node } })).toThrow(
    '"a b" cannot name a node: use letters, digits, ".", "-" and "_", starting with a letter.',
  );
  expect(() => nodeId("1")).toThrow("cannot name a node");
});

test("links follow their exceptions in both directions, by node, role, client, or all clients; the last one counts", () => {
  const system = systemOf({
    nodes,
    workload: { ann: inOrder(), bob: inOrder() },
    links: {
      order: "any",
      except: [
        { between: ["store", "proxy"], order: "fifo" },
        { between: ["beta", "gamma"], order: "set" },
        { between: ["client", "alpha"], order: "fifo" },
        { between: ["bob", "alpha"], order: "set" },
      ],
    },
  });
  const order = (from: string, to: string) => {
    const number = (name: string) => system.numberOf(nodeId(name)) as number;
    return system.orders[number(to)]?.[number(from)];
  };
  expect([order("alpha", "gamma"), order("gamma", "alpha")]).toEqual(["fifo", "fifo"]);
  expect([order("beta", "gamma"), order("gamma", "beta")]).toEqual(["set", "set"]);
  expect([order("ann", "alpha"), order("alpha", "ann")]).toEqual(["fifo", "fifo"]);
  expect([order("bob", "alpha"), order("alpha", "bob")]).toEqual(["set", "set"]);
  expect([order("ann", "beta"), order("alpha", "beta")]).toEqual(["any", "any"]);
});

test("unless a scenario says otherwise, any one node may be cut off from all other nodes, but not from clients", () => {
  const system = systemOf({ nodes, workload: clients, faults: { partition: 1 } });
  expect(system.partitions.map(({ name, cuts }) => [name, cuts.length])).toEqual([
    ["alpha", 4],
    ["beta", 4],
    ["gamma", 4],
  ]);
  expect(systemOf({ nodes: { alpha: node } }).partitions).toEqual([]);
});

test("a context tells a node itself, its peers, the nodes of a role, and ranks, all in declared order", () => {
  const context = systemOf({ nodes }).nodes[1]?.context;
  expect(context?.self).toBe(beta);
  expect(context?.peers.map(String)).toEqual(["alpha", "gamma"]);
  expect(context?.role("store").map(String)).toEqual(["alpha", "beta"]);
  expect(context?.role("nothing")).toEqual([]);
  expect([alpha, beta, nodeId("gamma")].map((id) => context?.rank(id))).toEqual([0, 1, 0]);
  expect(() => context?.rank(zoe)).toThrow("it has no node zoe. It has alpha, beta, gamma.");
});

const withParameters = defineScenario({
  name: "with-parameters",
  about: "a test",
  scope: "none",
  parameters: {
    servers: oneOf(2, 3),
    fix: oneOf("none", "sticky"),
    beats: budget(1),
    rms: count(3, { min: 1, max: 12 }),
    older: flag(false),
  },
  define: () => ({ nodes, properties: [] }),
});

test("parameters have defaults, and are read from text or values", () => {
  expect(compile(withParameters).parameters).toEqual({ servers: 2, fix: "none", beats: 1, rms: 3, older: false });
  const given = { servers: "3", fix: "sticky", beats: "any", rms: "12", older: "true" };
  expect(compile(withParameters, { parameters: given }).parameters).toEqual({
    servers: 3,
    fix: "sticky",
    beats: "any",
    rms: 12,
    older: true,
  });
});

test.each<[{ [name: string]: string | number | boolean }, string]>([
  [
    { sevrers: 2 },
    "with-parameters has no parameter sevrers: it has servers, fix, beats, rms, older; did you mean servers?",
  ],
  [{ zzzzzzzz: 2 }, "with-parameters has no parameter zzzzzzzz: it has servers, fix, beats, rms, older"],
  [{ servers: 4 }, "The parameter servers=4 cannot be used: it takes 2|3."],
  [{ fix: "glue" }, "The parameter fix=glue cannot be used: it takes none|sticky."],
  [{ beats: -1 }, "The parameter beats=-1 cannot be used: it takes a whole number, at least 0, or any."],
  [{ beats: 1.5 }, "The parameter beats=1.5 cannot be used: it takes a whole number, at least 0, or any."],
  [{ beats: "" }, "The parameter beats= cannot be used: it takes a whole number, at least 0, or any."],
  [{ beats: "1e3" }, "The parameter beats=1e3 cannot be used: it takes a whole number, at least 0, or any."],
  [{ rms: 0 }, "The parameter rms=0 cannot be used: it takes a whole number, 1 to 12."],
  [{ rms: 13 }, "The parameter rms=13 cannot be used: it takes a whole number, 1 to 12."],
  [{ rms: "any" }, "The parameter rms=any cannot be used: it takes a whole number, 1 to 12."],
  [{ rms: "9007199254740993" }, "The parameter rms=9007199254740993 cannot be used: it takes a whole number, 1 to 12."],
  [{ older: "yes" }, "The parameter older=yes cannot be used: it takes true|false."],
])("the parameters %j cannot be used, and the error says why", (parameters, message) => {
  expect(catchError(() => compile(withParameters, { parameters }))).toMatchObject({ message });
});

test("a scenario without parameters says so", () => {
  const bare = defineScenario({
    name: "bare",
    about: "a test",
    scope: "none",
    define: () => ({ nodes, properties: [] }),
  });
  expect(() => compile(bare, { parameters: { rms: 1 } })).toThrow("bare has no parameter rms: it has none");
});

test("a default that a parameter does not take is refused like any other value", () => {
  expect(() => parseParameter("n", count(0, { min: 1 }), 0)).toThrow("it takes a whole number, at least 1.");
});

test("what is no scenario is told apart from what is", () => {
  expect(isScenario(withParameters)).toBe(true);
  expect([null, 1, "x", {}, { name: "x" }, { name: "x", define: () => ({}) }].some(isScenario)).toBe(false);
});

test("the nearest known name is suggested only if it is near", () => {
  expect(nearest("sever", ["server", "client"])).toBe("server");
  expect(nearest("CLIENT", ["server", "client"])).toBe("client");
  expect(nearest("xyz", ["server", "client"])).toBeUndefined();
  expect(nearest("a", [])).toBeUndefined();
});

test("a workload that is a function is compiled without being called", () => {
  const calls: number[] = [];
  const workload = {
    ann: following((results) => {
      calls.push(results.size);
      return null;
    }),
  };
  systemOf({ nodes, workload });
  expect(calls).toEqual([]);
});

function catchError(code: () => unknown): unknown {
  try {
    code();
  } catch (error) {
    return error;
  }
  return undefined;
}
