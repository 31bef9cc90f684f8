import fc from "fast-check";
import {
  type Collection,
  is,
  List,
  Map,
  OrderedMap,
  OrderedSet,
  Range,
  Record,
  Seq,
  Set,
  Stack,
  isCollection,
  isKeyed,
  isOrdered,
  isRecord,
} from "immutable";
import { expect, test } from "vitest";
import { NodeId, nodeId } from "../../sim/node-id.js";
import { byCodeUnits, encode, sameValue, UnusableValue } from "../../sim/value.js";

const seed = 20261121;

class Point extends Record({ x: 0 as unknown, y: 0 as unknown }) {}
class Named extends Record({ name: "" as unknown }, "Named") {}

const atom: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>("", "a", "b", "'", '"', "\\", ",", ":", "1", "null", "@n", "}", "\n", "\u0000", "é", "\\n"),
  fc.constantFrom<unknown>(0, -0, 1, -1, 0.5, 1e21, Number.MAX_VALUE, Infinity, -Infinity),
  fc.constantFrom<unknown>(0n, 1n, -1n, true, false, null, nodeId("n"), nodeId("m")),
  fc.string({ maxLength: 3, unit: "binary" }),
);

/** What may be a key or a member: atoms and collections of them, which immutable itself compares by content. */
const key: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: atom },
  { weight: 1, arbitrary: fc.array(atom, { maxLength: 2 }).map((items) => List(items)) },
  { weight: 1, arbitrary: fc.tuple(atom, atom).map(([x, y]) => new Point({ x, y })) },
);

const { value } = fc.letrec<{ value: unknown }>((tie) => {
  const items = fc.array(tie("value"), { maxLength: 3 });
  const pairs = fc.array(fc.tuple(key, tie("value")), { maxLength: 3 });
  const keys = fc.array(key, { maxLength: 3 });
  return {
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      atom,
      items,
      fc.dictionary(fc.constantFrom("a", "b", "a-b", "1", "'", "x:y", "é", ""), tie("value"), { maxKeys: 3 }),
      items.map((all) => List(all)),
      items.map((all) => Stack(all)),
      pairs.map((all) => Map(all)),
      pairs.map((all) => OrderedMap(all)),
      keys.map((all) => Set(all)),
      keys.map((all) => OrderedSet(all)),
      fc.tuple(tie("value"), tie("value")).map(([x, y]) => new Point({ x, y })),
      tie("value").map((name) => new Named({ name })),
    ),
  };
});

/** Equality by content, told independently of any encoding: part by part, unordered collections in all pairings. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a instanceof NodeId || b instanceof NodeId) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (isRecord(a) || isRecord(b)) {
    return isRecord(a) && isRecord(b) && equal(a.toSeq().toObject(), b.toSeq().toObject());
  }
  if (isCollection(a) || isCollection(b)) {
    return isCollection(a) && isCollection(b) && equalCollections(a, b);
  }
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(b, name) && equal(a[name as never], b[name as never]))
  );
}

function equalCollections(a: Collection<unknown, unknown>, b: Collection<unknown, unknown>): boolean {
  const kind = (one: object) => Object.getPrototypeOf(one) as unknown;
  if (kind(a) !== kind(b) || a.count() !== b.count()) return false;
  const entries = (one: Collection<unknown, unknown>) => (isKeyed(one) ? [...one.entries()] : [...one.values()]);
  const [left, right] = [entries(a), entries(b)];
  const ordered = isOrdered(a) || List.isList(a) || Stack.isStack(a);
  if (ordered) return left.every((item, i) => equal(item, right[i]));
  return left.every((item) => right.some((other) => equal(item, other)));
}

/** The same value, built anew: unordered collections and fields in reversed order. */
function rebuilt(original: unknown): unknown {
  if (typeof original !== "object" || original === null || original instanceof NodeId) {
    return original === 0 ? -0 : original;
  }
  if (Array.isArray(original)) return original.map(rebuilt);
  if (original instanceof Point) return new Point({ y: rebuilt(original.y), x: rebuilt(original.x) });
  if (original instanceof Named) return new Named({ name: rebuilt(original.name) });
  if (List.isList(original)) return List([...original].map(rebuilt));
  if (Stack.isStack(original)) return Stack([...original].map(rebuilt));
  if (isCollection(original)) return rebuiltCollection(original);
  const copy: { [name: string]: unknown } = {};
  for (const [name, field] of Object.entries(original).reverse()) copy[name] = rebuilt(field);
  return copy;
}

