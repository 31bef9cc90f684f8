import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyRelational, relationalStore } from "../../nodes/relational.js";
import type { Operator, Predicate, Query } from "../../nodes/relational/query.js";
import type { RelationalReply, RelationalRequest } from "../../nodes/relational/request.js";
import type { Row, Scalar } from "../../nodes/relational/row.js";
import { emptyRelational, type RelationalState } from "../../nodes/relational/state.js";
import { nodeId } from "../../sim/node-id.js";
import { encode } from "../../sim/value.js";
import { contextOf } from "./context.js";
import { contents, looseQueryOf, rowOf, tableNames, tables } from "./relational-arbitraries.js";

function after(...requests: readonly RelationalRequest[]): RelationalState {
  return requests.reduce((state, request) => applyRelational(state, request)[0], emptyRelational);
}

function rowsOf(state: RelationalState, query: Query): readonly Row[] {
  const [, reply] = applyRelational(state, { kind: "query", query });
  if (reply.kind !== "rows") throw new Error(`The reply is ${encode(reply)}.`);
  return reply.rows;
}

function errorOf(state: RelationalState, request: RelationalRequest): string {
  const [next, reply] = applyRelational(state, request);
  if (reply.kind !== "error") throw new Error(`The reply is ${encode(reply)}.`);
  expect(next).toBe(state);
  return reply.text;
}

const insert = (table: string, row: Row): RelationalRequest & { readonly kind: "insert" } => ({
  kind: "insert",
  table,
  row,
});
const table = (name: string): Query => ({ kind: "table", name });
const compare = (field: string, operator: Operator, constant: Scalar): Predicate => ({
  kind: "compare",
  left: { field },
  operator,
  right: { constant },
});
const select = (from: Query, where: Predicate): Query => ({ kind: "select", from, where });
const ask = (query: Query): RelationalRequest => ({ kind: "query", query });

const friends = after(
  insert("friend", { who: "ava", of: "bob" }),
  insert("friend", { who: "ava", of: "cy" }),
  insert("friend", { who: "cy", of: "bob" }),
  insert("post", { author: "ava", text: "hello" }),
  insert("post", { author: "cy", text: "hi" }),
);

describe("statements", () => {
  test("a row that is inserted twice is there once", () => {
    const state = after(insert("t", { a: 1 }), insert("t", { a: 1 }));
    expect(rowsOf(state, table("t"))).toEqual([{ a: 1 }]);
  });

  test("0 and -0 are one value", () => {
    const state = after(insert("t", { a: 0 }), insert("t", { a: -0 }));
    expect(rowsOf(state, table("t"))).toHaveLength(1);
    expect(after(insert("t", { a: 0 }), { kind: "delete", table: "t", row: { a: -0 } }).size).toBe(0);
  });

  test("values of different types are different", () => {
    const state = after(insert("t", { a: 1 }), insert("t", { a: "1" }), insert("t", { a: true }));
    expect(rowsOf(state, table("t"))).toHaveLength(3);
  });

  test("delete removes the rows that agree in the fields given, and no others", () => {
    const [state] = applyRelational(friends, { kind: "delete", table: "friend", row: { who: "ava" } });
    expect(rowsOf(state, table("friend"))).toEqual([{ of: "bob", who: "cy" }]);
  });

  test("delete of an empty row empties the table, which then may have other fields", () => {
    const [empty] = applyRelational(friends, { kind: "delete", table: "friend", row: {} });
    expect(empty.has("friend")).toBe(false);
    expect(applyRelational(empty, insert("friend", { name: "ava" }))[1]).toEqual({ kind: "ok" });
  });

  test("delete from a table that does not exist is done at once", () => {
    expect(applyRelational(friends, { kind: "delete", table: "x", row: { a: 1 } })).toEqual([friends, { kind: "ok" }]);
  });

  test("rows come in the order of their canonical texts, whatever the order of their coming", () => {
    const numbers = [10, 9, -1, 2].map((a) => insert("t", { a }));
    const wanted = [{ a: -1 }, { a: 10 }, { a: 2 }, { a: 9 }];
    expect(rowsOf(after(...numbers), table("t"))).toEqual(wanted);
    expect(rowsOf(after(...numbers.toReversed()), table("t"))).toEqual(wanted);
  });

  test("a field may have the name of a property that all objects have", () => {
    const row = JSON.parse('{"__proto__": 1, "constructor": 2}') as Row;
    expect(encode(rowsOf(after(insert("t", row)), table("t")))).toBe(encode([row]));
  });
});

