import { Record } from "immutable";
import { expect, test } from "vitest";
import { difference } from "../../../checker/search/reduce/audited-search.js";
import { reductionsOf, type ReductionName } from "../../../checker/search/reduce/preserved.js";
import { reducedSearch } from "../../../checker/search/reduce/reduced-search.js";
import type { Search } from "../../../checker/search/search.js";
import { startSearch } from "../../../checker/search/start.js";
import type { Verdict } from "../../../checker/verdict.js";
import { paxos } from "../../../scenarios/paxos.js";
import { register } from "../../../scenarios/register.js";
import { ring } from "../../../scenarios/ring.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { compile } from "../../../sim/compile.js";
import { choose, emit, send } from "../../../sim/effect.js";
import { defineMonitor } from "../../../sim/monitor.js";
import { type AnyNode, become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { always, atQuiescence, type Property, sometimes, step } from "../../../sim/property.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../../sim/scenario.js";
import { type AlikePlan, alikeScenario } from "../../laws/alike-scenario.js";
import type { System } from "../../../sim/system.js";

const noLimits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

function ended(search: Search): Verdict {
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  if (verdict.kind === "progress") throw new Error("An unlimited search must end.");
  return verdict;
}

function both(system: System, name: ReductionName = "por"): { readonly whole: Verdict; readonly reduced: Verdict } {
  const whole = ended(startSearch(system, { strategy: "breadth-first", ...noLimits }));
  return { whole, reduced: ended(reducedSearch(system, reductionsOf(name), noLimits)) };
}

test.each<[string, Scenario, { readonly [name: string]: number | string }, number]>([
  ["paxos", paxos, {}, 7],
  ["two-phase commit", twoPhaseCommit, { rms: 5 }, 2.5],
  ["a ring", ring, {}, 4],
  ["a register", register, {}, 2],
])("%s has the verdict of the whole search in fewer states", (_, scenario, parameters, factor) => {
  const { whole, reduced } = both(compile(scenario, { parameters }));

  expect(difference(whole, reduced, false)).toBeUndefined();
  expect(reduced.coverage.states * factor).toBeLessThan(whole.coverage.states);
});

test("of paxos, both reductions together leave far less than persistent sets alone", () => {
  const system = compile(paxos);
  const [por = 0, all = 0] = (["por", "all"] as const).map(
    (name) => ended(reducedSearch(system, reductionsOf(name), noLimits)).coverage.states,
  );

  expect(all).toBeLessThan(por / 3);
});

/** A node that takes so many steps of its own, one after the other; each is a choice. */
class Count extends Record({ steps: 0 }) {}

function walker(steps: number, rest: Partial<AnyNode> = {}): AnyNode {
  const ask = (state: Count) => choose("walk", state.steps < steps ? ["on"] : []);
  return {
    ...defineNode<Count>({
      role: "walker",
      start: () => become(new Count(), choose("walk", ["on"])),
      onMessage: {},
      onChoice: {
        walk: (state: Count) => {
          const next = state.set("steps", state.steps + 1);
          return become(next, ask(next));
        },
      },
    }),
    ...rest,
  };
}

/** A node that goes to and fro for ever. */
const spinner = defineNode<boolean>({
  role: "spinner",
  start: () => become(false, choose("spin", ["on"])),
  onMessage: {},
  onChoice: { spin: (state: boolean) => become(!state, choose("spin", ["on"])) },
});

function scenarioOf(
  nodes: { readonly [name: string]: AnyNode },
  properties: readonly Property[],
  rest: Partial<SystemDefinition> = {},
): Scenario {
  return defineScenario({
    name: "few",
    about: "Few nodes.",
    scope: "Finite.",
    define: () => ({ nodes, properties, ...rest }),
  });
}

const stepsOf = (name: string) => (view: Parameters<Parameters<typeof sometimes>[1]>[0]) =>
  view.node<Count>(nodeId(name)).state.steps;

test("nodes that have nothing to do with each other take their steps one after the other", () => {
  const { whole, reduced } = both(compile(scenarioOf({ a: walker(4), b: walker(4), c: walker(4) }, [])));

  expect(whole.coverage.states).toBe(5 ** 3);
  expect(reduced.coverage.states).toBe(3 * 4 + 1);
});

test("a step that a property sees is not left out for ever behind a cycle that it does not see", () => {
  const property = always("nobody walks", (view) => stepsOf("walker")(view) < 2 || "two steps were taken");
  // The cycle is offered first, and invisible: taken alone again and again, it would ignore the walker.
  const { reduced } = both(compile(scenarioOf({ spin: spinner, walker: walker(2) }, [property])));

  expect(reduced).toMatchObject({ kind: "violated", witness: { property: "nobody walks" } });
});

test("what is seen only together is found: two visible nodes and one that is not", () => {
  const meets = sometimes("a is ahead while b stands", (view) => stepsOf("a")(view) === 2 && stepsOf("b")(view) === 0);
  const behind = sometimes("b is ahead while a stands", (view) => stepsOf("b")(view) === 2 && stepsOf("a")(view) === 0);
  const { whole, reduced } = both(compile(scenarioOf({ a: walker(2), b: walker(2), c: walker(2) }, [meets, behind])));

  expect(difference(whole, reduced, false)).toBeUndefined();
  expect(reduced.coverage.neverReached).toEqual([]);
  expect(reduced.coverage.states).toBeLessThan(whole.coverage.states);
});

test("a property that reads more the further it comes is judged by all that it reads", () => {
  // At first it reads a alone; that it depends on b shows only when a has come to its end.
  const property = always("b does not stand when a is done", (view) => {
    if (stepsOf("a")(view) < 3) return true;
    return stepsOf("b")(view) !== 1 || "b has taken one step when a is done";
  });
  const { reduced } = both(compile(scenarioOf({ b: walker(3), a: walker(3) }, [property])));

  expect(reduced.kind).toBe("violated");
});

test("monitors see the same orders", () => {
  const told = (name: string): AnyNode =>
    defineNode<null>({
      role: name,
      start: () => become(null, choose("tell", ["now"])),
      onMessage: {},
      onChoice: { tell: (state: null) => become(state, emit("told", { name })) },
    });
  const first = defineMonitor<string>({
    name: "the first",
    start: "",
    on: (value, event) => (value === "" && event.kind === "emit" ? String(event.fields.name) : value),
  });
  const isFirst = (name: string) =>
    sometimes(`${name} is first`, (view) => view.monitor(first) === name, { monitors: [first] });
  const { reduced } = both(
    compile(scenarioOf({ a: told("a"), b: told("b"), c: walker(2) }, [isFirst("a"), isFirst("b")])),
  );

  expect(reduced.coverage.neverReached).toEqual([]);
});

test("faults that share a budget depend on each other, whomever they befall", () => {
  const property = (name: string) =>
    sometimes(`${name} alone is down`, (view) =>
      view.nodes("walker").every(({ id, up }) => up === (String(id) !== name)),
    );
  const system = compile(
    scenarioOf({ a: walker(1), b: walker(1) }, [property("a"), property("b")], { faults: { crash: 1 } }),
  );
  const { whole, reduced } = both(system);

  expect(difference(whole, reduced, false)).toBeUndefined();
  expect(reduced.coverage.neverReached).toEqual([]);
});

/** Sends to a board that keeps what came first, or the sum of all. */
const sender = (size: number): AnyNode =>
  defineNode<null>({
    role: `sender${size}`,
    start: () => become(null, send(nodeId("board"), { kind: "put", size })),
    onMessage: {},
  });
const board = (join: (state: number, size: number) => number): AnyNode =>
  defineNode<number, { readonly kind: "put"; readonly size: number }>({
    role: "board",
    start: () => become(0),
    onMessage: { put: (state, { size }) => become(join(state, size)) },
  });

test("messages that do not commute are taken in every order", () => {
  const ends = (size: number) =>
    sometimes(`${size} was first`, (view) => view.node<number>(nodeId("board")).state === size);
  const keepsFirst = board((state, size) => (state === 0 ? size : state));
  const { reduced } = both(
    compile(scenarioOf({ one: sender(1), two: sender(2), board: keepsFirst }, [ends(1), ends(2)])),
  );

  expect(reduced.coverage.neverReached).toEqual([]);
});

test("a message that commutes with those still to come need not wait for them", () => {
  // A walker sends one more when it is done. The board may take what it has before, if it keeps the greatest.
  const late = walker(3, { role: "late" });
  const lastly: AnyNode = {
    ...late,
    onChoice: {
      walk: (state: Count) => {
        const next = state.set("steps", state.steps + 1);
        return next.steps < 3
          ? become(next, choose("walk", ["on"]))
          : become(next, send(nodeId("board"), { kind: "put", size: 4 }));
      },
    } as AnyNode["onChoice"] & object,
  };
  const greatest = both(
    compile(scenarioOf({ board: board((state, size) => Math.max(state, size)), one: sender(1), lastly }, [])),
  );
  const firsts = both(
    compile(scenarioOf({ board: board((state, size) => (state === 0 ? size : state)), one: sender(1), lastly }, [])),
  );

  expect(greatest.reduced.coverage.states).toBe(6);
  expect(firsts.reduced.coverage.states).toBeGreaterThan(6);
});

// Found by the hunt: a client that waits is a member without steps; the answer that it gets lets it go on to another member.
test("what a member sends after mail that does not disturb it counts as well", () => {
  const keep = { change: "keep", parity: null, actions: [] } as const;
  const quiet = {
    fuel: 0,
    start: keep,
    messages: [keep, keep],
    timers: [keep, keep],
    choice: keep,
    recover: null,
  } as const;
  const answers = { change: "add", parity: null, actions: [{ do: "reply", kind: 0 }] } as const;
  const setsTimer = { ...keep, actions: [{ do: "timer", timer: 0, delay: 1 }] } as const;
  const forgets = { ...keep, change: "copy" } as const;
  const role = { ...quiet, fuel: 2, start: setsTimer, messages: [answers, keep], timers: [forgets, keep] } as const;
  const plan: AlikePlan = {
    nodes: [2, 0],
    roles: [
      { ...role, spins: false },
      { ...quiet, spins: false },
    ],
    clients: [{ kind: "list", role: 0, operations: 2 }],
    links: "fifo",
    between: null,
    faults: {},
    cut: false,
    boundary: false,
    monitor: "none",
    property: "value",
    limit: 0,
    flaw: "none",
  };
  const { whole, reduced } = both(compile(alikeScenario(plan)));

  expect(whole).toMatchObject({ kind: "violated", witness: { detail: "a1 and a2 have 0" } });
  expect(difference(whole, reduced, false)).toBeUndefined();
});

test("every world in which a run may end is visited", () => {
  const claim = atQuiescence(
    "the board holds 1",
    (view) => view.node<number>(nodeId("board")).state === 1 || "2 was first",
  );
  const keepsFirst = board((state, size) => (state === 0 ? size : state));
  const { whole, reduced } = both(compile(scenarioOf({ one: sender(1), two: sender(2), board: keepsFirst }, [claim])));

  expect(reduced).toMatchObject({
    kind: "violated",
    witness: { property: "the board holds 1", detail: "2 was first", step: 2 },
  });
  expect(difference(whole, reduced, true)).toBeUndefined();
});

test("a handler that throws is found behind steps that do not matter to it", () => {
  const throwing = walker(2, {
    role: "throwing",
    onChoice: {
      walk: () => {
        throw new Error("It is broken.");
      },
    },
  });
  const { reduced } = both(compile(scenarioOf({ spin: spinner, a: walker(3), throwing }, [])));

  expect(reduced).toMatchObject({ kind: "crashed" });
});

test("a node that counts what it gets has no end of states of its own, which is told", () => {
  // It counts what it gets; that each is sent once only is seen by nobody who looks at it alone.
  const counts = board((state, size) => state + size);
  const search = reducedSearch(
    compile(scenarioOf({ w: walker(1), one: sender(1), board: counts }, [])),
    reductionsOf("por"),
    noLimits,
  );

  expect(ended(search).kind).toBe("holds");
  expect(search.reduction?.().notes).toEqual([
    "What board may come to send is not known: looked at alone, there seems to be no end of states.",
  ]);
});

test("a property of steps is refused", () => {
  const property = step("nothing changes", () => true);

  expect(() => reducedSearch(compile(scenarioOf({ a: walker(1) }, [property])), reductionsOf("por"), noLimits)).toThrow(
    '"nothing changes" judges every transition, and persistent sets leave transitions out. Use --reduce symmetry, or leave it out.',
  );
});
