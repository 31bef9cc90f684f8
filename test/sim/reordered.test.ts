import fc from "fast-check";
import { type List, Map, OrderedMap, Record, Set } from "immutable";
import { beforeEach, expect, test } from "vitest";
import { plainSearch } from "../../checker/search/plain.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import { choose, type Effect, reply, send } from "../../sim/effect.js";
import type { Message, Sender } from "../../sim/message.js";
import { defineMonitor } from "../../sim/monitor.js";
import { become, defineNode, type Reaction } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { always, sometimes } from "../../sim/property.js";
import { forgetOrders, noteOrders, reordered } from "../../sim/reordered.js";
import type { System } from "../../sim/system.js";
import { encode } from "../../sim/value.js";
import { following, inOrder, operation, type Result } from "../../sim/workload.js";
import { ended } from "../checker/search/ended.js";
import { systemOf } from "./following.js";

beforeEach(forgetOrders);

class Pair extends Record({ left: null as unknown, right: null as unknown }) {}

const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const pairs = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 2 }), tie("value")), {
    maxLength: 12,
    selector: ([key]) => key,
  });
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<unknown>(0, -0, 1, "a", "b", null, nodeId("n")),
      pairs.map((entries) => Map(entries)),
      pairs.map((entries) => OrderedMap(entries)),
      pairs.map((entries) => Object.fromEntries(entries)),
      fc.array(fc.string({ maxLength: 2 }), { maxLength: 12 }).map((items) => Set(items)),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.tuple(tie("value"), tie("value")).map(([left, right]) => new Pair({ left, right })),
    ),
  };
});

test("a reordered value is equal, and the same where nothing in it has another order", () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      forgetOrders();
      noteOrders(other);
      expect(encode(reordered(one))).toBe(encode(one));
      if (!/Map|Set|\{|0/.test(encode([one, other]))) expect(reordered(one)).toBe(one);
    }),
    { seed: 20261126, numRuns: 1000 },
  );
});

