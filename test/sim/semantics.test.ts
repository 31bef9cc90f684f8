import { List } from "immutable";
import { expect, test } from "vitest";
import { cancelTimer, choose, type Effect, emit, reply, save, saveLater, send, setTimer } from "../../sim/effect.js";
import { type FaultBudget, split } from "../../sim/fault.js";
import type { Message, Sender } from "../../sim/message.js";
import { defineMonitor, type Observation } from "../../sim/monitor.js";
import type { LinkOrder } from "../../sim/network.js";
import { type AnyNode, become, type Context } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import type { System } from "../../sim/system.js";
import { encodeWorld, type World } from "../../sim/world.js";
import { following, inOrder, operation, type Workload } from "../../sim/workload.js";
import { after, offered, type Parts, replay, stateOf, systemOf } from "./following.js";

const [a, b] = [nodeId("a"), nodeId("b")];

interface Text extends Message {
  readonly text: string;
}
const say = (text: string): Text => ({ kind: "say", text });
const told = (text: string) => `{kind:'say',text:'${text}'}`;

/** A node that remembers all that it hears, and asks for these effects at the start. */
function hearing(...effects: readonly Effect[]): AnyNode {
  const heard = (state: List<string>, text: string) => become(state.push(text));
  return {
    role: "node",
    start: () => become(List<string>(), ...effects),
    onMessage: {
      say: (state: List<string>, message: Text) => heard(state, message.text),
      echo: (state: List<string>, message: Text, from: Sender) =>
        become(state.push(message.text), reply(from, message)),
    },
    onTimer: {
      one: (state: List<string>) => heard(state, "one"),
      two: (state: List<string>) => heard(state, "two"),
      three: (state: List<string>) => heard(state, "three"),
    },
    onChoice: {
      pick: (state: List<string>, option: string) => heard(state, option),
      again: (state: List<string>, option: string) =>
        become(state.push(option), ...(option === "more" ? [choose("again", ["more", "stop"])] : [])),
      quit: (state: List<string>, option: string) => become(state.push(option), choose("pick", [])),
    },
    recover: (saved: unknown) => become(List([`saved ${String(saved ?? "nothing")}`])),
  } as AnyNode;
}

function heard(system: System, node: string, ...names: readonly string[]): string[] {
  return [...(stateOf(system, after(system, ...names), node) as List<string>)];
}

/** `a` sends these texts to `b` at the start, over a link of this order. */
function talking(order: LinkOrder, texts: readonly string[], more: Partial<Parts> = {}): System {
  return systemOf({
    nodes: { a: hearing(...texts.map((text) => send(b, say(text)))), b: hearing() },
    links: order,
    ...more,
  });
}

const deliver = (text: string) => `deliver @a->@b ${told(text)}`;

test("a fifo link offers its first message alone, until it is delivered", () => {
  const system = talking("fifo", ["1", "2", "1"]);
  expect(offered(system, after(system))).toEqual([deliver("1")]);
  expect(offered(system, after(system, deliver("1")))).toEqual([deliver("2")]);
  expect(heard(system, "b", deliver("1"), deliver("2"), deliver("1"))).toEqual(["1", "2", "1"]);
});

test("a link of any order offers each content once, and delivers it as often as it was sent", () => {
  const system = talking("any", ["2", "1", "2"]);
  expect(offered(system, after(system))).toEqual([deliver("1"), deliver("2")]);
  expect(offered(system, after(system, deliver("2")))).toEqual([deliver("1"), deliver("2")]);
  expect(offered(system, after(system, deliver("2"), deliver("2"), deliver("1")))).toEqual([]);
});

test("a set link keeps one of each content, and delivers it as often as one likes", () => {
  const system = talking("set", ["1", "1"]);
  expect(after(system).network.queue(0, 1)).toHaveLength(1);
  expect(heard(system, "b", deliver("1"), deliver("1"), deliver("1"))).toEqual(["1", "1", "1"]);
});

