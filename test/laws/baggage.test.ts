import fc from "fast-check";
import { Set } from "immutable";
import { expect, test } from "vitest";
import { type AnyBag, type Bag, type BagEvent, defineBag } from "../../sim/baggage.js";
import { type EdgeKind, everyEdge } from "../../sim/edge.js";
import { describeChoice } from "../../sim/choice.js";
import { compile } from "../../sim/compile.js";
import { emit, save, send, setTimer } from "../../sim/effect.js";
import { type AnyNode, become, type Context } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { run } from "../../sim/run.js";
import { namesOf } from "../../sim/schedule.js";
import type { StrategyFor } from "../../sim/strategy.js";
import { firstInOrder, randomly } from "../../sim/strategy/listing.js";
import { replaying } from "../../sim/strategy/replaying.js";
import { rounds } from "../../sim/strategy/rounds.js";
import { timed } from "../../sim/strategy/timed.js";
import type { System } from "../../sim/system.js";
import { none, type Trace } from "../../sim/trace.js";
import { encode } from "../../sim/value.js";
import { encodeWorld } from "../../sim/world.js";
import { bagContract } from "../contract/bag.js";
import { after, offered, replay, stateOf, systemOf } from "../sim/following.js";
import { explore } from "./exploring.js";
import { harmlessPlans, scenarioOf } from "./random-scenario.js";

const seed = 20261121;
const maxSteps = 150;

/** A clock as Lamport's: greater at each event than at all its causes. */
function clock(follows: readonly EdgeKind[]): Bag<number> {
  return defineBag<number>({ name: "clock", empty: 0, follows, join: Math.max, at: (value) => value + 1 });
}

/** A clock that is greater by a number that depends on all that a bag sees of an event. */
function unevenClock(follows: readonly EdgeKind[]): Bag<number> {
  const text = (event: BagEvent) =>
    `${event.id} ${event.kind} ${String(event.participant)} ${event.choice === undefined ? "" : describeChoice(event.choice)}`;
  return { ...clock(follows), at: (value, event) => value + text(event).length + (event.id % 7) };
}

/** The causal past: the set of all events from which a path of followed edges leads here. */
function past(follows: readonly EdgeKind[]): Bag<Set<number>> {
  return defineBag<Set<number>>({
    name: "past",
    empty: Set(),
    follows,
    join: (a, b) => a.union(b),
    at: (value, event) => value.add(event.id),
  });
}

/** What was emitted on the way here. */
function tuples(follows: readonly EdgeKind[]): Bag<Set<string>> {
  return defineBag<Set<string>>({
    name: "tuples",
    empty: Set(),
    follows,
    join: (a, b) => a.union(b),
    emitted: (value, tracepoint, fields) => value.add(`${tracepoint} ${encode(fields)}`),
  });
}

bagContract(clock(everyEdge), fc.nat());
bagContract(
  past(everyEdge),
  fc.array(fc.nat(5)).map((items) => Set(items)),
);
bagContract(
  tuples(everyEdge),
  fc.array(fc.string()).map((items) => Set(items)),
);

const strategies: readonly ((seed: number) => StrategyFor)[] = [timed, randomly, firstInOrder, rounds];

function onRuns(numRuns: number, law: (system: System, strategy: StrategyFor, follows: EdgeKind[]) => void): void {
  fc.assert(
    fc.property(
      harmlessPlans,
      fc.nat(),
      fc.subarray([...everyEdge]),
      fc.constantFrom(...strategies),
      (plan, n, follows, make) => {
        law(compile(scenarioOf(plan)), make(n), follows);
      },
    ),
    { seed, numRuns },
  );
}

function traced(system: System, strategy: StrategyFor, bags: readonly AnyBag[]): Trace {
  return run(system, strategy, { maxSteps, trace: "events", bags }).trace as Trace;
}

/** The events from which an edge that is followed leads to this one, told from the trace's columns. */
function followed(trace: Trace, event: number, follows: readonly EdgeKind[]): number[] {
  const edges: [number, EdgeKind][] = [
    [trace.causes.get(event), trace.via(event)],
    [trace.previous.get(event), "program"],
    [trace.stored.get(event) ?? none, "storage"],
  ];
  return edges.flatMap(([cause, via]) => (cause !== none && follows.includes(via) ? [cause] : []));
}

test("a clock along any edges is what the recorded graph says offline: one more than the greatest of its causes", () => {
  onRuns(150, (system, strategy, follows) => {
    const bag = clock(follows);
    const trace = traced(system, strategy, [bag]);
    const times: number[] = [];
    for (let event = 0; event < trace.length; event += 1) {
      times.push(1 + Math.max(0, ...followed(trace, event, follows).map((cause) => times[cause] as number)));
    }
    expect(times.map((_, event) => trace.bagAt(bag, event))).toEqual(times);
  });
});

