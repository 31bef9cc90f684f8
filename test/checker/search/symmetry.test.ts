import { Map, Record, Set } from "immutable";
import { expect, test } from "vitest";
import { AuditFailed } from "../../../checker/search/reduce/audit-failed.js";
import { auditedSearch, difference } from "../../../checker/search/reduce/audited-search.js";
import { reductionsOf } from "../../../checker/search/reduce/preserved.js";
import { reducedSearch } from "../../../checker/search/reduce/reduced-search.js";
import type { Search } from "../../../checker/search/search.js";
import { startSearch } from "../../../checker/search/start.js";
import type { Verdict } from "../../../checker/verdict.js";
import { paxos } from "../../../scenarios/paxos.js";
import { raft } from "../../../scenarios/raft.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { compile } from "../../../sim/compile.js";
import { choose, emit, reply, send } from "../../../sim/effect.js";
import { defineMonitor } from "../../../sim/monitor.js";
import { type AnyNode, become, type Context, defineNode } from "../../../sim/node.js";
import { type NodeId, nodeId } from "../../../sim/node-id.js";
import { always, eventually, type Property, refines, sometimes, staysReachable, step } from "../../../sim/property.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../../sim/scenario.js";
import type { System } from "../../../sim/system.js";
import { inOrder, operation, type Workload } from "../../../sim/workload.js";
import { orbits } from "../../laws/orbits.js";

const noLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

function ended(search: Search): Verdict {
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

function reduced(system: System): { readonly verdict: Verdict; readonly search: Search } {
  const search = reducedSearch(system, reductionsOf("symmetry"), noLimits);
  return { verdict: ended(search), search };
}

// Orbits by Burnside's counting in the reference, N=1..7; up to 4 by brute force below.
test.each([
  [1, 12],
  [2, 34],
  [3, 80],
  [4, 166],
  [5, 314],
  [6, 553],
])("two-phase commit with %i alike resource managers has %i orbits", (rms, states) => {
  const { verdict } = reduced(compile(twoPhaseCommit, { parameters: { rms } }));

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states, depth: 3 * rms + 2, neverReached: [] } });
});

test.each([2, 3, 4])("of two-phase commit with %i resource managers, brute force finds as many orbits", (rms) => {
  const system = compile(twoPhaseCommit, { parameters: { rms } });
  const { verdict, search } = reduced(system);

  expect(search.reduction?.().alike).toEqual([Array.from({ length: rms }, (_, i) => `rm${i + 1}`)]);
  expect(verdict.coverage.states).toBe(orbits(system, search.reduction?.().alike ?? []));
});

test("paxos with three acceptors has as many orbits as brute force finds", () => {
  const system = compile(paxos, { parameters: { acceptors: 2 } });
  const { verdict, search } = reduced(system);

  expect(search.reduction?.().alike).toEqual([["a1", "a2"]]);
  expect(verdict.coverage.states).toBe(orbits(system, [["a1", "a2"]]));
});

test("a planted bug of raft is found as near as by the whole search, and shown by a real run", () => {
  const parameters = { terms: 1, entries: 0, bug: "forgets-vote" };
  const system = compile(raft, { parameters });
  const whole = ended(startSearch(system, { strategy: "breadth-first", ...noLimits }));

  const { verdict } = reduced(system);

  expect(verdict).toMatchObject({ kind: "violated", witness: { property: "no term has two leaders" } });
  expect(difference(whole, verdict, true)).toBeUndefined();
  expect(verdict.coverage.states).toBeLessThan(whole.coverage.states / 3);
});

/** Members each write their name down at a board, which answers. */
class Member extends Record({ phase: "idle", heard: Set<NodeId>() }) {}

type Heard = { readonly kind: "heard"; readonly who: NodeId };

interface MemberOptions {
  readonly begin?: (state: Member, context: Context) => Member;
  readonly role?: string;
}

const board = defineNode<Set<NodeId>, { readonly kind: "write" }>({
  role: "board",
  start: () => become(Set()),
  onMessage: {
    write: (state, _message, from) =>
      become(
        state.add(from.node),
        reply<Heard>(from, { kind: "heard", who: from.node }),
        emit("written", { by: from.node }),
      ),
  },
});

function member({ begin = (state) => state, role = "member" }: MemberOptions = {}): AnyNode {
  return defineNode<Member, Heard | { readonly kind: "ask" }>({
    role,
    start: () => become(new Member(), choose("begin", ["now"])),
    onChoice: {
      begin: (state, _option, context) =>
        become(begin(state.set("phase", "writing"), context), send(nodeId("board"), { kind: "write" })),
    },
    onMessage: {
      heard: (state, message) => become(state.merge({ phase: "done", heard: state.heard.add(message.who) })),
      ask: (state, _message, from) => become(state, reply(from, { kind: "answer", phase: state.phase })),
    },
  });
}

