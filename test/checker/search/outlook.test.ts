import { List, Map, Record, Set } from "immutable";
import { expect, test } from "vitest";
import { engineSearch } from "../../../checker/search/engine/engine.js";
import { type Estimate, estimateStates } from "../../../checker/search/outlook/estimate.js";
import { covers } from "../../../checker/search/outlook/covers.js";
import { type Level, Levels } from "../../../checker/search/outlook/levels.js";
import { measure } from "../../../checker/search/outlook/measures.js";
import { namesOfClasses, stateClass } from "../../../checker/search/outlook/state-class.js";
import { startSearch } from "../../../checker/search/start.js";
import type { Verdict } from "../../../checker/verdict.js";
import { raft } from "../../../scenarios/raft.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { bundled } from "../../../scenarios/bundled.js";
import { compile, type Settings } from "../../../sim/compile.js";
import { choose, reply, send, setTimer } from "../../../sim/effect.js";
import { defineMonitor } from "../../../sim/monitor.js";
import { become, defineNode, type Reaction } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import type { System } from "../../../sim/system.js";
import { anyOf, following, inOrder, operation } from "../../../sim/workload.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../../sim/scenario.js";

class Server extends Record({ role: "follower", log: List<string>(), votedFor: null as string | null }) {}

test("a value is measured by its numbers, sizes and lengths", () => {
  const sizes: { [path: string]: number } = {};
  const value = { term: -3, log: List(["a", "bc"]), peers: Map({ x: Set([1, 2]) }), server: new Server() };

  measure(value, (path, size) => (sizes[path] = Math.max(size, sizes[path] ?? 0)));

  expect(sizes).toEqual({
    term: 3,
    "log.size": 2,
    "log[].length": 2,
    "peers.size": 1,
    "peers.'x'.size": 2,
    "peers.'x'[]": 2,
    "server.role.length": 8,
    "server.log.size": 0,
  });
});

test.each<[string, readonly unknown[], readonly string[]]>([
  ["words", ["working", "prepared"], ["working", "prepared"]],
  ["a telling field", [new Server(), new Server({ role: "leader" })], ["follower", "leader"]],
  [
    "flags, null and empty fields, those that vary",
    [
      { on: true, vote: null, log: List(), n: 1, always: 0 },
      { on: false, vote: "x", log: List([1]), n: 2, always: 0 },
    ],
    ["on=true vote=null log=empty", "on=false vote=x log=some"],
  ],
  ["numbers", [1, 2, 3], ["", "", ""]],
  ["collections", [Map(), Map({ a: 1 })], ["empty", "some"]],
  [
    "more marks than twelve",
    Array.from({ length: 20 }, (_, i) => ({ id: `id ${i}`, on: i > 10 })),
    Array.from({ length: 20 }, (_, i) => `on=${i > 10}`),
  ],
])("local states are told apart by %s", (_, states, names) => {
  expect(namesOfClasses(states.map(stateClass))).toEqual(names);
});

test("of very deep searches every second level is kept, then every fourth", () => {
  const levels = new Levels();
  for (let depth = 2; depth < 1500; depth += 1) levels.note(depth, 10 * depth);
  const again = new Levels(levels.all);
  again.note(1500, 15_000);
  again.note(1501, 15_010);

  expect(levels.all.length).toBeLessThan(512);
  expect(levels.all.every(({ depth, first }) => depth % 4 === 0 && first === 10 * depth)).toBe(true);
  expect(again.all.at(-1)).toEqual({ depth: 1500, first: 15_000 });
});

function searched(scenario: Scenario, maxStates: number, parameters: Settings["parameters"] = {}): Verdict {
  const search = startSearch(compile(scenario, { parameters }), {
    strategy: "breadth-first",
    maxStates,
    maxDepth: Number.POSITIVE_INFINITY,
  });
  return search.advance(Number.POSITIVE_INFINITY) as Verdict;
}

/** The name of what grows, which must have grown at the depths that are told. */
function growing(scenario: Scenario, maxStates: number, parameters: Settings["parameters"] = {}): string | undefined {
  const verdict = searched(scenario, maxStates, parameters);
  const growth = verdict.kind === "unknown" ? verdict.growth : undefined;
  if (growth === undefined) return undefined;
  const [first, second, third] = growth.sizes.map(({ size }) => size) as [number, number, number];
  expect(first < second && second < third).toBe(true);
  return `${growth.field} in ${growth.where}`;
}

/** One node whose timer goes on for ever. */
function ticking<S>(start: S, onTick: (state: S) => Reaction<S>, more: Partial<SystemDefinition> = {}): Scenario {
  const node = defineNode<S, { readonly kind: "told" }>({
    role: "clock",
    start: () => become(start, setTimer("tick", 1)),
    onMessage: { told: (state) => become(state) },
    onTimer: {
      tick: (state) => {
        const { state: next, effects } = onTick(state);
        return become(next, ...effects, setTimer("tick", 1));
      },
    },
  });
  return defineScenario({
    name: "ticking",
    about: "",
    scope: "Infinite.",
    parameters: {},
    define: () => ({ nodes: { clock: node }, properties: [], ...more }),
  });
}

