import type { Query } from "./query.js";
import type { Row } from "./row.js";

/** What a relational store is asked, one statement at a time. */
export type RelationalStatement =
  | { readonly kind: "insert"; readonly table: string; readonly row: Row }
  /** Deletes the rows that agree with `row` in each field that it gives. */
  | { readonly kind: "delete"; readonly table: string; readonly row: Row }
  | { readonly kind: "query"; readonly query: Query };

/** Several statements in one step: all of them, or, if one is an error, none. */
export interface RelationalTransaction {
  readonly kind: "transaction";
  readonly requests: readonly RelationalStatement[];
}

export type RelationalRequest = RelationalStatement | RelationalTransaction;

/** Rows are in the order of their canonical texts; replies are those of a transaction's statements, in order. */
export type RelationalReply =
  | { readonly kind: "ok" }
  | { readonly kind: "rows"; readonly rows: readonly Row[] }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "replies"; readonly replies: readonly RelationalReply[] };