describe("queries", () => {
  test("a table that does not exist has no rows", () => {
    expect(rowsOf(friends, table("x"))).toEqual([]);
  });

  test.each<[Operator, Scalar[]]>([
    ["=", [2]],
    ["!=", [null, false, true, 1, 3, "", "a"]],
    ["<", [null, false, true, 1]],
    ["<=", [null, false, true, 1, 2]],
    [">", [3, "", "a"]],
    [">=", [2, 3, "", "a"]],
  ])("a %s 2 selects by the order null, false, true, numbers, strings", (operator, wanted) => {
    const all: Scalar[] = ["a", "", 3, 2, 1, true, false, null];
    const state = after(...all.map((a) => insert("t", { a })));
    const found = rowsOf(state, select(table("t"), compare("a", operator, 2))).map((row) => row["a"]);
    expect(new Set(found)).toEqual(new Set(wanted));
  });

  test("and of nothing is true, or of nothing is false, and not turns them round", () => {
    const count = (where: Predicate): number => rowsOf(friends, select(table("post"), where)).length;
    expect(count({ kind: "and", of: [] })).toBe(2);
    expect(count({ kind: "or", of: [] })).toBe(0);
    expect(count({ kind: "not", of: { kind: "or", of: [] } })).toBe(2);
    expect(count({ kind: "and", of: [compare("author", "=", "ava"), compare("text", "=", "hi")] })).toBe(0);
    expect(count({ kind: "or", of: [compare("author", "=", "ava"), compare("text", "=", "hi")] })).toBe(2);
  });

  test("a projection that makes rows equal gives them once", () => {
    expect(rowsOf(friends, { kind: "project", from: table("friend"), fields: ["who"] })).toEqual([
      { who: "ava" },
      { who: "cy" },
    ]);
  });

  test("a natural join after a renaming gives what a reader may see", () => {
    const readers: Query = { kind: "project", from: table("friend"), fields: { author: "who", reader: "of" } };
    const visible: Query = { kind: "join", left: readers, right: table("post") };
    expect(rowsOf(friends, select(visible, compare("reader", "=", "bob")))).toEqual([
      { author: "ava", reader: "bob", text: "hello" },
      { author: "cy", reader: "bob", text: "hi" },
    ]);
  });

  test("a join on pairs keeps the fields of both sides", () => {
    const joined: Query = { kind: "join", left: table("friend"), right: table("post"), on: [["of", "author"]] };
    expect(rowsOf(friends, joined)).toEqual([{ author: "cy", of: "cy", text: "hi", who: "ava" }]);
  });

  test("a join of a table with one that does not exist has no rows", () => {
    expect(rowsOf(friends, { kind: "join", left: table("friend"), right: table("x") })).toEqual([]);
    expect(rowsOf(friends, { kind: "join", left: table("friend"), right: table("x"), on: [["of", "a"]] })).toEqual([]);
  });

  test("a table that does not exist fits every union and difference", () => {
    const post = rowsOf(friends, table("post"));
    for (const kind of ["union", "difference"] as const) {
      expect(rowsOf(friends, { kind, left: table("post"), right: table("x") })).toEqual(post);
    }
    const union: Query = { kind: "union", left: table("x"), right: table("post") };
    expect(rowsOf(friends, union)).toEqual(post);
    expect(errorOf(friends, ask(select(union, compare("title", "=", "a"))))).toContain('"title"');
    expect(rowsOf(friends, { kind: "difference", left: table("x"), right: table("post") })).toEqual([]);
  });
});

