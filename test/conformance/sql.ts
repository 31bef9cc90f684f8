import type { Operand, Operator, Predicate, Query } from "../../nodes/relational/query.js";
import type { Row, Scalar } from "../../nodes/relational/row.js";
import { type Contents, isNumeric, tableNames, tables } from "../nodes/relational-arbitraries.js";

/** How comparisons are put: with SQL's own operators, or with null as a value, equal to itself and before all others. */
export type Nulls = "none" | "as-values";

/** A script that prints the rows of a query, one JSON object a line, each row once. */
export function sqlOfQuery(query: Query, nulls: Nulls): string {
  const { sql, fields } = translate(query, nulls);
  return `SELECT row_to_json(q) FROM (SELECT DISTINCT ${fields.join(", ")} FROM (${sql}) AS d) AS q;`;
}

export const sqlOfTables = tableNames
  .map((table) => `CREATE TABLE ${table} (${tables[table].map((field) => `${field} ${typeOf(field)}`).join(", ")});`)
  .join("\n");

export function sqlOfContents(contents: Contents): string {
  const inserts = tableNames.flatMap((table) => contents[table].map((row) => insertOf(table, row)));
  return [`TRUNCATE ${tableNames.join(", ")};`, ...inserts].join("\n");
}

function insertOf(table: string, row: Row): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")});`;
}

interface Translation {
  readonly sql: string;
  readonly fields: readonly string[];
}

function translate(query: Query, nulls: Nulls): Translation {
  switch (query.kind) {
    case "table": {
      const fields = tables[query.name as keyof typeof tables];
      return { sql: `SELECT ${fields.join(", ")} FROM ${query.name}`, fields };
    }
    case "select": {
      const { sql, fields } = translate(query.from, nulls);
      return { sql: `SELECT ${fields.join(", ")} FROM (${sql}) AS q WHERE ${condition(query.where, nulls)}`, fields };
    }
    case "project":
      return project(translate(query.from, nulls), query.fields);
    case "join": {
      const [left, right] = [translate(query.left, nulls), translate(query.right, nulls)];
      return query.on === undefined ? naturalJoin(left, right, nulls) : joinOn(left, right, { on: query.on, nulls });
    }
    case "union":
    case "difference":
      return combine(query.kind, translate(query.left, nulls), translate(query.right, nulls));
  }
}

function project(from: Translation, wanted: readonly string[] | { readonly [name: string]: string }): Translation {
  const pairs = Array.isArray(wanted) ? wanted.map((field: string) => [field, field]) : Object.entries(wanted);
  const list = pairs.map(([name, source]) => `q.${source} AS ${name}`).join(", ");
  return { sql: `SELECT ${list} FROM (${from.sql}) AS q`, fields: pairs.map(([name]) => String(name)) };
}

function naturalJoin(left: Translation, right: Translation, nulls: Nulls): Translation {
  const added = right.fields.filter((field) => !left.fields.includes(field));
  const fields = [...left.fields, ...added];
  if (nulls === "none") {
    const sql = `SELECT ${fields.join(", ")} FROM (${left.sql}) AS x NATURAL JOIN (${right.sql}) AS y`;
    return { sql, fields };
  }
  const shared = left.fields.filter((field) => right.fields.includes(field));
  return joinOn(left, right, { on: shared.map((field) => [field, field]), nulls });
}

function joinOn(
  left: Translation,
  right: Translation,
  { on, nulls }: { readonly on: readonly (readonly [string, string])[]; readonly nulls: Nulls },
): Translation {
  const merged = on.filter(([a, b]) => a === b).map(([a]) => a);
  const added = right.fields.filter((field) => !merged.includes(field));
  const list = [...left.fields.map((field) => `x.${field}`), ...added.map((field) => `y.${field}`)].join(", ");
  const conditions = on.map(([a, b]) => comparison(`x.${a}`, "=", `y.${b}`, nulls));
  return {
    sql: `SELECT ${list} FROM (${left.sql}) AS x JOIN (${right.sql}) AS y ON ${["TRUE", ...conditions].join(" AND ")}`,
    fields: [...new Set([...left.fields, ...added])],
  };
}

/** SQL goes by position, the algebra by name: the right side is read in the left's fields, and the left in the right's. */
function combine(kind: "union" | "difference", left: Translation, right: Translation): Translation {
  const list = left.fields.join(", ");
  const sameFields = `(SELECT count(*) FROM (SELECT ${right.fields.map((field) => `q.${field}`).join(", ")} FROM (${left.sql}) AS q) AS c) >= 0`;
  const other = `SELECT ${left.fields.map((field) => `q.${field}`).join(", ")} FROM (${right.sql}) AS q WHERE ${sameFields}`;
  const sql = `SELECT ${list} FROM (${left.sql}) AS l ${kind === "union" ? "UNION" : "EXCEPT"} ${other}`;
  return { sql, fields: left.fields };
}

function condition(predicate: Predicate, nulls: Nulls): string {
  switch (predicate.kind) {
    case "compare":
      return comparison(operand(predicate.left), predicate.operator, operand(predicate.right), nulls);
    case "and":
      return `(${["TRUE", ...predicate.of.map((part) => condition(part, nulls))].join(" AND ")})`;
    case "or":
      return `(${["FALSE", ...predicate.of.map((part) => condition(part, nulls))].join(" OR ")})`;
    case "not":
      return `(NOT ${condition(predicate.of, nulls)})`;
  }
}

function comparison(a: string, operator: Operator, b: string, nulls: Nulls): string {
  if (nulls === "none") return `(${a} ${operator === "!=" ? "<>" : operator} ${b})`;
  const less = (x: string, y: string) => `COALESCE(${x} < ${y}, ${x} IS NULL AND ${y} IS NOT NULL)`;
  switch (operator) {
    case "=":
      return `(${a} IS NOT DISTINCT FROM ${b})`;
    case "!=":
      return `(${a} IS DISTINCT FROM ${b})`;
    case "<":
      return less(a, b);
    case ">":
      return less(b, a);
    case "<=":
      return `(NOT ${less(b, a)})`;
    case ">=":
      return `(NOT ${less(a, b)})`;
  }
}

function operand(operand: Operand): string {
  return "field" in operand ? operand.field : literal(operand.constant);
}

function literal(scalar: Scalar): string {
  if (scalar === null) return "NULL";
  return typeof scalar === "number" ? String(scalar) : `'${String(scalar).replaceAll("'", "''")}'`;
}

function typeOf(field: string): string {
  return isNumeric(field) ? "integer" : "text";
}