test("links are independent: each direction and pair has a queue of its own", () => {
  const system = systemOf({
    nodes: { a: hearing(send(b, say("1")), send(a, say("self"))), b: hearing(send(a, say("2"))) },
    links: "fifo",
  });
  expect(offered(system, after(system))).toEqual([
    `deliver @a->@a ${told("self")}`,
    `deliver @b->@a ${told("2")}`,
    deliver("1"),
  ]);
});

test.each(["any", "fifo"] as const)(
  "of equal messages on a link of order %s, the one sent first is delivered first",
  (order) => {
    const sender = { ...hearing(setTimer("three", 3), setTimer("two", 2)) } as AnyNode;
    const onTimer = Object.fromEntries(
      ["two", "three"].map((name) => [name, (state: List<string>) => become(state, send(b, say("same")))]),
    );
    const system = systemOf({
      nodes: { a: { ...sender, onTimer } as AnyNode, b: hearing() },
      links: order,
      faults: { drop: 1, duplicate: 1 },
    });
    const causes = (...names: string[]) => {
      const { trace } = replay(system, ["fire @a two", "fire @a three", ...names]);
      // Events 0 and 1 are the starts, 2 and 3 the firings.
      return names.map((_, i) => trace.causes.get(4 + i));
    };
    expect(causes(deliver("same"), deliver("same"))).toEqual([2, 3]);
    expect(causes(`drop @a->@b ${told("same")}`, deliver("same"))).toEqual([2, 3]);
    expect(causes(`duplicate @a->@b ${told("same")}`, deliver("same"), deliver("same"), deliver("same"))).toEqual([
      2, 2, 4, 3,
    ]);
  },
);

test("faults are offered only while their budget lasts, and each takes one unit of its own", () => {
  const offers = (faults: FaultBudget, ...names: string[]) => {
    const system = talking("fifo", ["1", "2"], { faults });
    return offered(system, after(system, ...names)).filter((name) => !name.startsWith("deliver"));
  };
  expect(offers({})).toEqual([]);
  expect(offers({ drop: 1, duplicate: 1, delay: 1 })).toEqual(
    ["drop", "duplicate", "delay"].map((kind) => `${kind} @a->@b ${told("1")}`),
  );
  expect(offers({ drop: 1 }, `drop @a->@b ${told("1")}`)).toEqual([]);
  expect(offers({ drop: 2 }, `drop @a->@b ${told("1")}`)).toEqual([`drop @a->@b ${told("2")}`]);
  expect(offers({ drop: "any" }, `drop @a->@b ${told("1")}`)).toEqual([`drop @a->@b ${told("2")}`]);
});

test("a limited budget is part of a world's identity, an unlimited one is not", () => {
  const texts = (drop: number | "any") => {
    const system = talking("any", ["1", "2"], { faults: { drop } });
    return [
      encodeWorld(after(system, `drop @a->@b ${told("1")}`, `drop @a->@b ${told("2")}`)),
      encodeWorld(after(talking("any", [], { faults: { drop } }))),
    ];
  };
  const [spent, unspent] = texts(2);
  expect(spent).not.toBe(unspent);
  const [some, none] = texts("any");
  expect(some).toBe(none);
});

test("a dropped message is lost, a duplicated one is delivered twice", () => {
  const system = talking("fifo", ["1", "2"], { faults: { drop: 1, duplicate: 1 } });
  expect(heard(system, "b", `drop @a->@b ${told("1")}`, deliver("2"))).toEqual(["2"]);
  expect(heard(system, "b", `duplicate @a->@b ${told("1")}`, deliver("1"), deliver("1"), deliver("2"))).toEqual([
    "1",
    "1",
    "2",
  ]);
});

test("a delayed message leaves its queue and may be overtaken, dropped, but not duplicated or delayed again", () => {
  const system = talking("fifo", ["1", "2", "3"], { faults: { delay: 2, drop: 1, duplicate: 1 } });
  const delay = `delay @a->@b ${told("1")}`;
  const late = `deliver delayed @a->@b ${told("1")}`;
  expect(offered(system, after(system, delay))).toEqual([
    deliver("2"),
    late,
    ...["drop", "duplicate", "delay"].map((kind) => `${kind} @a->@b ${told("2")}`),
    `drop delayed @a->@b ${told("1")}`,
  ]);
  expect(heard(system, "b", delay, deliver("2"), late, deliver("3"))).toEqual(["2", "1", "3"]);
});

