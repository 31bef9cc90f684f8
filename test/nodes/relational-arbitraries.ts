import fc from "fast-check";
import type { Operand, Operator, Predicate, Query } from "../../nodes/relational/query.js";
import type { Row, Scalar } from "../../nodes/relational/row.js";

/** The tables of the tests. The type of a field goes with its name: `n…` are numbers, `s…` are strings. */
export const tables = {
  r: ["n1", "s1"],
  s: ["n1", "n2"],
  t: ["n2", "s1", "s2"],
  u: ["n1", "s1"],
} as const;

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

/** Texts whose order differs between code units and most locales. */
const texts = ["", "a", "B", "b", "a'b", "ab", "é", "\\"];

export function scalarOf(field: string, nulls: boolean): fc.Arbitrary<Scalar> {
  const plain: fc.Arbitrary<Scalar> = isNumeric(field) ? fc.integer({ min: -1, max: 2 }) : fc.constantFrom(...texts);
  return nulls ? fc.oneof({ arbitrary: plain, weight: 3 }, { arbitrary: fc.constant(null), weight: 1 }) : plain;
}

export function isNumeric(field: string): boolean {
  return field.startsWith("n");
}

export function rowOf(fields: readonly string[], nulls: boolean): fc.Arbitrary<Row> {
  return fc
    .tuple(...fields.map((field) => scalarOf(field, nulls).map((value) => [field, value])))
    .map(Object.fromEntries);
}

/** Rows for each table; none of a table is empty when `filled` is set. */
export function contents(options: { readonly nulls: boolean; readonly filled: boolean }): fc.Arbitrary<Contents> {
  const rows = (table: TableName) =>
    fc.array(rowOf(tables[table], options.nulls), { minLength: options.filled ? 1 : 0, maxLength: 4 });
  return fc.record({ r: rows("r"), s: rows("s"), t: rows("t"), u: rows("u") });
}

export type Contents = { readonly [Table in TableName]: readonly Row[] };

/** A query with the fields of its rows, in order. */
export interface TypedQuery {
  readonly query: Query;
  readonly fields: readonly string[];
}

const allFields = ["n1", "n2", "n3", "s1", "s2", "s3"];

/** A query whose names all exist and whose parts fit, at most `depth` operations deep. */
export function queryOf(depth: number, nulls: boolean): fc.Arbitrary<TypedQuery> {
  const table = fc.constantFrom(...tableNames).map((name): TypedQuery => {
    return { query: { kind: "table", name }, fields: tables[name] };
  });
  if (depth === 0) return table;
  const part = queryOf(depth - 1, nulls);
  return fc.oneof(
    table,
    part.chain((from) => selectOf(from, nulls)),
    part.chain(projectOf),
    fc.tuple(part, part).map(naturalJoin),
    fc.tuple(part, part).chain(([left, right]) => pairJoinOf(left, right)),
    fc.tuple(fc.constantFrom("union" as const, "difference" as const), part, part).map(bothSides),
  );
}

function selectOf(from: TypedQuery, nulls: boolean): fc.Arbitrary<TypedQuery> {
  return predicateOf(from.fields, 2, nulls).map((where) => {
    return { query: { kind: "select", from: from.query, where }, fields: from.fields };
  });
}

const operator = fc.constantFrom<Operator>("=", "!=", "<", "<=", ">", ">=");

function predicateOf(fields: readonly string[], depth: number, nulls: boolean): fc.Arbitrary<Predicate> {
  const compare = fc.constantFrom(...fields).chain((field) => {
    const alike = fields.filter((other) => isNumeric(other) === isNumeric(field));
    const other: fc.Arbitrary<Operand> = fc.oneof(
      scalarOf(field, nulls).map((constant) => ({ constant })),
      fc.constantFrom(...alike).map((field) => ({ field })),
    );
    return fc.record({ operator, other, swapped: fc.boolean() }).map(({ operator, other, swapped }): Predicate => {
      const [left, right] = swapped ? [other, { field }] : [{ field }, other];
      return { kind: "compare", operator, left, right };
    });
  });
  if (depth === 0) return compare;
  const part = predicateOf(fields, depth - 1, nulls);
  const several = fc.array(part, { maxLength: 3 });
  return fc.oneof(
    { arbitrary: compare, weight: 2 },
    { arbitrary: fc.record({ kind: fc.constantFrom("and" as const, "or" as const), of: several }), weight: 2 },
    { arbitrary: part.map((of): Predicate => ({ kind: "not", of })), weight: 1 },
  );
}