test.each<[string, Scenario, string]>([
  ["a number", ticking({ n: 0 }, ({ n }) => become({ n: n + 1 })), "n in the state of clock"],
  ["the state itself", ticking(0, (n) => become(n + 1)), " in the state of clock"],
  [
    "a log within a Record",
    ticking(new Server(), (state) =>
      become(state.set("role", state.role === "on" ? "off" : "on").update("log", (log) => log.push("x"))),
    ),
    "log.size in the state of clock",
  ],
  [
    "messages that nobody can take fast enough",
    ticking("on", (state) => become(state, send(nodeId("clock"), { kind: "told" }))),
    "length in the messages to clock",
  ],
])("an endless scenario ends at its limit with the name of what grows: %s", (_, scenario, expected) => {
  expect(growing(scenario, 28)).toBe(expected);
});

test("what grows in a monitor is named too", () => {
  const ticks = defineMonitor<number>({ name: "ticks", start: 0, on: (count) => count + 1 });
  const scenario = ticking(0, () => become(0, { kind: "emit", tracepoint: "tick", fields: {} }), { monitors: [ticks] });

  expect(growing(scenario, 40)).toBe(' in the monitor "ticks"');
});

/** Two nodes that send each other an ever larger number. */
function counting(): Scenario {
  const partner = { a: nodeId("b"), b: nodeId("a") };
  const node = (self: "a" | "b") =>
    defineNode<{ readonly heard: number }, { readonly kind: "count"; readonly to: number }>({
      role: self,
      start: () => become({ heard: 0 }, ...(self === "a" ? [send(partner.a, { kind: "count", to: 1 })] : [])),
      onMessage: {
        count: (_, { to }) => become({ heard: to }, send(partner[self], { kind: "count", to: to + 1 })),
      },
    });
  return defineScenario({
    name: "counting",
    about: "",
    scope: "Infinite.",
    define: () => ({ nodes: { a: node("a"), b: node("b") }, properties: [] }),
  });
}

/** A client that asks for ever, of a node that keeps what it was asked, beside two that change their minds now and then. */
function asking(): Scenario {
  const asked = defineNode<List<string>, { readonly kind: "ask" }>({
    role: "asked",
    start: () => become(List()),
    onMessage: { ask: (all, _, from) => become(all.push("x"), reply(from, { kind: "told" })) },
  });
  const fickle = defineNode<string>({
    role: "fickle",
    start: () => become("off", choose("mind", ["on", "off"])),
    onMessage: {},
    onChoice: { mind: (_, now: string) => become(now, choose("mind", ["on", "off"])) },
  });
  const ask = { to: nodeId("asked"), message: { kind: "ask" } };
  return defineScenario({
    name: "asking",
    about: "",
    scope: "Infinite.",
    define: () => ({
      nodes: { asked, one: fickle, other: fickle },
      workload: { client: following(() => ask) },
      properties: [],
    }),
  });
}

test.each<[string, Scenario, number, RegExp]>([
  ["numbers that go back and forth", counting(), 60, /^(heard in the state of [ab]|\[\]\.to in the messages to [ab])$/],
  ["what a client asks for ever", asking(), 400, /^(size in the state of asked|.* in the progress of client client)$/],
])("an endless scenario of several participants is told from its growth too: %s", (_, scenario, states, expected) => {
  expect(growing(scenario, states)).toMatch(expected);
});

/** Bounds, up to which many parts grow: nothing is to be said at any of them. */
const cuts = [50, 300, 1000, 3000];

test.each([
  ...bundled.map(({ scenario }) => [scenario.name, {}, scenario] as const),
  ["raft", { entries: 2 }, raft] as const,
])("of %s %j, which is finite, nothing is said to grow wherever it is cut off", (_, parameters, scenario) => {
  for (const cut of cuts) expect(growing(scenario, cut, parameters)).toBeUndefined();
});

test("what is bounded by a budget of the scenario is not said to grow", () => {
  const asked = defineNode<number, { readonly kind: "ask" }>({
    role: "asked",
    start: () => become(0),
    onMessage: { ask: (count, _, from) => become(count + 1, reply(from, { kind: "told" })) },
  });
  const ask = operation(nodeId("asked"), { kind: "ask" });
  const scenario = defineScenario({
    name: "asking",
    about: "",
    scope: "Finite.",
    define: () => ({
      nodes: { asked },
      workload: { one: anyOf([ask], { budget: 40 }), other: inOrder(...Array.from({ length: 40 }, () => ask)) },
      properties: [],
    }),
  });

  expect(growing(scenario, 1000)).toBeUndefined();
});