test("the causal past that a bag gathers is the transitive closure of the recorded edges", () => {
  onRuns(100, (system, strategy, follows) => {
    const bag = past(follows);
    const trace = traced(system, strategy, [bag]);
    const pasts: Set<number>[] = [];
    for (let event = 0; event < trace.length; event += 1) {
      pasts.push(Set.union(followed(trace, event, follows).map((cause) => pasts[cause] as Set<number>)).add(event));
    }
    expect(pasts.map((_, event) => encode(trace.bagAt(bag, event)))).toEqual(pasts.map(encode));
  });
});

test("an event's causes come before it", () => {
  onRuns(80, (system, strategy) => {
    const trace = traced(system, strategy, []);
    for (let event = 0; event < trace.length; event += 1) {
      for (const { event: cause } of trace.causesOf(event)) expect(cause).toBeLessThan(event);
    }
  });
});

test("a bag in a typed column, worked out when it is asked for, has the values that it has when it travels along", () => {
  onRuns(60, (system, strategy, follows) => {
    const [plain, columned] = [unevenClock(follows), { ...unevenClock(follows), column: "int32" } as const];
    const trace = traced(system, strategy, [plain, columned]);
    for (let event = 0; event < trace.length; event += 1) {
      expect(trace.bagAt(columned, event)).toBe(trace.bagAt(plain, event));
    }
  });
});

test("observers interfere with nothing: with and without them, all strategies take the same choices to equal worlds", () => {
  onRuns(200, (system, strategy) => {
    const bare = run(system, strategy, { maxSteps });
    const observed = run(system, strategy, {
      maxSteps,
      trace: "details",
      bags: [clock(everyEdge), past(everyEdge), tuples(["message"])],
    });
    expect(namesOf(observed.choices)).toEqual(namesOf(bare.choices));
    expect(encodeWorld(observed.world)).toBe(encodeWorld(bare.world));
    expect(observed.end).toBe(bare.end);
  });
});

test("tools are independent: another tool beside it changes no value of a bag", () => {
  onRuns(100, (system, strategy, follows) => {
    const [one, two, three] = [tuples(follows), past(everyEdge), clock(everyEdge)];
    const alone = traced(system, strategy, [one]);
    const beside = traced(system, strategy, [two, one, three]);
    for (let event = 0; event < alone.length; event += 1) {
      expect(encode(beside.bagAt(one, event))).toBe(encode(alone.bagAt(one, event)));
    }
  });
});

test("contexts do not depend on the schedule: two adjacent independent steps, exchanged, have the contexts they had", () => {
  let exchanged = 0;
  fc.assert(
    fc.property(harmlessPlans, fc.nat(), fc.nat(30), fc.subarray([...everyEdge]), (plan, n, position, follows) => {
      const system = compile(scenarioOf(plan));
      const names = namesOf(run(system, randomly(n), { maxSteps: 40 }).choices);
      const at = position % Math.max(1, names.length - 1);
      const [first, second] = [names[at], names[at + 1]];
      if (first === undefined || second === undefined) return;
      const swapped = [...names.slice(0, at), second, first, ...names.slice(at + 2)];
      const bags = [clock(follows), tuples(follows)] as const;
      const here = run(system, replaying(names), { maxSteps: 100, trace: "events", bags });
      const there = run(system, replaying(swapped), { maxSteps: 100, trace: "events", bags });
      const [one, other] = [here.trace as Trace, there.trace as Trace];
      const event = one.initialEvents + at;
      if (there.choices.length !== names.length || encodeWorld(here.world) !== encodeWorld(there.world)) return;
      if (one.participants.get(event) === one.participants.get(event + 1)) return;
      exchanged += 1;
      const moved = (i: number) => (i === event ? event + 1 : i === event + 1 ? event : i);
      for (let i = 0; i < one.length; i += 1) {
        for (const bag of bags)
          expect(encode(other.bagAt(bag as Bag<unknown>, moved(i)))).toBe(encode(one.bagAt(bag as Bag<unknown>, i)));
      }
    }),
    { seed, numRuns: 500 },
  );
  expect(exchanged).toBeGreaterThan(60);
});

const [a, b, c] = [nodeId("a"), nodeId("b"), nodeId("c")];

/** A node that passes every message on, and emits its own name first if it `marks`. */
function relay(to: ReturnType<typeof nodeId> | null, marks: boolean, more: Partial<AnyNode> = {}): AnyNode {
  const own = (context: Context) => (marks ? [emit("mark", { by: context.self })] : []);
  return {
    role: "relay",
    start: () => become(0),
    onMessage: {
      go: (state: number, message: { readonly kind: string }, _from: never, context: Context) =>
        become(state + 1, ...own(context), ...(to === null ? [] : [send(to, message)])),
    },
    onTimer: {
      tick: (state: number, context: Context) =>
        become(state + 1, ...own(context), ...(to === null ? [] : [send(to, { kind: "go" })])),
    },
    recover: () => become(0),
    ...more,
  } as AnyNode;
}