function projectOf(from: TypedQuery): fc.Arbitrary<TypedQuery> {
  const kept = fc.subarray([...from.fields], { minLength: 1 });
  const plain = kept.map((fields): TypedQuery => {
    return { query: { kind: "project", from: from.query, fields }, fields };
  });
  const renamed = fc
    .tuple(kept, fc.shuffledSubarray(allFields, { minLength: allFields.length }))
    .map(([sources, names]) => {
      const free = [...names];
      const fields: Record<string, string> = {};
      for (const source of sources) {
        const at = free.findIndex((name) => isNumeric(name) === isNumeric(source));
        fields[(at < 0 ? undefined : free.splice(at, 1)[0]) ?? source] = source;
      }
      return renaming(from, fields);
    });
  return fc.oneof(plain, renamed);
}

function renaming(from: TypedQuery, fields: Record<string, string>): TypedQuery {
  return { query: { kind: "project", from: from.query, fields }, fields: Object.keys(fields) };
}

function naturalJoin([left, right]: readonly [TypedQuery, TypedQuery]): TypedQuery {
  const query: Query = { kind: "join", left: left.query, right: right.query };
  return { query, fields: [...new Set([...left.fields, ...right.fields])] };
}

/** Joins on pairs of one type, after a renaming of the right side that leaves no name on both. */
function pairJoinOf(left: TypedQuery, right: TypedQuery): fc.Arbitrary<TypedQuery> {
  let suffix = "_r";
  while (right.fields.some((field) => left.fields.includes(field + suffix))) suffix += "r";
  const renamed = renaming(right, Object.fromEntries(right.fields.map((field) => [field + suffix, field])));
  const pairs = left.fields.flatMap((a) =>
    renamed.fields.flatMap((b): [string, string][] => (isNumeric(a) === isNumeric(b) ? [[a, b]] : [])),
  );
  return fc.subarray(pairs, { maxLength: Math.min(pairs.length, 2) }).map((on) => {
    const query: Query = { kind: "join", left: left.query, right: renamed.query, on };
    return { query, fields: [...left.fields, ...renamed.fields] };
  });
}

/** Both sides are given the left side's fields: by projection where they have them, else from the left side again. */
function bothSides([kind, left, right]: readonly ["union" | "difference", TypedQuery, TypedQuery]): TypedQuery {
  const has = left.fields.every((field) => right.fields.includes(field));
  const other: Query = has ? { kind: "project", from: right.query, fields: left.fields } : left.query;
  return { query: { kind, left: left.query, right: other }, fields: left.fields };
}

/** A query that may name fields which are not there, or put together what does not fit; its comparisons keep to types. */
export function looseQueryOf(depth: number): fc.Arbitrary<Query> {
  const table = fc.constantFrom(...tableNames).map((name): Query => ({ kind: "table", name }));
  if (depth === 0) return table;
  const part = looseQueryOf(depth - 1);
  const some = fc.constantFrom(...allFields);
  const where = some.chain((field) =>
    fc.record({ operator, constant: scalarOf(field, false) }).map(({ operator, constant }): Predicate => {
      return { kind: "compare", left: { field }, operator, right: { constant } };
    }),
  );
  const pair = fc.constantFrom<[string, string]>(["n1", "n1"], ["n1", "n2"], ["n2", "n1"], ["s1", "s2"], ["s1", "s1"]);
  return fc.oneof(
    table,
    fc.record({ kind: fc.constant("select" as const), from: part, where }),
    fc.record({
      kind: fc.constant("project" as const),
      from: part,
      fields: fc.subarray(allFields, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constantFrom("join" as const, "union" as const, "difference" as const),
      left: part,
      right: part,
    }),
    fc.record({
      kind: fc.constant("join" as const),
      left: part,
      right: part,
      on: fc.array(pair, { minLength: 1, maxLength: 2 }),
    }),
  );
}
