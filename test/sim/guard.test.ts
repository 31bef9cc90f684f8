import crypto, { randomBytes } from "node:crypto";
import { setTimeout as nodeTimeout } from "node:timers";
import { Map, Record } from "immutable";
import { expect, test } from "vitest";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { plainSearch } from "../../checker/search/plain.js";
import { choose, emit, reply, send, setTimer } from "../../sim/effect.js";
import { holdTraps } from "../../sim/guard.js";
import { defineMonitor } from "../../sim/monitor.js";
import { become, type Context, defineNode, type Reaction } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { always, sometimes, step } from "../../sim/property.js";
import { run } from "../../sim/run.js";
import { firstInOrder } from "../../sim/strategy/listing.js";
import type { System } from "../../sim/system.js";
import { following, inOrder } from "../../sim/workload.js";
import { type Parts, systemOf } from "./following.js";

const [a] = [nodeId("a")];

class Kept extends Record({ list: [] as number[] }) {}

/** A node whose `go` handler runs some code, asked by one client. */
function asked(code: () => unknown): System {
  const node = defineNode<number, { readonly kind: "go" }>({
    role: "node",
    start: () => become(0),
    onMessage: {
      go: (state) => {
        code();
        return become(state + 1);
      },
    },
  });
  return systemOf({ nodes: { a: node }, workload: { c: inOrder({ to: a, message: { kind: "go" } }) } });
}

function failureOf(system: System): string {
  const { end, failure } = run(system, firstInOrder(), { maxSteps: 100 });
  expect(end).toBe("crashed");
  return failure?.message ?? "";
}

const here = /guard\.test\.ts:\d+:\d+; /;

const leaks: readonly [used: string, code: () => unknown][] = [
  ["Date.now", () => Date.now()],
  ["new Date()", () => new Date()],
  ["Date()", () => Date()],
  ["Date's toLocaleString", () => new Date(0).toLocaleString()],
  ["Date's toLocaleDateString", () => new Date(0).toLocaleDateString("en", { year: "numeric" })],
  ["Date's toLocaleTimeString", () => new Date(0).toLocaleTimeString(undefined, { timeZone: "UTC" })],
  ["Intl.DateTimeFormat's format", () => new Intl.DateTimeFormat("en", { timeZone: "UTC" }).format()],
  ["Intl.DateTimeFormat's formatToParts", () => new Intl.DateTimeFormat("en").formatToParts()],
  ["performance.now", () => performance.now()],
  ["process.hrtime", () => process.hrtime()],
  ["process.hrtime.bigint", () => process.hrtime.bigint()],
  ["Math.random", () => Math.random()],
  ["setTimeout", () => setTimeout(() => {}, 0)],
  ["setTimeout", () => nodeTimeout(() => {}, 0)],
  ["setInterval", () => setInterval(() => {}, 1000)],
  ["setImmediate", () => setImmediate(() => {})],
  ["queueMicrotask", () => queueMicrotask(() => {})],
  ["process.nextTick", () => process.nextTick(() => {})],
  ["crypto.randomUUID", () => globalThis.crypto.randomUUID()],
  ["crypto.getRandomValues", () => globalThis.crypto.getRandomValues(new Uint8Array(4))],
  ["crypto.randomBytes", () => randomBytes(4)],
  ["crypto.randomInt", () => crypto.randomInt(10)],
  ["crypto.randomUUID", () => crypto.randomUUID()],
  ["crypto.randomFillSync", () => crypto.randomFillSync(new Uint8Array(4))],
  ["crypto.randomFill", () => crypto.randomFill(new Uint8Array(4), () => {})],
  ["a promise", () => new Promise(() => {})],
  ["a promise", () => Promise.resolve(1)],
  ["a promise", () => (async () => 1)()],
  ["a promise", () => Promise.reject(new Error("nobody awaits this"))],
];