test("a request is answered by an error only at a declared boundary, and the answer carries its call back", () => {
  const system = systemOf({
    nodes: { a: hearing(), b: hearing() },
    workload: {
      c: following((results) =>
        results.size < 2 ? operation(a, { kind: "echo", text: String(results.size) } as Text) : null,
      ),
    },
    faults: { error: 1 },
    errors: [{ role: "node", kinds: ["echo"], reply: say("failed") }],
  });
  const failing = "error @c->@a {kind:'echo',text:'0'} for {client:@c,index:0}";
  expect(offered(system, after(system, "invoke @c:0"))).toContain(failing);
  const world = after(system, "invoke @c:0", failing);
  expect(offered(system, world)).toEqual([`deliver @a->@c ${told("failed")} for {client:@c,index:0}`]);
  const answered = after(system, "invoke @c:0", failing, `deliver @a->@c ${told("failed")} for {client:@c,index:0}`);
  expect(answered.clients[0]).toMatchObject({ next: 1, open: undefined, results: List([say("failed")]) });
  expect(stateOf(system, answered, "a")).toEqual(List());
  expect(
    offered(
      talking("any", ["1"], { faults: { error: 1 }, errors: [{ role: "node", kinds: ["echo"], reply: say("x") }] }),
      after(talking("any", ["1"])),
    ),
  ).toEqual([deliver("1")]);
});

test("a partition holds back what crosses its cuts, in their direction, until it heals; healing is free", () => {
  const both = () => ({ a: hearing(send(b, say("1"))), b: hearing(send(a, say("2"))) });
  const system = systemOf({
    nodes: both(),
    faults: { partition: 1, drop: 1 },
    partitions: [{ name: "deaf b", cuts: [{ from: a, to: b }] }],
  });
  const cut = after(system, "partition deaf b");
  expect(offered(system, cut)).toEqual([
    `deliver @b->@a ${told("2")}`,
    `drop @b->@a ${told("2")}`,
    `drop @a->@b ${told("1")}`,
    "heal",
  ]);
  expect(offered(system, after(system, "partition deaf b", "heal"))).toContain(deliver("1"));
  expect(offered(system, after(system, "partition deaf b", "heal"))).not.toContain("partition deaf b");
  expect(offered(system, after(system))).not.toContain("heal");
});

test("partitions add up, and one healing ends them all", () => {
  const system = systemOf({
    nodes: { a: hearing(send(b, say("1"))), b: hearing(send(a, say("2"))) },
    faults: { partition: "any" },
    partitions: [
      { name: "left", cuts: [{ from: a, to: b }] },
      { name: "right", cuts: [{ from: b, to: a }] },
    ],
  });
  expect(offered(system, after(system, "partition right", "partition left"))).toEqual(["heal"]);
  expect(encodeWorld(after(system, "partition right", "partition left"))).toBe(
    encodeWorld(after(system, "partition left", "partition right")),
  );
  expect(encodeWorld(after(system, "partition left", "partition right", "heal"))).toBe(encodeWorld(after(system)));
});

test("a split cuts both directions between two groups", () => {
  expect(split("s", [a], [b]).cuts).toEqual([
    { from: a, to: b },
    { from: b, to: a },
  ]);
});

test("a crash loses state, timers, pending choices and what is not flushed; what was saved or sent stays", () => {
  const system = systemOf({
    nodes: {
      a: hearing(save("kept"), saveLater("lost"), setTimer("one", 1), choose("pick", ["x"]), send(b, say("sent"))),
      b: hearing(),
    },
    faults: { crash: 1, recover: 1 },
  });
  expect(offered(system, after(system))).toEqual([
    "fire @a one",
    "choose @a pick 'x'",
    "flush @a",
    deliver("sent"),
    "crash @a",
    "crash @b",
  ]);
  const down = after(system, "crash @a");
  expect(down.nodes[0]).toMatchObject({ up: false, state: null, timers: [], pending: [], unflushed: undefined });
  expect(offered(system, down)).toEqual([deliver("sent"), "recover @a"]);
  expect(heard(system, "a", "crash @a", "recover @a")).toEqual(["saved kept"]);
  expect(heard(system, "a", "flush @a", "crash @a", "recover @a")).toEqual(["saved lost"]);
});

