import type { Set } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";
import { byCodeUnits, encode } from "../sim/value.js";
import { evaluate, InvalidQuery, names, requireFields, tableOf } from "./relational/relation.js";
import type {
  RelationalReply,
  RelationalRequest,
  RelationalStatement,
  RelationalTransaction,
} from "./relational/request.js";
import { isScalar, plainRow, type Row, type StoredRow, storedRow } from "./relational/row.js";
import { emptyRelational, type RelationalState } from "./relational/state.js";

/** The state after a request, and its reply. */
export type RelationalOutcome = readonly [RelationalState, RelationalReply];

/**
 * Applies a request to the store: set semantics, and queries of the relational algebra.
 *
 * A request that cannot be used gets an `error` with a sentence, and leaves the state as it was. The queries are compared
 * with PostgreSQL in `test/conformance/relational.test.ts`.
 */
export function applyRelational(state: RelationalState, request: RelationalRequest): RelationalOutcome {
  return request.kind === "transaction" ? transact(state, request) : execute(state, request);
}

function transact(state: RelationalState, { requests }: RelationalTransaction): RelationalOutcome {
  let after = state;
  const replies: RelationalReply[] = [];
  for (const request of requests) {
    const [next, answer] = execute(after, request);
    if (answer.kind === "error") {
      return [state, { kind: "error", text: `requests[${replies.length}] of the transaction: ${answer.text}` }];
    }
    after = next;
    replies.push(answer);
  }
  return [after, { kind: "replies", replies }];
}

function execute(state: RelationalState, statement: RelationalStatement): RelationalOutcome {
  try {
    switch (statement.kind) {
      case "insert":
        return [insert(state, statement), { kind: "ok" }];
      case "delete":
        return [remove(state, statement), { kind: "ok" }];
      case "query":
        return [state, { kind: "rows", rows: inCanonicalOrder(evaluate(state, statement.query).rows) }];
    }
  } catch (error) {
    if (error instanceof InvalidQuery) return [state, { kind: "error", text: error.message }];
    throw error;
  }
}

interface RowOfTable {
  readonly table: string;
  readonly row: Row;
}

function insert(state: RelationalState, { table, row }: RowOfTable): RelationalState {
  for (const [field, value] of Object.entries(row)) {
    if (!isScalar(value)) {
      throw new InvalidQuery(
        `The field "${field}" of the row for the table "${table}" is neither string, number, boolean nor null; ` +
          "a field holds one of these.",
      );
    }
  }
  const added = storedRow(row);
  const { fields, rows } = tableOf(state, table);
  const given = added.keySeq().toSet();
  if (fields !== undefined && !fields.equals(given)) {
    throw new InvalidQuery(
      `The row for the table "${table}" has the fields ${names(given)}, but the rows there have ${names(fields)}; ` +
        "give all of them, null where there is no value.",
    );
  }
  return state.set(table, rows.add(added));
}

function remove(state: RelationalState, { table, row }: RowOfTable): RelationalState {
  const { fields, rows } = tableOf(state, table);
  const wanted = storedRow(row);
  requireFields(`delete from the table "${table}"`, fields, [...wanted.keys()]);
  const kept = rows.filterNot((candidate) => wanted.every((value, field) => candidate.get(field) === value));
  return kept.isEmpty() ? state.delete(table) : state.set(table, kept);
}

function inCanonicalOrder(rows: Set<StoredRow>): readonly Row[] {
  return [...rows]
    .map((stored) => {
      const row = plainRow(stored);
      return { row, text: encode(row) };
    })
    .sort((a, b) => byCodeUnits(a.text, b.text))
    .map(({ row }) => row);
}

/** A node that keeps tables in volatile memory and answers each request with one reply. */
export function relationalStore({
  role = "database",
}: {
  readonly role?: string;
} = {}): NodeDefinition<RelationalState, RelationalRequest> {
  return defineNode<RelationalState, RelationalRequest>({
    role,
    start: () => become(emptyRelational),
    onMessage: { insert: answer, delete: answer, query: answer, transaction: answer },
  });
}

function answer(state: RelationalState, request: RelationalRequest, from: Sender): Reaction<RelationalState> {
  const [after, response] = applyRelational(state, request);
  return become(after, reply(from, response));
}