test.each(leaks)("%s in a handler is refused, with node, handler, line and remedy", (used, code) => {
  const message = failureOf(asked(code));

  expect(message).toMatch(new RegExp(`^onMessage\\.go of node a uses ${used.replace(/[().]/g, "\\$&")} at /`));
  expect(message).toMatch(here);
  expect(message).toMatch(/(set a timer|choose\(label, options\)|use setTimer|give the language)/);
});

test.each(leaks)("%s that a handler catches and swallows is reported all the same", (used, code) => {
  const swallowing = asked(() => {
    try {
      code();
    } catch {
      // Pretends that nothing happened.
    }
  });

  expect(failureOf(swallowing)).toContain(`onMessage.go of node a uses ${used} at `);
});

test.each(leaks)("%s works outside user code, before, during and after a run", (_, code) => {
  const outcome = () => {
    const made = code();
    if (made instanceof Promise) made.catch(() => {});
    if (typeof made === "object" && made !== null && "unref" in made) clearTimeout(made as NodeJS.Timeout);
    if (typeof made === "object" && made !== null && "hasRef" in made) clearImmediate(made as NodeJS.Immediate);
  };
  outcome();
  const { end } = run(
    asked(() => 1),
    firstInOrder(),
    { maxSteps: 10, onWorld: outcome },
  );
  expect(end).toBe("quiescent");
  outcome();
});

test("a given date in a given language and time zone is text like any other", () => {
  const code = () => {
    new Date(0).toLocaleString("en", { timeZone: "UTC" });
    const format = new Intl.DateTimeFormat("en", { timeZone: "UTC" });
    return [format.format(0), format.formatToParts(0)];
  };
  expect(run(asked(code), firstInOrder(), { maxSteps: 100 }).end).toBe("quiescent");
});

test("the globals are the original ones after a run, and after one that failed", () => {
  const globals = () => [
    Date,
    Date.now,
    Math.random,
    setTimeout,
    queueMicrotask,
    process.nextTick,
    process.hrtime,
    process.hrtime.bigint,
    Object.getOwnPropertyDescriptor(globalThis, "setTimeout"),
    Object.getOwnPropertyDescriptor(globalThis.crypto, "randomUUID"),
    Object.getOwnPropertyDescriptor(performance, "now"),
    randomBytes,
    nodeTimeout,
  ];
  const before = globals();
  run(
    asked(() => 1),
    firstInOrder(),
    { maxSteps: 10 },
  );
  expect(globals()).toEqual(before);
  failureOf(asked(() => Date.now()));
  expect(globals()).toEqual(before);
  expect(() =>
    run(
      asked(() => 1),
      () => {
        throw new Error("a strategy's own");
      },
      { maxSteps: 10 },
    ),
  ).toThrow("a strategy's own");
  expect(globals()).toEqual(before);
});

test("a Date of a given time may be made in a handler: it does not differ from run to run", () => {
  const { end } = run(
    asked(() => new Date(0).getTime() + Date.UTC(2020, 1)),
    firstInOrder(),
    { maxSteps: 10 },
  );
  expect(end).toBe("quiescent");
});

test("after a leak was reported, the next run starts without it", () => {
  failureOf(asked(() => Date.now()));
  const { end } = run(
    asked(() => 1),
    firstInOrder(),
    { maxSteps: 10 },
  );
  expect(end).toBe("quiescent");
});

const quiet = defineNode<number, { readonly kind: "go" }>({
  role: "node",
  start: () => become(0),
  onMessage: { go: (state) => become(state + 1, emit("gone")) },
});

const request = { to: a, message: { kind: "go" } };
let counter = 0;