test("a node that never saved recovers from undefined; one without `recover` stays down", () => {
  const faults = { crash: 2, recover: 2 };
  const system = systemOf({ nodes: { a: hearing() }, faults });
  expect(heard(system, "a", "crash @a", "recover @a")).toEqual(["saved nothing"]);
  const mortal: AnyNode = { role: "node", start: () => become(List<string>()), onMessage: {} };
  const without = systemOf({ nodes: { a: mortal }, faults });
  expect(offered(without, after(without, "crash @a"))).toEqual([]);
});

test("what reaches a node that is down is lost, and said to be so in the trace", () => {
  const system = talking("any", ["1"], { faults: { crash: 1, recover: 1 } });
  expect(heard(system, "b", "crash @b", deliver("1"), "recover @b")).toEqual(["saved nothing"]);
  const { trace } = replay(system, ["crash @b", deliver("1")]);
  expect([trace.kind(3), String(trace.participant(3)), trace.causesOf(3)]).toEqual([
    "lost",
    "b",
    [{ event: 0, via: "message" }],
  ]);
});

test("what is sent to a node that is down and recovers before the delivery arrives", () => {
  const system = talking("any", ["1"], { faults: { crash: 1, recover: 1 } });
  expect(heard(system, "b", "crash @b", "recover @b", deliver("1"))).toEqual(["saved nothing", "1"]);
});

test("a later save makes pointless what was to be saved later; saving later again replaces it", () => {
  const system = systemOf({
    nodes: { a: hearing(saveLater("1"), saveLater("2")), b: hearing(saveLater("1"), save("2")) },
    faults: { crash: 2, recover: 2 },
  });
  expect(offered(system, after(system)).filter((name) => name.startsWith("flush"))).toEqual(["flush @a"]);
  expect(heard(system, "a", "flush @a", "crash @a", "recover @a")).toEqual(["saved 2"]);
  expect(heard(system, "b", "crash @b", "recover @b")).toEqual(["saved 2"]);
});

test.each<[readonly [string, number][], readonly string[]]>([
  [
    [
      ["one", 1],
      ["two", 2],
      ["three", 3],
    ],
    ["one"],
  ],
  [
    [
      ["three", 3],
      ["two", 2],
      ["one", 1],
    ],
    ["one", "three", "two"],
  ],
  [
    [
      ["one", 2],
      ["two", 2],
    ],
    ["one"],
  ],
  [
    [
      ["two", 2],
      ["three", 3],
      ["one", 1],
    ],
    ["one", "two"],
  ],
  [
    [
      ["one", 1],
      ["one", 5],
      ["two", 3],
    ],
    ["one", "two"],
  ],
  [
    [
      ["one", 5],
      ["two", 3],
      ["one", 4],
    ],
    ["two"],
  ],
])("with the timers %j set in this order, %j may fire", (timers, fireable) => {
  const system = systemOf({ nodes: { a: hearing(...timers.map(([name, delay]) => setTimer(name, delay))) } });
  expect(offered(system, after(system))).toEqual(fireable.map((name) => `fire @a ${name}`));
});

test("firing a timer removes it, and lets those behind it fire; cancelling removes it, too", () => {
  const system = systemOf({ nodes: { a: hearing(setTimer("one", 1), setTimer("two", 2)) } });
  expect(heard(system, "a", "fire @a one", "fire @a two")).toEqual(["one", "two"]);
  expect(offered(system, after(system, "fire @a one", "fire @a two"))).toEqual([]);
  const cancelled = systemOf({
    nodes: { a: hearing(setTimer("one", 1), setTimer("two", 2), cancelTimer("one"), cancelTimer("three")) },
  });
  expect(offered(cancelled, after(cancelled))).toEqual(["fire @a two"]);
});