function boardOf(
  nodes: { readonly [name: string]: AnyNode },
  rest: Partial<SystemDefinition> & { readonly properties?: readonly Property[] } = {},
): Scenario {
  return defineScenario({
    name: "board",
    about: "Members write on a board.",
    scope: "Finite.",
    define: () => ({ nodes: { board, ...nodes }, properties: [], ...rest }),
  });
}

const one = member();
const three = { m1: one, m2: one, m3: one };

function refusal(scenario: Scenario): string {
  try {
    reduced(compile(scenario));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("It was not refused.");
}

test("of members that are alike, one state stands for each orbit", () => {
  const system = compile(boardOf(three));
  const { verdict } = reduced(system);

  // Each member: idle, writing with its message under way, its answer under way, done.
  expect(verdict.coverage.states).toBe((6 * 5 * 4) / 6);
});

test("a handler that reads a rank makes its role asymmetric", () => {
  const ranked = member({ begin: (state, context) => state.set("phase", `w${context.rank(context.self)}`) });

  expect(refusal(boardOf({ m1: ranked, m2: ranked }))).toBe(
    "There is no symmetry to reduce by. m1, m2 are not alike: m1 reads context.rank(m1). Leave --reduce out.",
  );
});

test("a handler that picks a peer by position is found, with node, handler and path", () => {
  const picking = member({ begin: (state, context) => state.set("heard", Set([context.role("member")[0] as NodeId])) });

  expect(refusal(boardOf({ m1: picking, m2: picking }))).toContain(
    "m1, m2 are not alike: onChoice.begin of m1 tells them apart: with places exchanged, it gives state.heard.0: @m2 and @m1.",
  );
});

test("a handler that names a node is found", () => {
  const naming = member({ begin: (state, { self }) => (self === nodeId("m2") ? state.set("phase", "second") : state) });

  expect(refusal(boardOf({ m1: naming, m2: naming, m3: naming }))).toContain(
    "onChoice.begin of m1 tells them apart: with places exchanged, it gives state.phase: 'writing' and 'second'",
  );
});

test("a property that names a node is found", () => {
  const first = always("m1 is never done before m2", (view) => {
    const phase = (name: string): string => view.node<Member>(nodeId(name)).state.phase;
    return phase("m1") !== "done" || phase("m2") === "done" || "m1 is first";
  });

  expect(refusal(boardOf(three, { properties: [first] }))).toContain(
    'the property "m1 is never done before m2" tells them apart',
  );
});

test("a monitor that names a node is found", () => {
  const monitor = defineMonitor<boolean>({
    name: "m1 has written",
    start: false,
    on: (value, event) => value || (event.kind === "emit" && event.fields.by === nodeId("m1")),
  });
  const property = always("it holds", (view) => view.monitor(monitor) || true, { monitors: [monitor] });

  expect(refusal(boardOf(three, { properties: [property] }))).toContain(
    'the monitor "m1 has written" tells them apart',
  );
});

test("a monitor that keeps names is renamed with the nodes", () => {
  const monitor = defineMonitor<Map<NodeId, number>>({
    name: "who wrote how often",
    start: Map(),
    on: (value, event) =>
      event.kind === "emit" ? value.update(event.node, 0, (n) => n + 1).set(event.fields.by as NodeId, 1) : value,
  });
  const property = always(
    "the board writes nothing itself",
    (view) => (view.monitor(monitor).get(nodeId("m1")) ?? 1) === 1 || "twice",
    {
      monitors: [monitor],
    },
  );
  const system = compile(boardOf(three, { properties: [property] }));
  const { verdict, search } = reduced(system);

  expect(verdict.kind).toBe("holds");
  expect(verdict.coverage.states).toBe(orbits(system, search.reduction?.().alike ?? []));
});

test("two nodes that are alike but for a client are told apart, and the third remains alone", () => {
  const workload = { ann: inOrder(operation(nodeId("m2"), { kind: "ask" })) };
  const { search } = reduced(compile(boardOf(three, { workload })));

  expect(search.reduction?.().alike).toEqual([["m1", "m3"]]);
});

test("two clients with the same workload are alike, and states keep their calls", () => {
  const ask = inOrder(operation(nodeId("m1"), { kind: "ask" }), operation(nodeId("m1"), { kind: "ask" }));
  const system = compile(boardOf({ m1: one }, { workload: { ann: ask, bob: ask } }));
  const { verdict, search } = reduced(system);

  expect(search.reduction?.().alike).toEqual([["ann", "bob"]]);
  expect(verdict.coverage.states).toBe(orbits(system, [["ann", "bob"]]));
});

test("nodes of the same role and different definitions are alike if the scenario says so", () => {
  const nodes = { m1: member(), m2: member() };
  const system = compile(boardOf(nodes, { symmetric: [["m1", "m2"]] }));

  expect(reduced(compile(boardOf(nodes))).search.reduction?.()).toMatchObject({
    alike: [],
    notes: ["No two nodes or clients are alike."],
  });
  expect(reduced(system).verdict.coverage.states).toBe((5 * 4) / 2);
});

test("a member and its client go together", () => {
  const ask = (name: string): Workload => inOrder(operation(nodeId(name), { kind: "ask" }));
  const workload = { ann: ask("m1"), bob: ask("m2") };
  const nodes = { m1: one, m2: one };
  const symmetric = [
    [
      ["m1", "ann"],
      ["m2", "bob"],
    ],
  ];
  const whole = ended(startSearch(compile(boardOf(nodes, { workload })), { strategy: "breadth-first", ...noLimits }));

  const { verdict, search } = reduced(compile(boardOf(nodes, { workload, symmetric })));

  expect(search.reduction?.().alike).toEqual([["(m1, ann)", "(m2, bob)"]]);
  // Each pair has p states of its own: p squared together, p (p + 1) / 2 orbits.
  const pair = Math.sqrt(whole.coverage.states);
  expect(verdict.coverage.states).toBe((pair * (pair + 1)) / 2);
});

test.each<[string, SystemDefinition["symmetric"], Partial<SystemDefinition>, string]>([
  [
    "of other roles",
    [["m1", "other"]],
    {},
    "m1 and other are declared symmetric, but m1 has the role member, and other the role guest.",
  ],
  [
    "with other links",
    [["m1", "m2"]],
    { links: { order: "any", except: [{ between: ["m1", "board"], order: "fifo" }] } },
    "m1 and m2 are declared symmetric, but the link from m1 to board has the order fifo, and that from m2 to board the order any.",
  ],
  [
    "with a client of one",
    [["m1", "m2"]],
    { workload: { ann: inOrder(operation(nodeId("m1"), { kind: "ask" })) } },
    "m1 and m2 are declared symmetric, but the workload of ann tells them apart.",
  ],
  [
    "that behave differently",
    [["m1", "odd"]],
    {},
    "m1, odd are declared symmetric, but onChoice.begin of m1 tells them apart",
  ],
])("a symmetry declared over nodes %s is refused with the difference", (_, symmetric, rest, message) => {
  const odd = member({ begin: (state) => state.set("phase", "odd") });
  const nodes = { m1: one, m2: one, odd, other: member({ role: "guest" }) };

  expect(refusal(boardOf(nodes, { symmetric: symmetric ?? [], ...rest }))).toContain(message);
});

test.each<[SystemDefinition["symmetric"], string]>([
  [[["m1", "m4"]], '`symmetric` names "m4", which is no node or client; did you mean m1?'],
  [[["m1", "m1"]], "`symmetric` names m1 twice; name it once."],
  [
    [["m1", ["m2", "m3"]]],
    "`symmetric` has a group whose members are not of the same size; name as many nodes in each.",
  ],
])("a group that makes no sense is refused when the scenario is compiled", (symmetric, message) => {
  expect(() => compile(boardOf(three, { symmetric: symmetric ?? [] }))).toThrow(message);
});

test.each<[string, Property]>([
  ["counts the states", sometimes("all are done", () => false, { count: true })],
  ["under fairness of single actions", eventually("all are done", () => true)],
  ["a way from every state", staysReachable("a way back", () => true)],
  ["judges every step against", refines("a board", boardOf(three), { maps: () => 0, onto: () => 0 })],
])("a property that symmetry does not preserve is refused: it %s", (reason, property) => {
  expect(refusal(boardOf(three, { properties: [property] }))).toContain(reason);
});

test("properties of steps are judged on the steps of one state of each orbit", () => {
  const never = step("nobody is done while another is idle", (before, after) => {
    const phases = (view: typeof before): string[] => view.nodes<Member>("member").map(({ state }) => state.phase);
    const isNewlyDone =
      phases(after).filter((phase) => phase === "done").length >
      phases(before).filter((phase) => phase === "done").length;
    return !isNewlyDone || !phases(before).includes("idle") || "someone is done too early";
  });
  const system = compile(boardOf(three, { properties: [never] }));
  const whole = ended(startSearch(system, { strategy: "breadth-first", ...noLimits }));

  const { verdict } = reduced(system);

  expect(verdict).toMatchObject({ kind: "violated", witness: { detail: "someone is done too early", step: 3 } });
  expect(difference(whole, verdict, true)).toBeUndefined();
});

test("an audit of a reduction that lost something fails", () => {
  const broken = compile(
    boardOf(three, {
      properties: [
        always("nobody writes", (view) => view.node<Set<NodeId>>(nodeId("board")).state.isEmpty() || "written"),
      ],
    }),
  );
  const fine = compile(boardOf(three));
  const whole = (): Search => startSearch(broken, { strategy: "breadth-first", ...noLimits });

  const audit = auditedSearch(whole, reducedSearch(fine, reductionsOf("symmetry"), noLimits), reductionsOf("symmetry"));

  expect(() => ended(audit)).toThrow(AuditFailed);
  expect(() =>
    ended(auditedSearch(whole, reducedSearch(fine, reductionsOf("symmetry"), noLimits), reductionsOf("symmetry"))),
  ).toThrow(
    'The reduction is not sound here: without it, "nobody writes" is violated after 2 steps; with it, everything holds',
  );
});