test.each<[string, RegExp, Partial<Parts>]>([
  ["start", /^start of node a uses Date\.now at /, { nodes: { a: { ...quiet, start: () => become(Date.now()) } } }],
  [
    "a timer's handler",
    /^onTimer\.tick of node a uses Math\.random at /,
    {
      nodes: {
        a: {
          ...quiet,
          start: () => become(0, setTimer("tick", 1)),
          onTimer: { tick: () => become(Math.random()) },
        },
      },
    },
  ],
  [
    "a property",
    /^The property "p" uses Date\.now at /,
    { properties: [always("p", () => (Date.now() > 0 ? true : "never"))] },
  ],
  [
    "a step property",
    /^The property "p" uses Math\.random at /,
    { properties: [step("p", () => (Math.random() < 2 ? true : "never"))] },
  ],
  [
    "a monitor",
    /^The monitor "m" uses Math\.random at /,
    { monitors: [defineMonitor<number>({ name: "m", start: 0, on: () => Math.random() })] },
  ],
  [
    "a workload",
    /^next of workload c uses Math\.random at /,
    { workload: { c: following(() => (Math.random() < 2 ? request : null)) } },
  ],
])("a leak in %s names its place, in a run and in a search", (_, place, parts) => {
  const system = systemOf({ nodes: { a: quiet }, workload: { c: inOrder(request) }, ...parts });

  expect(failureOf(system)).toMatch(place);
  expect(failureOf(system)).toMatch(here);
  const verdict = plainSearch(system, "breadth-first", { maxStates: 100, maxDepth: 100 }).advance(1000);
  expect(verdict).toMatchObject({ kind: "crashed", failure: { message: expect.stringMatching(place) as string } });
});

test.each<[string, () => unknown, RegExp]>([
  [
    "remembers outside of its value",
    () => {
      counter += 1;
      return { seen: counter };
    },
    /^The monitor "m" is not deterministic: called twice with the same value and event, it gives \d+ and then \d+ at seen\. Keep what it remembers in its value\.$/,
  ],
  [
    "gives what cannot be kept",
    () => Number.NaN,
    /^The monitor "m" gives a value that cannot be kept: The value is NaN; it is not equal to itself; use null\.$/,
  ],
])("a monitor that %s is told so", (_, on, message) => {
  const monitors = [defineMonitor<unknown>({ name: "m", start: 0, on })];
  const system = systemOf({ nodes: { a: quiet }, workload: { c: inOrder(request) }, monitors });

  expect(failureOf(system)).toMatch(message);
});

test("a property that gives an empty text says nothing, and is no judgement", () => {
  const system = systemOf({ nodes: { a: quiet }, properties: [always("p", () => "")] });

  expect(failureOf(system)).toMatch(/^The property "p" gives an empty text; return true, or a sentence/);
});

test("a leak in a `sometimes` property names the property", () => {
  const system = systemOf({ nodes: { a: quiet }, properties: [sometimes("seen", () => Date.now() > 0)] });
  const verdict = plainSearch(system, "breadth-first", { maxStates: 100, maxDepth: 100 }).advance(1000);
  expect(verdict).toMatchObject({
    kind: "crashed",
    failure: { message: expect.stringContaining('The property "seen" uses Date.now at ') as string },
  });
});

type Go = (state: number, message: { readonly kind: "go" }, from: unknown, context: Context) => Reaction<number>;

/** A system of `a`, whose `go` handler is given, and a silent `b`. */
function going(go: Go, more: object = {}): System {
  const node = { role: "node", start: () => become(0), onMessage: { go }, ...more };
  const silent = defineNode<number, never>({ role: "other", start: () => become(0), onMessage: {} });
  return systemOf({
    nodes: { a: node as never, b: silent },
    workload: { c: inOrder({ to: a, message: { kind: "go" } }, { to: a, message: { kind: "go" } }) },
  });
}

const kept: { kind: "go"; list: number[] } = { kind: "go", list: [] };