test("what one node puts into a bag crosses nodes that know nothing of it, and merges there with what others put in", () => {
  const start = (context: Context) => become(0, emit("mark", { by: context.self }), send(b, { kind: "go" }));
  const bag = tuples(["message"]);
  const system = systemOf({ nodes: { a: relay(b, false, { start }), b: relay(c, false), c: relay(null, false) } });
  const { trace } = replay(system, ["deliver @a->@b {kind:'go'}", "deliver @b->@c {kind:'go'}"], [bag]);
  expect([3, 4].map((event) => trace.bagAt(bag, event).toArray())).toEqual([["mark {by:@a}"], ["mark {by:@a}"]]);
});

test("a bag that follows messages alone does not go on from one message to the next on a node", () => {
  const system = systemOf({
    nodes: {
      a: relay(null, true, { start: () => become(0, setTimer("tick", 1)) }),
      b: relay(a, true, { start: () => become(0, setTimer("tick", 1)) }),
    },
  });
  const [request, program] = [tuples(["message"]), tuples(["message", "program"])];
  const names = ["fire @a tick", "fire @b tick", "deliver @b->@a {kind:'go'}"];
  const { trace } = replay(system, names, [request, program]);
  expect(trace.bagAt(request, 4).toArray()).toEqual(["mark {by:@b}"]);
  expect(trace.bagAt(program, 4).toArray().sort()).toEqual(["mark {by:@a}", "mark {by:@b}"]);
});

test("a send carries the context at its place among the effects", () => {
  const start = () => become(0, send(b, { kind: "go" }), emit("mark", { by: a }), send(c, { kind: "go" }));
  const bag = tuples(["message"]);
  const system = systemOf({
    nodes: { a: relay(null, false, { start }), b: relay(null, false), c: relay(null, false) },
  });
  const { trace } = replay(system, ["deliver @a->@b {kind:'go'}", "deliver @a->@c {kind:'go'}"], [bag]);
  expect([3, 4].map((event) => trace.bagAt(bag, event).size)).toEqual([0, 1]);
});

test("a message that is delivered twice counts its tuples once", () => {
  const start = (context: Context) => become(0, emit("mark", { by: context.self }), send(b, { kind: "go" }));
  const bag = tuples(["message", "duplicate", "program"]);
  const system = systemOf({
    nodes: { a: relay(b, false, { start }), b: relay(c, false), c: relay(null, false) },
    faults: { duplicate: 1 },
  });
  const go = "deliver @a->@b {kind:'go'}";
  const on = "deliver @b->@c {kind:'go'}";
  const { trace } = replay(system, ["duplicate @a->@b {kind:'go'}", go, go, on, on], [bag]);
  expect(trace.bagAt(bag, trace.length - 1).toArray()).toEqual(["mark {by:@a}"]);
});

test("after a crash and recovery a node's context is what was stored with its durable data, and nothing else", () => {
  const start = () => become(0, emit("before", {}), save(1), emit("after", {}));
  const system = systemOf({
    nodes: { a: relay(null, true, { start }), b: relay(a, false, { start: () => become(0, setTimer("tick", 1)) }) },
    faults: { crash: 1, recover: 1 },
  });
  const bag = tuples(["message", "program", "storage"]);
  const names = ["fire @b tick", "crash @a", "recover @a", "deliver @b->@a {kind:'go'}"];
  const { trace } = replay(system, names, [bag]);
  expect(trace.causesOf(4)).toEqual([
    { event: 3, via: "fault" },
    { event: 0, via: "storage" },
  ]);
  expect([4, 5].map((event) => trace.bagAt(bag, event).toArray())).toEqual([["before {}"], ["before {}"]]);
  const without = tuples(["message", "program"]);
  expect(replay(system, names, [without]).trace.bagAt(without, 4).toArray()).toEqual([]);
});

test("a bag that was not installed is asked for in vain, with the remedy", () => {
  const bag = clock(everyEdge);
  const { trace } = replay(systemOf({ nodes: { a: relay(null, false) } }), []);
  expect(() => trace.bagAt(bag, 0)).toThrow(
    'The bag "clock" was not installed in this run; list it among the run\'s bags.',
  );
});

/** An active bag: whether the request was marked as urgent. */
function urgent(follows: readonly EdgeKind[]): Bag<boolean> {
  return defineBag<boolean>({
    name: "urgent",
    empty: false,
    follows,
    join: (one, other) => one || other,
    emitted: (value, tracepoint) => value || tracepoint === "urgent",
    active: true,
  });
}