test.each<[unknown, unknown, boolean]>([
  [{ n: 2, role: "on" }, { n: 1, role: "on" }, true],
  [{ n: 2, role: "off" }, { n: 1, role: "on" }, false],
  [-3, -2, true],
  [1, -2, false],
  [List([1, 2]), List([1]), true],
  [List([1]), List([1, 2]), false],
  [Set([4, 1]), Set([1, 3]), true],
  [Set([2, 3]), Set([4, 1]), false],
  [Map({ a: 1, b: 1 }), Map({ a: 1 }), true],
  [Map({ b: 1 }), Map({ a: 1 }), false],
  [new Server({ log: List(["x"]) }), new Server(), true],
  [new Server({ votedFor: "x" }), new Server(), false],
  [nodeId("b"), nodeId("a"), false],
  [null, undefined, false],
])("%j covers %j: %s", (more, less, expected) => {
  expect(covers(more, less)).toBe(expected);
});

test("each handler of two-phase commit has run in the local states in which it can", () => {
  const { coverage } = searched(twoPhaseCommit, Number.POSITIVE_INFINITY);

  // By the protocol: the manager decides once; a participant votes once, and is told nothing but what was decided.
  expect(coverage.handlers).toEqual([
    { handler: "tm.onMessage.prepared", ranIn: ["aborted", "committed", "init"], neverIn: [] },
    { handler: "tm.onChoice.decide", ranIn: ["init"], neverIn: ["aborted", "committed"] },
    {
      handler: "rm.onMessage.commit",
      ranIn: ["vote=committed", "vote=prepared"],
      neverIn: ["vote=aborted", "vote=working"],
    },
    {
      handler: "rm.onMessage.abort",
      ranIn: ["vote=aborted", "vote=prepared", "vote=working"],
      neverIn: ["vote=committed"],
    },
    {
      handler: "rm.onChoice.vote",
      ranIn: ["vote=working"],
      neverIn: ["vote=aborted", "vote=committed", "vote=prepared"],
    },
  ]);
});

test("a kind of fault that has a budget and cannot happen is told", () => {
  const scenario = ticking({ n: 0 }, ({ n }) => become({ n: (n + 1) % 3 }));
  const system = compile(scenario, { faults: { drop: 1, crash: 1 } });
  const search = startSearch(system, { strategy: "breadth-first", maxStates: 1000, maxDepth: 1000 });
  const verdict = search.advance(Number.POSITIVE_INFINITY) as Verdict;

  expect(verdict).toMatchObject({ kind: "holds", coverage: { faultsNeverSeen: ["drop"] } });
});

/** What is said of the states in all at each depth, and how many there are. */
function estimates(system: System): { readonly states: number; readonly said: readonly (Estimate | undefined)[] } {
  const search = engineSearch(system, { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY });
  const { states } = (search.advance(Number.POSITIVE_INFINITY) as Verdict).coverage;
  const levels = search.snapshot()?.levels ?? [];
  const said = levels.slice(0, -1).map((_, i) => {
    const next = levels[i + 1] as Level;
    return estimateStates(levels.slice(0, i + 1), next.first);
  });
  return { states, said };
}

test.each([4, 5, 6, 7])(
  "of two-phase commit with %i participants the number of states is in the band, once there is one",
  (rms) => {
    const { states, said } = estimates(compile(twoPhaseCommit, { parameters: { rms } }));
    const given = said.filter((estimate) => estimate !== undefined);

    expect(states).toBe(2 ** rms + 4 ** rms + 6 ** rms);
    for (const { atLeast, atMost } of given) {
      expect(atLeast).toBeLessThanOrEqual(states);
      expect(atMost).toBeGreaterThanOrEqual(states);
    }
    expect(given.length).toBeGreaterThan(4);
    expect(said[3]).toBeUndefined();
  },
);

test("a bell curve is continued to its end", () => {
  const sizes = Array.from({ length: 31 }, (_, i) => Math.round(1e6 * Math.exp(-((i - 15) ** 2) / 16)) + 1);
  const firsts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const total = sizes.reduce((a, b) => a + b, 0);
  const levels = firsts.slice(1, 16).map((first, i) => ({ depth: i + 2, first }));

  const estimate = estimateStates(levels, firsts[16] as number);

  expect((estimate?.states ?? 0) / total).toBeCloseTo(1, 1);
});

test.each([
  ["levels that grow as fast as ever", (i: number) => 2 ** i],
  ["levels that stay as they are", () => 50],
])("nothing is said of %s", (_, sizeOf) => {
  const firsts = Array.from({ length: 20 }, (__, i) =>
    Array.from({ length: i }, (___, k) => sizeOf(k)).reduce((a, b) => a + b, 0),
  );
  const levels = firsts.slice(1, 19).map((first, i) => ({ depth: i + 2, first }));

  expect(estimateStates(levels, firsts[19] as number)).toBeUndefined();
});
