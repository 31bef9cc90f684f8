import type { Scalar } from "./row.js";

/**
 * A query, as data: the relational algebra (E. F. Codd, "Relational Completeness of Data Base Sublanguages", 1972) with
 * set semantics.
 */
export type Query =
  | { readonly kind: "table"; readonly name: string }
  | { readonly kind: "select"; readonly from: Query; readonly where: Predicate }
  | Projection
  | Join
  | { readonly kind: "union"; readonly left: Query; readonly right: Query }
  | { readonly kind: "difference"; readonly left: Query; readonly right: Query };

/** Keeps the named fields; an object also renames: `{ name: field }` keeps `field` as `name`. */
export interface Projection {
  readonly kind: "project";
  readonly from: Query;
  readonly fields: readonly string[] | { readonly [name: string]: string };
}

/**
 * Without `on`, a natural join: rows that agree in all fields that both sides have (each with each, if there is none).
 *
 * With `on`, rows where each pair's first field, of the left side, equals its second, of the right side. All fields of
 * both sides are kept, so that no other name may stand on both.
 */
export interface Join {
  readonly kind: "join";
  readonly left: Query;
  readonly right: Query;
  readonly on?: readonly (readonly [string, string])[];
}

/** What a select asks of a row. `and` of nothing is true, `or` of nothing is false. */
export type Predicate =
  | { readonly kind: "compare"; readonly left: Operand; readonly operator: Operator; readonly right: Operand }
  | { readonly kind: "and"; readonly of: readonly Predicate[] }
  | { readonly kind: "or"; readonly of: readonly Predicate[] }
  | { readonly kind: "not"; readonly of: Predicate };

export type Operand = { readonly field: string } | { readonly constant: Scalar };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** The fields that a predicate names. */
export function fieldsOfPredicate(predicate: Predicate): readonly string[] {
  switch (predicate.kind) {
    case "compare":
      return [predicate.left, predicate.right].flatMap((operand) => ("field" in operand ? [operand.field] : []));
    case "and":
    case "or":
      return predicate.of.flatMap(fieldsOfPredicate);
    case "not":
      return fieldsOfPredicate(predicate.of);
  }
}