test("Maps and Sets are iterated the other way round, objects as others with the same fields were", () => {
  expect([...(reordered(Map({ a: 1, b: 2 })) as Map<string, number>).keys()]).toEqual(["b", "a"]);
  expect([...(reordered(Set(["a", "b"])) as Set<string>)]).toEqual(["b", "a"]);
  expect(reordered({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  noteOrders([{ b: 3, a: 4 }]);
  expect(Object.keys(reordered({ a: 1, b: 2 }) as object)).toEqual(["b", "a"]);
  expect(reordered(-0)).toBe(0);
});

const [n, other] = [nodeId("n"), nodeId("other")];
const put = (key: string) => operation(n, { kind: "put", key } as Message);
const look = operation(n, { kind: "look" });

type Look = (state: never, from: Sender) => Reaction<unknown>;

/** A node into whose state two clients put a key each, in either order, and at which a third one looks. */
function looking(
  start: unknown,
  insert: (state: never, key: string) => unknown,
  looks: Look,
  more: object = {},
): System {
  const node = defineNode<unknown, Message & { readonly key: string }>({
    role: "node",
    start: () => become(start),
    onMessage: {
      put: (state: unknown, message: { readonly key: string }) => become(insert(state as never, message.key)),
      look: (state: unknown, _message: Message, from: Sender) => looks(state as never, from),
    } as never,
    onChoice: { key: (state) => become(state) },
  });
  const deaf = defineNode<number, Message>({
    role: "other",
    start: () => become(0),
    onMessage: { key: (state: number) => become(state) } as never,
  });
  const workload = { a: inOrder(put("a")), b: inOrder(put("b")), c: inOrder(look) };
  return systemOf({ nodes: { n: node, other: deaf }, workload, ...more });
}

const told = (key: unknown): Message => ({ kind: "key", key }) as Message;
const mapped = (looks: Look, more?: object): System =>
  looking(Map(), (state: Map<string, number>, key) => state.set(key, 1), looks, more);

/** What a search by the engine and a plain one say of it. */
function failures(system: System): string[] {
  const limits = { maxStates: 2000, maxDepth: Number.POSITIVE_INFINITY };
  return [engineSearch(system, limits), plainSearch(system, "breadth-first", limits)].map((search) => {
    const verdict = ended(search);
    return verdict.kind === "crashed" ? verdict.failure.message : verdict.kind;
  });
}

const order =
  "depends on the order in which a Map, a Set or an object is iterated: with an equal input in another order";

test.each<[string, System, string]>([
  [
    "answers the first key of a Map",
    mapped((state: Map<string, number>, from) => become(state, reply(from, told(state.keySeq().first() ?? "none")))),
    `onMessage.look of node n ${order}, effect 1 differs: {call:{client:@c,index:0},kind:'send',message:{key:'`,
  ],
  [
    "keeps the first field of an object that grew in two orders",
    looking(
      {},
      (state: object, key) => ({ ...state, [key]: 1 }),
      (state: object) => become({ ...state, first: Object.keys(state)[0] ?? "none" }),
    ),
    `onMessage.look of node n ${order}, its state differs at first: '`,
  ],
  [
    "tells a zero from one with a sign",
    looking(
      0,
      () => -0,
      (state: number) => become(Object.is(state, -0) ? "negative" : "zero"),
    ),
    `onMessage.look of node n ${order}, its state differs: 'zero' and then 'negative'. `,
  ],
  [
    "has a property that goes by the first key",
    mapped((state) => become(state), {
      properties: [
        always("a is first", (view) => {
          const [first, second] = view.node<Map<string, number>>(n).state.keys();
          return second === undefined || first === "a" || "b is first";
        }),
        sometimes("never", () => false),
      ],
    }),
    `The property "a is first" ${order}, it gives `,
  ],
  [
    "has a monitor that goes by the first key",
    mapped((state) => become(state), {
      monitors: [
        defineMonitor<Map<string, number>>({
          name: "invoked",
          start: Map(),
          on: (seen, event) =>
            event.kind === "invoke" ? seen.set(`${event.client} after ${seen.keySeq().first() ?? "none"}`, 1) : seen,
        }),
      ],
    }),
    `The monitor "invoked" ${order}, it gives `,
  ],
])("code that %s is told so", (_, system, message) => {
  for (const failure of failures(system)) expect(failure.slice(0, message.length)).toBe(message);
});

test.each<[string, (keys: readonly string[], from: Sender) => readonly Effect[]]>([
  ["sends to all", (keys) => keys.map((key) => send(other, told(key)))],
  ["offers a choice of all", (keys) => [choose("key", keys)]],
  ["answers the least", (keys, from) => [reply(from, told([...keys].sort()[0] ?? "none"))]],
])("code that %s in the order of a Map is fine", (_, effects) => {
  const system = mapped((state: Map<string, number>, from) => become(state, ...effects([...state.keys()], from)));
  expect(failures(system)).toEqual(["holds", "holds"]);
});

test("a sentence may list things in the order of a Map", () => {
  const sentence = always("no two keys", (view) => {
    const { state } = view.node<Map<string, number>>(n);
    return state.size < 2 || `there are ${[...state.keys()].join()}`;
  });
  expect(failures(mapped((state) => become(state), { properties: [sentence] }))).toEqual(["violated", "violated"]);
});

let calls = 0;

test.each<[string, object, string]>([
  [
    "a workload that counts its calls",
    { workload: { c: following((results) => ((calls += 1) % 2 === 1 && results.size === 0 ? look : null)) } },
    "next of workload c is not deterministic: called twice with the same results, it gives ",
  ],
  [
    "a workload that goes by the first key of an answer",
    {
      workload: {
        a: inOrder(put("a")),
        b: inOrder(put("b")),
        c: following((results: List<Result>) => {
          const [last] = results as Iterable<{ readonly keys: Map<string, number> }>;
          if (results.size > 1) return null;
          return last === undefined ? look : put(last.keys.keySeq().first() ?? "none");
        }),
      },
    },
    `next of workload c ${order}, it gives {key:'`,
  ],
  [
    "a property that counts its calls",
    { properties: [always("counts", () => (calls += 1) % 2 === 0 || "odd")] },
    'The property "counts" is not deterministic: asked twice about the same world, it gives ',
  ],
])("%s is told so", (_, more, message) => {
  const system = mapped(
    (state, from) => become(state, reply(from, { kind: "keys", keys: state } as unknown as Message)),
    more,
  );
  for (const failure of failures(system)) expect(failure.slice(0, message.length)).toBe(message);
});

test("what a handler remembers outside of its state is found though the handler runs late", () => {
  let kept = 0;
  const node = defineNode<number, Message>({
    role: "node",
    start: () => become(0),
    onMessage: { go: (state: number) => become(state + 1), late: () => become((kept += 1)) } as never,
  });
  const go = operation(n, { kind: "go" });
  const system = systemOf({
    nodes: { n: node },
    workload: { c: following((results) => (results.size < 1 ? go : null)), d: inOrder(operation(n, { kind: "late" })) },
  });
  for (const failure of failures(system)) {
    expect(failure).toMatch(/^onMessage\.late of node n is not deterministic: called twice with the same input/);
  }
});