test("the order of setting and the delays of timers are part of a world's identity", () => {
  const world = (...timers: Effect[]) => encodeWorld(after(systemOf({ nodes: { a: hearing(...timers) } })));
  expect(world(setTimer("one", 2), setTimer("two", 1))).not.toBe(world(setTimer("two", 1), setTimer("one", 2)));
  expect(world(setTimer("one", 2))).not.toBe(world(setTimer("one", 1)));
});

test("a choice offers its options, each once, in canonical order, and never blocks", () => {
  const system = systemOf({ nodes: { a: hearing(choose("pick", ["y", "x", "y"]), send(a, say("1"))) } });
  expect(offered(system, after(system))).toEqual([
    `deliver @a->@a ${told("1")}`,
    "choose @a pick 'x'",
    "choose @a pick 'y'",
  ]);
});

test("asking again replaces a choice, asking for nothing withdraws it, and labels do not touch each other", () => {
  const offers = (...effects: Effect[]) => {
    const system = systemOf({ nodes: { a: hearing(...effects) } });
    return offered(system, after(system));
  };
  expect(offers(choose("pick", ["x"]), choose("pick", ["y"]))).toEqual(["choose @a pick 'y'"]);
  expect(offers(choose("pick", ["x"]), choose("pick", []))).toEqual([]);
  expect(offers(choose("pick", ["x"]), choose("again", ["stop"]))).toEqual([
    "choose @a again 'stop'",
    "choose @a pick 'x'",
  ]);
  expect(offers(choose("pick", ["x"]), choose("again", []))).toEqual(["choose @a pick 'x'"]);
});

test("taking an option removes the choice before its handler runs, which may ask again or withdraw another", () => {
  const system = systemOf({
    nodes: { a: hearing(choose("again", ["more"]), choose("pick", ["x"]), choose("quit", ["q"])) },
  });
  expect(offered(system, after(system, "choose @a pick 'x'"))).toEqual([
    "choose @a again 'more'",
    "choose @a quit 'q'",
  ]);
  expect(offered(system, after(system, "choose @a again 'more'"))).toContain("choose @a again 'stop'");
  expect(offered(system, after(system, "choose @a quit 'q'"))).toEqual(["choose @a again 'more'"]);
});

test("a delivery leaves pending choices as they are", () => {
  const system = systemOf({ nodes: { a: hearing(choose("pick", ["x"]), send(a, say("1"))) } });
  expect(offered(system, after(system, `deliver @a->@a ${told("1")}`))).toEqual(["choose @a pick 'x'"]);
});

test("a reply carries the call back, and a sender kept in the state can be answered later", () => {
  const server: AnyNode = {
    role: "server",
    start: () => become({ waiting: null as Sender | null }),
    onMessage: {
      echo: (_state: never, _message: never, from: Sender) => become({ waiting: from }, setTimer("answer", 1)),
    },
    onTimer: {
      answer: (state: { waiting: Sender }) => become({ waiting: null }, reply(state.waiting, say("late"))),
    },
  };
  const asking = {
    ...hearing(),
    start: () => become(List(), send(b, { kind: "echo" }, { call: { my: "tag" } })),
  } as AnyNode;
  const system = systemOf({
    nodes: { a: asking, b: server },
    workload: { c: inOrder(operation(b, { kind: "echo" })) },
  });
  expect(offered(system, after(system, "deliver @a->@b {kind:'echo'} for {my:'tag'}", "fire @b answer"))).toContain(
    `deliver @b->@a ${told("late")} for {my:'tag'}`,
  );
  expect(
    offered(
      system,
      after(system, "invoke @c:0", "deliver @c->@b {kind:'echo'} for {client:@c,index:0}", "fire @b answer"),
    ),
  ).toContain(`deliver @b->@c ${told("late")} for {client:@c,index:0}`);
});

const echo = (text: string): Message => ({ kind: "echo", text }) as Text;