describe("errors", () => {
  test.each<[string, RelationalRequest, string]>([
    [
      "a select",
      ask(select(table("post"), compare("title", "=", "a"))),
      'The select names "title", but the fields there are "author", "text".',
    ],
    [
      "a project",
      ask({ kind: "project", from: table("post"), fields: ["text", "b", "a"] }),
      'The project names "a", "b", but the fields there are "author", "text".',
    ],
    [
      "the left side of a join",
      ask({ kind: "join", left: table("post"), right: table("friend"), on: [["who", "who"]] }),
      'The left side of the join names "who", but the fields there are "author", "text".',
    ],
    [
      "the right side of a join",
      ask({ kind: "join", left: table("post"), right: table("friend"), on: [["author", "author"]] }),
      'The right side of the join names "author", but the fields there are "of", "who".',
    ],
    [
      "a delete",
      { kind: "delete", table: "post", row: { id: 1 } },
      'The delete from the table "post" names "id", but the fields there are "author", "text".',
    ],
  ])("%s of an unknown field is told what there is", (_place, request, text) => {
    expect(errorOf(friends, request)).toBe(text);
  });

  test.each(["union", "difference"] as const)("a %s of different fields tells both", (kind) => {
    expect(errorOf(friends, ask({ kind, left: table("post"), right: table("friend") }))).toBe(
      `The two sides of the ${kind} have different fields, "author", "text" and "of", "who"; ` +
        "project them to the same ones first.",
    );
  });

  test("a join on pairs that leaves a name on both sides asks for a renaming", () => {
    expect(
      errorOf(friends, ask({ kind: "join", left: table("post"), right: table("post"), on: [["text", "text"]] })),
    ).toBe('The join has "author" on both sides; rename it on one of them by a project first.');
  });

  test("a wrong field is told even when no row is left to show it", () => {
    const nothing = select(table("post"), { kind: "or", of: [] });
    expect(errorOf(friends, ask(select(nothing, compare("title", "=", "a"))))).toContain('"title"');
  });

  test("a row with other fields than the table's is refused", () => {
    expect(errorOf(friends, insert("post", { author: "bob" }))).toBe(
      'The row for the table "post" has the fields "author", but the rows there have "author", "text"; ' +
        "give all of them, null where there is no value.",
    );
  });

  test("rows may have no fields, and a row that has some does not fit them", () => {
    const state = after(insert("t", {}));
    expect(rowsOf(state, table("t"))).toEqual([{}]);
    expect(errorOf(state, insert("t", { a: 1 }))).toContain('has the fields "a", but the rows there have none;');
  });

  test.each([undefined, Number.NaN, [], {}])("a field that holds %j is refused", (value) => {
    expect(errorOf(friends, insert("t", { a: value } as unknown as Row))).toBe(
      'The field "a" of the row for the table "t" is neither string, number, boolean nor null; a field holds one of these.',
    );
  });
});

describe("transactions", () => {
  test("each statement sees those before it", () => {
    const requests = [insert("t", { a: 1 }), { kind: "query", query: table("t") } as const];
    const [, reply] = applyRelational(emptyRelational, { kind: "transaction", requests });
    expect(reply).toEqual({ kind: "replies", replies: [{ kind: "ok" }, { kind: "rows", rows: [{ a: 1 }] }] });
  });

  test("an error undoes them all and tells which statement it was", () => {
    const requests = [insert("t", { a: 1 }), insert("t", { b: 1 })];
    expect(errorOf(emptyRelational, { kind: "transaction", requests })).toBe(
      'requests[1] of the transaction: The row for the table "t" has the fields "b", but the rows there have "a"; ' +
        "give all of them, null where there is no value.",
    );
  });
});

describe("laws", () => {
  const settings = { seed: 19720301, numRuns: 200 };
  const filled = contents({ nulls: true, filled: false }).map((rows) =>
    tableNames.flatMap((name) => rows[name].map((row) => insert(name, row))),
  );

  test("applying is pure: the same state and request give the same outcome, and neither changes", () => {
    fc.assert(
      fc.property(filled, looseQueryOf(2), (inserts, query) => {
        const state = after(...inserts);
        const before = encode([state, query]);
        const first: RelationalReply = applyRelational(state, ask(query))[1];

        expect(encode(applyRelational(state, ask(query))[1])).toBe(encode(first));
        expect(encode([state, query])).toBe(before);
      }),
      settings,
    );
  });

  test("the order of insertions changes neither the state nor any reply", () => {
    const shuffled = filled.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, looseQueryOf(2), ([inserts, others], query) => {
        const [one, other] = [after(...inserts), after(...others)];
        expect(encode(other)).toBe(encode(one));
        expect(encode(applyRelational(other, ask(query))[1])).toBe(encode(applyRelational(one, ask(query))[1]));
      }),
      settings,
    );
  });

  test("deleting a whole row undoes its insertion, if it was not there before", () => {
    fc.assert(
      fc.property(filled, rowOf(tables.r, true), (inserts, row) => {
        const state = after(...inserts);
        const [without] = applyRelational(state, { kind: "delete", table: "r", row });
        const [added] = applyRelational(without, insert("r", row));
        const [removed] = applyRelational(added, { kind: "delete", table: "r", row });
        expect(encode(removed)).toBe(encode(without));
      }),
      settings,
    );
  });
});

describe("the node", () => {
  test("it starts empty, and answers the sender's call with the reply", () => {
    const node = relationalStore();
    const context = contextOf("database", ["database"], "database");
    const from = { node: nodeId("server"), call: "push" };

    const started = node.start(context);
    const reaction = node.onMessage.insert(started.state, insert("t", { a: 1 }), from, context);

    expect(started).toEqual({ state: emptyRelational, effects: [] });
    expect(encode(reaction.state)).toBe("Map{'t':Set{Map{'a':1}}}");
    expect(reaction.effects).toEqual([{ kind: "send", to: from.node, message: { kind: "ok" }, call: "push" }]);
  });
});