function rebuiltCollection(original: Collection<unknown, unknown>): unknown {
  if (isKeyed(original)) {
    const entries = [...original.entries()].map(([name, item]) => [name, rebuilt(item)] as [unknown, unknown]);
    return isOrdered(original) ? OrderedMap(entries) : Map(entries.reverse());
  }
  const members = [...original.values()];
  return isOrdered(original) ? OrderedSet(members) : Set(members.reverse());
}

test("two values have the same encoding exactly when they are equal by content", () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(encode(a) === encode(b)).toBe(equal(a, b));
      expect(sameValue(a, b)).toBe(equal(a, b));
    }),
    { seed, numRuns: 3000 },
  );
});

test("small changes to a value change its encoding", () => {
  const pair = fc.tuple(value, value, fc.integer({ min: 0, max: 3 })).map(([a, b, how]) => {
    const wraps = [
      (one: unknown) => [one],
      (one: unknown) => List([one, 1]),
      (one: unknown) => Map([["k", one]]),
      (one: unknown) => ({ f: one }),
    ];
    const wrap = wraps[how] as (one: unknown) => unknown;
    return [wrap(a), wrap(b)] as const;
  });
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(encode(a) === encode(b)).toBe(equal(a, b));
    }),
    { seed, numRuns: 1500 },
  );
});

test("an encoding does not depend on the order of insertion or of fields, nor on the sign of zero", () => {
  fc.assert(
    fc.property(value, (original) => {
      expect(encode(rebuilt(original))).toBe(encode(original));
    }),
    { seed, numRuns: 2000 },
  );
});

test("an encoding is printable ASCII without double quotes", () => {
  fc.assert(
    fc.property(value, (original) => {
      expect(encode(original)).toMatch(/^[\x20-\x7e]*$/);
      expect(encode(original)).not.toContain('"');
    }),
    { seed, numRuns: 2000 },
  );
});

test("values that immutable itself calls equal have the same encoding", () => {
  const flat = fc.oneof(
    fc.array(fc.tuple(atom, atom), { maxLength: 4 }).map((all) => Map(all)),
    fc.array(atom, { maxLength: 4 }).map((all) => Set(all)),
    fc.array(atom, { maxLength: 3 }).map((all) => List(all)),
    fc.tuple(atom, atom).map(([x, y]) => new Point({ x, y })),
  );
  fc.assert(
    fc.property(flat, flat, (a, b) => {
      expect(encode(a) === encode(b)).toBe(is(a, b));
    }),
    { seed, numRuns: 2000 },
  );
});

test("the kinds of values that hold the same items all differ", () => {
  const alike = [
    [1, 2],
    List([1, 2]),
    Stack([1, 2]),
    Set([1, 2]),
    OrderedSet([1, 2]),
    OrderedSet([2, 1]),
    Map([[1, 2]]),
    OrderedMap([[1, 2]]),
    { 1: 2 },
    "[1,2]",
    1,
    1n,
    "1",
    true,
    "true",
    null,
    "null",
    nodeId("a"),
    "@a",
    new Point({ x: 1, y: 2 }),
    { x: 1, y: 2 },
  ];
  const texts = alike.map(encode);
  expect(new globalThis.Set(texts).size).toBe(alike.length);
});

test("the order of texts is that of code units, in every locale", () => {
  expect(["b", "B", "a", "é", "z", "10", "9"].sort(byCodeUnits)).toEqual(["10", "9", "B", "a", "b", "z", "é"]);
});

const cycle: { [name: string]: unknown } = { a: { b: [] } };
(cycle.a as { b: unknown[] }).b.push(cycle);
const through: unknown[] = [];
through.push(Map([["back", through]]));
class Careless extends Record({ x: 0 }) {
  count = 0;
}

class Plain {
  readonly field = 1;
}
class Longer extends Array<number> {}