test("a client waits for the answer to its open operation, and only this answer closes it", () => {
  const system = systemOf({
    nodes: { a: hearing(send(nodeId("c"), say("unasked"))) },
    workload: { c: inOrder(operation(a, echo("1")), operation(a, echo("2"))) },
    faults: { duplicate: 1 },
  });
  const request = "deliver @c->@a {kind:'echo',text:'1'} for {client:@c,index:0}";
  const answer = "deliver @a->@c {kind:'echo',text:'1'} for {client:@c,index:0}";
  expect(offered(system, after(system, "invoke @c:0")).filter((name) => name.startsWith("invoke"))).toEqual([]);
  const unasked = after(system, "invoke @c:0", `deliver @a->@c ${told("unasked")}`);
  expect(unasked.clients[0]).toMatchObject({ next: 1, open: { to: a } });
  const twice = ["invoke @c:0", request, answer.replace("deliver", "duplicate"), answer, "invoke @c:1", answer];
  expect(after(system, ...twice).clients[0]).toMatchObject({ next: 2, open: { message: echo("2") } });
});

test("giving up closes an operation as unknown; the client goes on, and the late answer changes nothing", () => {
  const seen: unknown[] = [];
  const system = systemOf({
    nodes: { a: hearing() },
    workload: {
      c: following((results) => {
        seen.push(results.toArray());
        return results.size < 2 ? operation(a, echo(String(results.size))) : null;
      }),
    },
    faults: { "give-up": 1 },
  });
  const request = "deliver @c->@a {kind:'echo',text:'0'} for {client:@c,index:0}";
  const answer = "deliver @a->@c {kind:'echo',text:'0'} for {client:@c,index:0}";
  expect(offered(system, after(system))).not.toContain("give-up @c:0");
  const given = after(system, "invoke @c:0", "give-up @c:0", "invoke @c:1", request, answer);
  expect(given.clients[0]).toMatchObject({ next: 2, open: { message: echo("1") }, results: List([null]) });
  expect(offered(system, given)).not.toContain("give-up @c:1");
  expect(seen).toContainEqual([null]);
});

test("results are part of a world's identity for a workload that is a function of them, and for no other", () => {
  const worlds = (workload: Workload) => {
    const system = systemOf({
      nodes: { a: hearing() },
      workload: { c: workload },
      faults: { error: "any" },
      errors: [{ role: "node", kinds: ["say"], reply: say("no") }],
    });
    const request = `@c->@a ${told("1")} for {client:@c,index:0}`;
    const answer = (text: string) => `deliver @a->@c ${told(text)} for {client:@c,index:0}`;
    const failed = after(system, "invoke @c:0", `error ${request}`, answer("no"));
    const given = { ...failed, clients: [{ ...failed.clients[0], results: List([null]), text: undefined }] };
    return [encodeWorld(failed), encodeWorld(given as World)];
  };
  const [answered, unknown] = worlds(following((results) => (results.size === 0 ? operation(a, say("1")) : null)));
  expect(answered).not.toBe(unknown);
  const listed = after(
    systemOf({ nodes: { a: hearing() }, workload: { c: inOrder(operation(a, say("1"))) } }),
    "invoke @c:0",
  );
  expect(listed.clients[0]?.results).toBeUndefined();
});

test("initial data is handled before the run, with effects on the node itself and on no other", () => {
  const system = systemOf({
    nodes: {
      a: {
        role: "node",
        start: () => become(List<string>()),
        onMessage: {
          fill: (state: List<string>, message: Text) =>
            become(
              state.push(message.text),
              send(b, say("never")),
              save(message.text),
              setTimer("one", 1),
              emit("filled"),
            ),
        },
        onTimer: { one: (state: List<string>) => become(state) },
      } as AnyNode,
      b: hearing(),
    },
    initial: { a: [{ kind: "fill", text: "x" } as Text, { kind: "fill", text: "y" } as Text] },
    monitors: [defineMonitor<List<string>>({ name: "m", start: List(), on: (kinds, event) => kinds.push(event.kind) })],
  });
  const world = after(system);
  expect(world.nodes[0]).toMatchObject({ state: List(["x", "y"]), stable: { value: "y" }, timers: [{ name: "one" }] });
  expect(offered(system, world)).toEqual(["fire @a one"]);
  expect(world.monitors).toEqual([List(["emit", "emit"])]);
  const { trace } = replay(system, []);
  expect(Array.from({ length: trace.length }, (_, i) => [trace.kind(i), String(trace.participant(i))])).toEqual([
    ["start", "a"],
    ["initial", "a"],
    ["initial", "a"],
    ["start", "b"],
  ]);
  expect(trace.initialEvents).toBe(4);
});