test.each<[string, System, RegExp]>([
  [
    "throws",
    going(() => {
      throw new TypeError("so what");
    }),
    /^onMessage\.go of node a threw TypeError: so what$/,
  ],
  [
    "throws no error",
    going(() => {
      throw "text";
    }),
    /^onMessage\.go of node a threw text$/,
  ],
  [
    "is async",
    going((async () => become(1)) as never),
    /^onMessage\.go of node a uses a promise at \/.*; handlers are synchronous; use setTimer, or send a message\.$/,
  ],
  [
    "is async and throws",
    going((async () => {
      throw new Error("later");
    }) as never),
    /^onMessage\.go of node a uses a promise at /,
  ],
  [
    "gives a thenable",
    going((() => ({ then: () => 1 })) as never),
    /^onMessage\.go of node a is async; handlers are synchronous: send a message or set a timer/,
  ],
  [
    "gives nothing",
    going((() => undefined) as never),
    /^onMessage\.go of node a gives no reaction; return become\(state, \.\.\.effects\)\.$/,
  ],
  ["gives a bare state", going(((state: number) => state) as never), /^onMessage\.go of node a gives no reaction/],
  [
    "gives undefined as an effect",
    going((state) => become(state, undefined as never)),
    /^onMessage\.go of node a gives undefined where an effect should be; leave it out, as in \.\.\.\(condition \? \[effect\] : \[\]\)\.$/,
  ],
  [
    "gives an unknown effect",
    going((state) => become(state, { kind: "explode" } as never)),
    /^onMessage\.go of node a gives an effect of unknown kind explode; make effects with send, reply, setTimer and the like\.$/,
  ],
  [
    "differs between two calls",
    going(() => {
      counter += 1;
      return become({ deep: { er: [counter] } } as never);
    }),
    /^onMessage\.go of node a is not deterministic: called twice with the same input, its state differs at deep\.er\.0: \d+ and then \d+\. Keep what it remembers in the state\.$/,
  ],
  [
    "differs between two calls in an effect",
    going((state) => {
      counter += 1;
      return become(state, emit("x"), emit("count", { counter }));
    }),
    /^onMessage\.go of node a is not deterministic: called twice with the same input, effect 2 differs: \{.*\} and then \{.*\}\. Keep what it remembers in the state\.$/,
  ],
  [
    "sends more the second time",
    going((state) => {
      counter += 1;
      return become(state, ...(counter % 2 === 0 ? [] : [emit("odd")]));
    }),
    /^onMessage\.go of node a is not deterministic: called twice with the same input, effect 1 differs: (none and then \{.*\}|\{.*\} and then none)\. Keep what it remembers in the state\.$/,
  ],
  [
    "answers without a receiver",
    going((state) => become(state, (reply as (message: object) => never)({ kind: "go" }))),
    /^onMessage\.go of node a sends to undefined, which is no node; it is send\(node, message\) and reply\(from, message\)\.$/,
  ],
  [
    "answers undefined",
    going((state) => become(state, reply(undefined as never, { kind: "go" }))),
    /^onMessage\.go of node a sends to undefined, which is no node; /,
  ],
  [
    "sends to a name",
    going((state) => become(state, send("b" as never, { kind: "go" }))),
    /^onMessage\.go of node a sends to "b", a string; say which node it is: nodeId\("b"\)\.$/,
  ],
  ...[null, 5, "ab", { length: 1 }, undefined].map((options): [string, System, RegExp] => [
    `offers ${JSON.stringify(options)} for options`,
    going((state) => become(state, choose("coin", options as never)), { onChoice: { coin: () => become(0) } }),
    /^onMessage\.go of node a asks for the choice "coin" among (null|5|"ab"|an object|undefined); give the options in an array\.$/,
  ]),
  [
    "asks for a choice without a label",
    going((state) => become(state, (choose as (options: unknown) => never)([1]))),
    /^onMessage\.go of node a asks for the choice an array; it is choose\(label, options\)\.$/,
  ],
  [
    "sets a timer without a name",
    going((state) => become(state, setTimer(5 as never, 1))),
    /^onMessage\.go of node a names a timer 5; names are strings\.$/,
  ],
  [
    "emits no fields",
    going((state) => become(state, emit("x", null as never))),
    /^onMessage\.go of node a emits null at "x"; give fields by name, as in \{ value: \.\.\. \}\.$/,
  ],
  [
    "sends to nobody",
    going((state) => become(state, send(nodeId("zoe"), { kind: "go" }))),
    /^onMessage\.go of node a sends \{kind:'go'\} to zoe, which is no participant; there are a, b, c\.$/,
  ],
  [
    "sends what the receiver does not handle",
    going((state) => become(state, send(nodeId("b"), { kind: "stop" }))),
    /^onMessage\.stop of node b is missing: a sends \{kind:'stop'\} to it\. Add a handler for this kind\.$/,
  ],
  [
    "sends a message without a kind",
    going((state) => become(state, send(nodeId("b"), { body: 1 } as never))),
    /^onMessage\.go of node a sends a message without a `kind`; messages are \{ kind: \.\.\., \.\.\. \}\.$/,
  ],
  [
    "sets an unknown timer",
    going((state) => become(state, setTimer("tick", 1))),
    /^onMessage\.go of node a sets the timer "tick", but the node has no onTimer\.tick\.$/,
  ],
  ...[0, -1, 1.5, Number.POSITIVE_INFINITY].map((delay): [string, System, RegExp] => [
    `sets a timer to ${delay}`,
    going((state) => become(state, setTimer("tick", delay)), { onTimer: { tick: (state: number) => become(state) } }),
    new RegExp(`^onMessage\\.go of node a sets the timer "tick" to ${delay} ticks; give a whole number from 1\\.$`),
  ]),
  [
    "asks for a choice without a handler",
    going((state) => become(state, { kind: "choose", label: "coin", options: [1] })),
    /^onMessage\.go of node a asks for the choice "coin", but the node has no onChoice\.coin\.$/,
  ],
  [
    "gives effects in an array",
    going((state) => become(state, [emit("x")] as never)),
    /^onMessage\.go of node a gives an array where an effect should be; spread it: become\(state, \.\.\.effects\)\.$/,
  ],
  [
    "sends what is a handler of every object",
    going((state) => become(state, send(nodeId("b"), { kind: "constructor" }))),
    /^onMessage\.constructor of node b is missing/,
  ],
  [
    "gives a state without end",
    going(() => {
      let deep: unknown = 1;
      for (let i = 0; i < 20_000; i += 1) deep = [deep];
      return become(deep as never);
    }),
    /^onMessage\.go of node a gives a state that cannot be kept: The value at 0(\.0)+ is nested more than 1000 deep; keep flat data, with keys for what refers\.$/,
  ],
  [
    "gives NaN in its state",
    going(() => become({ sum: Number.NaN } as never)),
    /^onMessage\.go of node a gives a state that cannot be kept: The value at sum is NaN; it is not equal to itself; use null\.$/,
  ],
  [
    "sends a Date",
    going((state) => become(state, send(nodeId("b"), { kind: "go", at: new Date(0) } as never))),
    /^onMessage\.go of node a asks for an effect that cannot be kept: The value at message\.at is a Date; use plain data, or a collection or Record of immutable\.$/,
  ],
  [
    "changes a message that it sent before",
    going((state) => {
      kept.list.push(state);
      return become(state + 1, send(nodeId("c"), kept));
    }),
    /^onMessage\.go of node a (threw TypeError: Cannot add property|is not deterministic)/,
  ],
  [
    "compares ids by order",
    going((state, _message, _from, context) => become(context.self < nodeId("b") ? 1 : state)),
    /^onMessage\.go of node a threw Error: A handler uses the NodeId of a as text or compares it by order\..*break ties by context\.rank\(id\)\.$/,
  ],
  [
    "reads the text of an id",
    going((_state, _message, _from, context) => become(context.self.text as never)),
    /^onMessage\.go of node a threw Error: A handler uses the NodeId of a as text/,
  ],
  [
    "asks for the rank of a client",
    going((_state, _message, _from, context) => become(context.rank(nodeId("c")))),
    /^onMessage\.go of node a threw InvalidScenario: The scenario small cannot be used: it has no node c.* It has a, b\.$/,
  ],
])("a handler that %s is told so, with place and remedy", (_, system, message) => {
  expect(failureOf(system)).toMatch(message);
});

