import { Map } from "immutable";

/** What a field holds. Null is a value like others: it equals itself, and a comparison is true or false, nothing else. */
export type Scalar = string | number | boolean | null;

/** A row as requests and replies carry it. */
export interface Row {
  readonly [field: string]: Scalar;
}

/** A row as the store keeps it: rows of equal content are equal. */
export type StoredRow = Map<string, Scalar>;

export function storedRow(row: Row): StoredRow {
  return Map(Object.entries(row));
}

export function plainRow(row: StoredRow): Row {
  return Object.fromEntries(row);
}

/**
 * Orders scalars of any types: null, false, true, numbers, strings by code units. Negative when `a` comes first, 0 when
 * they are equal.
 *
 * A total order, so that a predicate needs no error for mixed types; CouchDB orders the types of its view keys alike.
 */
export function compareScalars(a: Scalar, b: Scalar): number {
  if (a === b) return 0;
  const byType = typePosition(a) - typePosition(b);
  if (byType !== 0) return byType;
  return a === null || b === null || a < b ? -1 : 1;
}

function typePosition(scalar: Scalar): number {
  if (scalar === null) return 0;
  if (typeof scalar === "boolean") return 1;
  return typeof scalar === "number" ? 2 : 3;
}

export function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && !Number.isNaN(value))
  );
}