test("monitors see invocations, returns, giving up, what is emitted, and faults, in order", () => {
  const all: Observation["kind"][] = [];
  const system = systemOf({
    nodes: {
      a: {
        ...hearing(),
        onMessage: {
          echo: (state: List<string>, message: Text, from: Sender) => become(state, emit("got"), reply(from, message)),
        },
      } as AnyNode,
    },
    workload: { c: inOrder(operation(a, echo("1")), operation(a, echo("2"))) },
    faults: { duplicate: 1, drop: 1, crash: 1, recover: 1, "give-up": 1, partition: 1 },
    partitions: [{ name: "p", cuts: [] }],
    monitors: [
      defineMonitor<List<string>>({ name: "all", start: List(), on: (value, event) => value.push(event.kind) }),
    ],
  });
  const request = (kind: string) => `${kind} @c->@a {kind:'echo',text:'1'} for {client:@c,index:0}`;
  const world = after(
    system,
    "invoke @c:0",
    request("duplicate"),
    request("deliver"),
    request("drop"),
    "deliver @a->@c {kind:'echo',text:'1'} for {client:@c,index:0}",
    "invoke @c:1",
    "give-up @c:1",
    "crash @a",
    "recover @a",
    "partition p",
    "heal",
  );
  all.push(
    "invoke",
    "duplicate",
    "emit",
    "drop",
    "return",
    "invoke",
    "give-up",
    "crash",
    "recover",
    "partition",
    "heal",
  );
  expect(world.monitors).toEqual([List(all)]);
});

test("worlds have no step counter: independent steps in either order lead to the same world", () => {
  const system = systemOf({
    nodes: { a: hearing(setTimer("one", 1)), b: hearing(choose("pick", ["x"])) },
    workload: { c: inOrder(operation(a, echo("1"))), d: inOrder(operation(a, echo("1"))) },
  });
  const orders = [
    ["fire @a one", "choose @b pick 'x'", "invoke @c:0", "invoke @d:0"],
    ["invoke @d:0", "invoke @c:0", "choose @b pick 'x'", "fire @a one"],
  ];
  const [one, other] = orders.map((names) => encodeWorld(after(system, ...names)));
  expect(one).toBe(other);
});

test("effects are applied in their listed order", () => {
  const system = talking("fifo", ["1"]);
  const ordered = systemOf({
    nodes: {
      a: hearing(
        setTimer("one", 1),
        cancelTimer("one"),
        setTimer("two", 2),
        save("x"),
        save("y"),
        send(b, say("1")),
        send(b, say("2")),
      ),
      b: hearing(),
    },
    links: "fifo",
  });
  expect(after(ordered).nodes[0]).toMatchObject({ timers: [{ name: "two" }], stable: { value: "y" } });
  expect(offered(ordered, after(ordered))).toContain(deliver("1"));
  expect(offered(system, after(system))).toEqual([deliver("1")]);
});

test("a sender and a message are frozen, and so is a context", () => {
  const kept: { from?: Sender; message?: Message; context?: Context } = {};
  const system = systemOf({
    nodes: {
      a: {
        ...hearing(),
        onMessage: {
          echo: (state: List<string>, message: Text, from: Sender, context: Context) => {
            Object.assign(kept, { from, message, context });
            return become(state);
          },
        },
      } as AnyNode,
    },
    workload: { c: inOrder(operation(a, { kind: "echo", deep: { list: [] } } as Message)) },
  });
  after(system, "invoke @c:0", "deliver @c->@a {deep:{list:[]},kind:'echo'} for {client:@c,index:0}");
  expect(Object.isFrozen(kept.from)).toBe(true);
  expect(Object.isFrozen(kept.from?.call)).toBe(true);
  expect(Object.isFrozen(kept.context)).toBe(true);
  expect(Object.isFrozen((kept.message as unknown as { deep: { list: unknown } }).deep.list)).toBe(true);
});