test("a handler that changes its input in place is told so, with both texts, or is stopped while it does", () => {
  const node = defineNode<{ count: number; readonly list: { items: number[] } }, { kind: "go"; body: number }>({
    role: "node",
    start: () => become({ count: 0, list: { items: [] } }),
    onMessage: {
      go: (state, message) => {
        if (message.body === 0) state.count += 1;
        if (message.body === 1) state.list.items.push(1);
        if (message.body === 2) (message as { body: number }).body = 7;
        return become(state);
      },
    },
  });
  for (const body of [0, 1, 2]) {
    const system = systemOf({
      nodes: { a: node },
      workload: { c: inOrder({ to: a, message: { kind: "go", body } as never }) },
    });
    expect(failureOf(system)).toMatch(
      /^onMessage\.go of node a threw TypeError: Cannot (assign to read only property|add property)/,
    );
  }
});

test("a state inside a collection that a handler changes in place throws where it is changed", () => {
  const node = defineNode<unknown, { kind: "go" }>({
    role: "node",
    start: () => become(Map({ list: [] as number[] })),
    onMessage: {
      go: (state) => {
        (state as { get(name: string): number[] }).get("list").push(1);
        return become(state);
      },
    },
  });
  const system = systemOf({ nodes: { a: node }, workload: { c: inOrder(request) } });
  expect(failureOf(system)).toMatch(
    /^onMessage\.go of node a threw TypeError: Cannot add property 0, object is not extensible$/,
  );
});

