import type { Specification } from "./specification.js";
import { InvalidSpecification } from "./specification.js";
import { valueJson } from "./value-json.js";
import type { Positions } from "./witnesses.js";

/** The part of an SQLite engine that is needed: whoever has one, such as sql.js, gives it. */
export interface SqlDatabase {
  run(statement: string, values?: readonly SqlValue[]): void;
  /** The rows that a query gives, with its named parameters bound. */
  query(statement: string, parameters: { readonly [name: string]: SqlValue }): readonly (readonly SqlValue[])[];
  close(): void;
}

export type SqlValue = string | number | null;

/** The inputs of nodes, as a run's database and the queries of specifications have them. */
export const inputsTable =
  "CREATE TABLE inputs (node TEXT NOT NULL, position INTEGER NOT NULL, event INTEGER, kind TEXT NOT NULL, " +
  "message TEXT, body TEXT, PRIMARY KEY (node, position))";

/** An input that is a message, as a row of that table. */
export function messageRow(node: string, position: number, event: number | null, message: { readonly kind: string }) {
  return [node, position, event, "deliver", message.kind, valueJson(message)] as const;
}

/**
 * A provenance specification that is a query over `inputs`, as Watermelon's (Whittaker et al., SoCC 2018, section 5): given
 * `:node` and `:position` of the explained input, it gives rows (witness, position), where rows of the same witness belong
 * together. No rows: the empty witness.
 *
 * @param open opens an empty database; asked once for each explanation.
 */
export function sqlSpecification<Input extends { readonly kind: string }>(
  sql: string,
  open: () => SqlDatabase,
): Specification<Input> {
  return (trace, input) => {
    const database = open();
    try {
      database.run(inputsTable);
      [...trace, input].forEach((one, position) => {
        database.run("INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?)", messageRow("node", position, null, one));
      });
      return witnessesBySql(database, sql, "node", trace.length);
    } finally {
      database.close();
    }
  };
}

/** The witnesses that a query gives for one input of a database. @throws InvalidSpecification for rows of another shape. */
export function witnessesBySql(database: SqlDatabase, sql: string, node: string, position: number): Positions[] {
  const witnesses = new Map<SqlValue, number[]>();
  for (const row of database.query(sql, { ":node": node, ":position": position })) {
    const [witness, one] = row;
    if (row.length !== 2 || witness === undefined || typeof one !== "number") {
      throw new InvalidSpecification(
        `The query of the provenance specification gives the row (${row.join(", ")}); each is a witness and a position.`,
      );
    }
    witnesses.set(witness, [...(witnesses.get(witness) ?? []), one]);
  }
  return witnesses.size === 0 ? [[]] : [...witnesses.values()].map((positions) => positions.sort((a, b) => a - b));
}