test("an active bag is read by the nodes that declare it, and by no others", () => {
  const bag = urgent(["message"]);
  const reading = (reads: boolean): AnyNode =>
    ({
      role: "reader",
      start: () => become(""),
      onMessage: {
        go: (_state: string, _message: never, _from: never, context: Context) => become(`urgent: ${context.read(bag)}`),
      },
      ...(reads ? { reads: [bag] } : {}),
    }) as unknown as AnyNode;
  const start = () => become(0, send(b, { kind: "go" }), emit("urgent"), send(b, { kind: "go" }));
  const system = systemOf({ nodes: { a: relay(null, false, { start }), b: reading(true), c: reading(false) } });
  const [calm, hurried] = [false, true].map((value) => `deliver @a->@b {kind:'go'} with {'urgent':${value}}`) as [
    string,
    string,
  ];

  expect(offered(system, after(system))).toEqual([calm, hurried]);
  expect(stateOf(system, after(system, calm), "b")).toBe("urgent: false");
  expect(stateOf(system, after(system, calm, hurried), "b")).toBe("urgent: true");
  const undeclared = systemOf({
    nodes: {
      a: relay(null, false, { start: () => become(0, send(c, { kind: "go" })) }),
      b: reading(true),
      c: reading(false),
    },
  });
  expect(() => after(undeclared, "deliver @a->@c {kind:'go'} with {'urgent':false}")).toThrow(
    "onMessage.go of node c threw InvalidScenario: The scenario small cannot be used: the node c reads a bag that it does not declare in `reads`.",
  );
});

test.each<[EdgeKind, (mark: boolean) => Partial<AnyNode>, string[]]>([
  ["timer", (mark) => ({ start: () => become(0, ...marked(mark), setTimer("tick", 1)) }), []],
  [
    "choice",
    (mark) => ({ start: () => become(0, ...marked(mark), { kind: "choose", label: "pick", options: [1] }) }),
    [],
  ],
  ["storage", (mark) => ({ start: () => become(0, ...marked(mark), save(1)) }), []],
  ["storage", (mark) => ({ start: () => become(0, ...marked(mark), { kind: "save-later", value: 1 }) }), []],
  ["program", (mark) => ({ start: () => become(0, ...marked(mark)) }), []],
  ["message", (mark) => ({ start: () => become(0, ...marked(mark), send(b, { kind: "go" })) }), []],
])(
  "what an active bag carries along %s edges is part of a world's identity, but an observer's values are not",
  (kind, node, names) => {
    const text = (mark: boolean, follows: readonly EdgeKind[], active: boolean) => {
      const bag = urgent(follows);
      const extra = { onChoice: { pick: (state: number) => become(state) }, ...node(mark) };
      const parts = { nodes: { a: relay(null, false, extra), b: relay(null, false, active ? { reads: [bag] } : {}) } };
      return encodeWorld(after(systemOf(parts), ...names));
    };
    expect(text(true, [kind], true)).not.toBe(text(false, [kind], true));
    expect(text(true, [], true)).toBe(text(false, [], true));
    expect(text(true, [kind], false)).toBe(text(false, [kind], false));
  },
);

function marked(mark: boolean) {
  return mark ? [emit("urgent")] : [];
}

test("worlds that differ in what an active bag carries by a timer are two, as their handlers would read different values", () => {
  const bag = urgent(["timer"]);
  const reader = {
    role: "reader",
    start: () => become("", { kind: "choose", label: "pick", options: [true, false] } as const),
    onMessage: {},
    onChoice: { pick: (_state: string, mark: boolean) => become("waiting", ...marked(mark), setTimer("tick", 1)) },
    onTimer: { tick: (_state: string, context: Context) => become(`urgent: ${context.read(bag)}`) },
    reads: [bag],
  } as unknown as AnyNode;
  const met = explore(systemOf({ nodes: { a: reader } }), 100);
  expect(met?.size).toBe(5);
});

test("the network's copy of a message carries, and is named by, what the bag has at the copying", () => {
  const bag = urgent(["message"]);
  const start = () => become(0, emit("urgent"), send(b, { kind: "go" }));
  const system = systemOf({
    nodes: { a: relay(null, false, { start }), b: relay(null, false, { reads: [bag] }) },
    faults: { duplicate: 1 },
  });
  // The bag does not follow `duplicate`, so the copy is not urgent.
  expect(offered(system, after(system, "duplicate @a->@b {kind:'go'} with {'urgent':true}"))).toEqual([
    "deliver @a->@b {kind:'go'} with {'urgent':false}",
    "deliver @a->@b {kind:'go'} with {'urgent':true}",
  ]);
});