test.each<[string, () => unknown, (state: never) => number[]]>([
  ["in a Map", () => Map({ list: [] as number[] }), (state: Map<string, number[]>) => state.get("list", [])],
  ["in a Record", () => new Kept({ list: [] }), (state: Kept) => state.list],
  ["in an object that was frozen before", () => Object.freeze({ list: [] }), (state: Kept) => state.list],
])("a list %s that a handler changes in place after many calls is found by a search", (_, start, listOf) => {
  let calls = 0;
  const node = defineNode<unknown, { kind: "go" }>({
    role: "node",
    start: () => become({ kept: start(), count: 0 }, setTimer("tick", 1)),
    onMessage: { go: (state) => become(state) },
    onTimer: {
      tick: (state) => {
        const { kept, count } = state as { readonly kept: never; readonly count: number };
        if (count === 299) return become(state);
        calls += 1;
        if (count === 298) listOf(kept).push(calls);
        return become({ kept, count: count + 1 }, setTimer("tick", 1));
      },
    },
  });
  const search = engineSearch(systemOf({ nodes: { a: node } }), { maxStates: 1000, maxDepth: 1000 });
  expect(search.advance(1000)).toMatchObject({
    kind: "crashed",
    failure: { message: "onTimer.tick of node a threw TypeError: Cannot add property 0, object is not extensible" },
  });
});

test("a state that cannot be kept is found by a search and named, beyond the sample of calls that are made twice", () => {
  const node = defineNode<unknown, { kind: "go" }>({
    role: "node",
    start: () => become(0, setTimer("tick", 1)),
    onMessage: { go: (state) => become(state) },
    onTimer: {
      tick: (state) => become(state === 300 ? { bad: Number.NaN } : (state as number) + 1, setTimer("tick", 1)),
    },
  });
  const system = systemOf({ nodes: { a: node } });
  const verdict = plainSearch(system, "breadth-first", { maxStates: 1000, maxDepth: 1000 }).advance(1000);
  expect(verdict).toMatchObject({
    kind: "crashed",
    failure: {
      message:
        "onTimer.tick of node a gives a state that cannot be kept: The value at bad is NaN; it is not equal to itself; use null.",
    },
  });
  expect((verdict as unknown as { choices: unknown[] }).choices).toHaveLength(301);
});

test("a clock that was kept aside while the traps were held is still refused in a handler, and works elsewhere", () => {
  const release = holdTraps();
  const { now } = Date;
  release();

  expect(failureOf(asked(() => now()))).toMatch(/^onMessage\.go of node a uses Date\.now at /);
  expect(now()).toBeGreaterThan(0);
});
