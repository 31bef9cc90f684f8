import { Map, Set } from "immutable";
import { byCodeUnits, encode } from "../../sim/value.js";
import { satisfies } from "./predicate.js";
import { fieldsOfPredicate, type Join, type Projection, type Query } from "./query.js";
import type { StoredRow } from "./row.js";
import type { RelationalState } from "./state.js";

/** Rows that all have the same fields. `fields` is undefined when nobody knows them: the table does not exist (yet). */
export interface Relation {
  readonly fields: Set<string> | undefined;
  readonly rows: Set<StoredRow>;
}

/** A query that names a field that is not there, or puts together what does not fit; the message is the reply. */
export class InvalidQuery extends Error {
  override readonly name = "InvalidQuery";
}

/**
 * The relation that a query describes. Linear in the rows of its parts and of its result.
 *
 * @throws InvalidQuery as soon as the fields are known to be wrong, even if no row is there to show it.
 */
export function evaluate(state: RelationalState, query: Query): Relation {
  switch (query.kind) {
    case "table":
      return tableOf(state, query.name);
    case "select": {
      const { fields, rows } = evaluate(state, query.from);
      requireFields("select", fields, fieldsOfPredicate(query.where));
      return { fields, rows: rows.filter((row) => satisfies(row, query.where)) };
    }
    case "project":
      return project(evaluate(state, query.from), query.fields);
    case "join":
      return query.on === undefined
        ? joinNaturally(evaluate(state, query.left), evaluate(state, query.right))
        : joinOn(evaluate(state, query.left), evaluate(state, query.right), query.on);
    case "union":
    case "difference": {
      const left = evaluate(state, query.left);
      const right = evaluate(state, query.right);
      requireSameFields(query.kind, left, right);
      const rows = query.kind === "union" ? left.rows.union(right.rows) : left.rows.subtract(right.rows);
      return { fields: left.fields ?? right.fields, rows };
    }
  }
}

/** The rows of a table, with the fields that its first row brought. */
export function tableOf(state: RelationalState, table: string): Relation {
  const rows = state.get(table) ?? Set<StoredRow>();
  return { fields: rows.first()?.keySeq().toSet(), rows };
}

function project({ fields, rows }: Relation, wanted: Projection["fields"]): Relation {
  const sources = Map(isList(wanted) ? wanted.map((field) => [field, field]) : Object.entries(wanted));
  requireFields("project", fields, [...sources.values()]);
  return {
    fields: sources.keySeq().toSet(),
    rows: rows.map((row) => sources.map((source) => row.get(source, null))),
  };
}

function isList(wanted: Projection["fields"]): wanted is readonly string[] {
  return Array.isArray(wanted);
}

function joinNaturally(left: Relation, right: Relation): Relation {
  if (left.fields === undefined || right.fields === undefined) return { fields: undefined, rows: Set() };
  const shared = left.fields.intersect(right.fields).toArray();
  return {
    fields: left.fields.union(right.fields),
    rows: matching(left.rows, right.rows, { left: shared, right: shared }),
  };
}

function joinOn(left: Relation, right: Relation, on: NonNullable<Join["on"]>): Relation {
  const pairs = { left: on.map(([field]) => field), right: on.map(([, field]) => field) };
  requireFields("left side of the join", left.fields, pairs.left);
  requireFields("right side of the join", right.fields, pairs.right);
  if (left.fields === undefined || right.fields === undefined) return { fields: undefined, rows: Set() };
  const merged = on.flatMap(([first, second]) => (first === second ? [first] : []));
  const doubled = left.fields.intersect(right.fields).subtract(merged);
  if (!doubled.isEmpty()) {
    throw new InvalidQuery(
      `The join has ${names(doubled)} on both sides; rename it on one of them by a project first.`,
    );
  }
  return { fields: left.fields.union(right.fields), rows: matching(left.rows, right.rows, pairs) };
}

/** The pairs of rows that agree in the given fields, put together (a hash join). */
function matching(
  left: Set<StoredRow>,
  right: Set<StoredRow>,
  fields: { readonly left: readonly string[]; readonly right: readonly string[] },
): Set<StoredRow> {
  const partners = right.groupBy((row) => keyOf(row, fields.right));
  return left.flatMap((row) => (partners.get(keyOf(row, fields.left)) ?? Set()).map((partner) => row.merge(partner)));
}

function keyOf(row: StoredRow, fields: readonly string[]): string {
  return encode(fields.map((field) => row.get(field, null)));
}

/** @throws InvalidQuery when one of the wanted fields is not among those that are known to be there. */
export function requireFields(place: string, fields: Set<string> | undefined, wanted: readonly string[]): void {
  if (fields === undefined) return;
  const unknown = Set(wanted).subtract(fields);
  if (unknown.isEmpty()) return;
  throw new InvalidQuery(`The ${place} names ${names(unknown)}, but the fields there are ${names(fields)}.`);
}

function requireSameFields(operation: "union" | "difference", left: Relation, right: Relation): void {
  if (left.fields === undefined || right.fields === undefined || left.fields.equals(right.fields)) return;
  throw new InvalidQuery(
    `The two sides of the ${operation} have different fields, ${names(left.fields)} and ${names(right.fields)}; ` +
      "project them to the same ones first.",
  );
}

/** Field names for a sentence, in an order of their own. */
export function names(fields: Set<string>): string {
  if (fields.isEmpty()) return "none";
  return [...fields]
    .sort(byCodeUnits)
    .map((field) => `"${field}"`)
    .join(", ");
}