test.each<[string, unknown, string, RegExp]>([
  ["NaN", { a: [1, Number.NaN] }, "a.1", /NaN/],
  ["undefined", { a: undefined }, "a", /undefined/],
  ["undefined at the top", undefined, "", /undefined/],
  ["a hole in an array", new Array(1), "0", /undefined/],
  ["a symbol", List([Symbol("s")]), "0", /a symbol/],
  ["a function", Map([["f", () => 1]]), "'f'", /a function/],
  ["a Date", new Point({ x: new Date(0) }), "x", /a Date/],
  ["a class instance", { deep: { er: new Plain() } }, "deep.er", /an instance of Plain/],
  ["an instance of a subclass of Array", { a: new Longer(1, 2) }, "a", /an instance of Longer/],
  ["a JavaScript Map", [new globalThis.Map()], "0", /an instance of Map/],
  ["a JavaScript Set", [new globalThis.Set()], "0", /an instance of Set/],
  ["bytes", { bytes: new Uint8Array(2) }, "bytes", /an instance of Uint8Array/],
  ["a promise", [Promise.resolve(1)], "0", /an instance of Promise/],
  ["a regular expression", [/x/], "0", /an instance of RegExp/],
  ["an error", [new Error("e")], "0", /an instance of Error/],
  ["a boxed number", [Object(1)], "0", /an instance of Number/],
  ["symbol keys", { a: { [Symbol("s")]: 1 } }, "a", /an object with symbol keys/],
  [
    "a hidden field",
    { a: Object.defineProperty({}, "hidden", { value: 1 }) },
    "a",
    /an object with fields that are not enumerable/,
  ],
  ["an array with a field", { m: "abc".match(/b/) }, "m", /an array with fields of its own; copy it/],
  [
    "a Record with a field that it does not declare",
    [new Careless()],
    "0",
    /a Record with a field that it does not declare/,
  ],
  ["a cycle", cycle, "a.b.0", /part of itself/],
  ["a cycle through a Map", through, "0.'back'", /part of itself/],
  ["a mutable Map", { m: Map<string, number>().asMutable() }, "m", /asMutable/],
  ["a mutable List", { m: List<number>().asMutable() }, "m", /asMutable/],
  ["a mutable Set", { m: Set<number>([1]).asMutable() }, "m", /asMutable/],
  ["a mutable OrderedMap", { m: OrderedMap<string, number>([["a", 1]]).asMutable() }, "m", /asMutable/],
  ["a mutable Record", { m: new Point().asMutable().set("x", 1) }, "m", /asMutable/],
  ["a lazy Seq", { s: Seq([1]) }, "s", /a lazy Seq/],
  ["a lazy keyed Seq", { s: Seq({ a: 1 }) }, "s", /a lazy Seq/],
  ["a lazy set Seq", { s: Seq.Set([1]) }, "s", /a lazy Seq/],
  ["a Range", { s: Range(0, 3) }, "s", /a lazy Seq/],
  ["NaN as a key", Map([[Number.NaN, 1]]), "a key", /NaN/],
  ["NaN as a member", Set([Number.NaN]), "a member", /NaN/],
  ["plain data as a key", { m: Map([[{ a: 1 }, 1]]) }, "m.a key", /compared by identity/],
  ["plain data within a key", Map([[List([[1]]), 1]]), "a key.0", /compared by identity/],
  ["plain data as a member", Set([[1]]), "a member", /compared by identity/],
])("%s is refused with the path at which it was found", (_, refused, path, found) => {
  const caught = catchError(() => encode(refused));

  expect(caught).toBeInstanceOf(UnusableValue);
  expect(caught).toMatchObject({ path });
  expect((caught as Error).message).toMatch(found);
  expect((caught as Error).message).toContain(path === "" ? "The value is" : `The value at ${path} is`);
  expect((caught as UnusableValue).remedy).not.toBe("");
});

test("the same part may appear twice in a value: that is no cycle", () => {
  const shared = { a: 1 };
  expect(encode([shared, shared, { shared }])).toBe("[{a:1},{a:1},{shared:{a:1}}]");
});

test("objects without a prototype are plain data", () => {
  const bare = Object.assign(Object.create(null) as object, { a: 1 });
  expect(encode(bare)).toBe(encode({ a: 1 }));
});

function catchError(code: () => unknown): unknown {
  try {
    code();
  } catch (error) {
    return error;
  }
  return undefined;
}
