import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyRelational } from "../../nodes/relational.js";
import type { Query } from "../../nodes/relational/query.js";
import type { RelationalReply } from "../../nodes/relational/request.js";
import { emptyRelational, type RelationalState } from "../../nodes/relational/state.js";
import { byCodeUnits, encode } from "../../sim/value.js";
import { type Contents, contents, looseQueryOf, queryOf, tableNames } from "../nodes/relational-arbitraries.js";
import { postgresFolder, type RealPostgres, startPostgres } from "./postgres-server.js";
import { type Nulls, sqlOfContents, sqlOfQuery, sqlOfTables } from "./sql.js";

const seed = 19720301;
const folder = postgresFolder();
const title =
  folder === undefined
    ? "the relational store against PostgreSQL: SKIPPED, its programs are missing (Debian: apt-get install postgresql)"
    : `the relational store against PostgreSQL (${folder}, seed ${seed})`;

if (folder === undefined) console.warn(title);

describe.skipIf(folder === undefined)(title, () => {
  let real: RealPostgres;
  beforeAll(async () => {
    real = await startPostgres(folder ?? "");
    await real.run(sqlOfTables);
  }, 60_000);
  afterAll(() => real.stop());

  test("random queries over tables without nulls give the same rows under SQL's own operators", async () => {
    const seen = await compareOn(contents({ nulls: false, filled: false }), query(false), "none");
    expect(seen.errors).toBe(0);
    expect(seen.rows).toBeGreaterThan(500);
  });

  test("random queries over tables with nulls give the same rows, null being equal to itself and before all others", async () => {
    const seen = await compareOn(contents({ nulls: true, filled: false }), query(true), "as-values");
    expect(seen.errors).toBe(0);
    expect(seen.rows).toBeGreaterThan(500);
  });

  test("a random query that may be wrong is an error exactly where it is one in SQL", async () => {
    const seen = await compareOn(contents({ nulls: false, filled: true }), looseQueryOf(3), "none");
    expect(seen.errors).toBeGreaterThan(200);
    expect(seen.rows).toBeGreaterThan(200);
  });

  /** Compares the replies, some queries for each content, and counts what was compared. */
  async function compareOn(tables: fc.Arbitrary<Contents>, queries: fc.Arbitrary<Query>, nulls: Nulls): Promise<Seen> {
    const seen: Seen = { errors: 0, rows: 0 };
    const several = fc.array(queries, { minLength: 4, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(tables, several, async (rows, all) => {
        const state = filledWith(rows);
        const script = all.map((query) => `${sqlOfQuery(query, nulls)}\n${afterEach}`).join("\n");
        const theirs = splitReplies(await real.run(`${sqlOfContents(rows)}\n${script}`));
        expect(theirs).toHaveLength(all.length);
        for (const [i, query] of all.entries()) {
          const [, reply] = applyRelational(state, { kind: "query", query });
          expect(textOf(reply), `${JSON.stringify(query)} as ${sqlOfQuery(query, nulls)}`).toEqual(theirs[i]);
          if (reply.kind === "error") seen.errors += 1;
          if (reply.kind === "rows") seen.rows += reply.rows.length;
        }
      }),
      { seed, numRuns: 150 },
    );
    return seen;
  }
});

interface Seen {
  errors: number;
  rows: number;
}

function query(nulls: boolean): fc.Arbitrary<Query> {
  return queryOf(3, nulls).map((typed) => typed.query);
}

function filledWith(rows: Contents): RelationalState {
  const requests = tableNames.flatMap((table) => rows[table].map((row) => ({ kind: "insert", table, row }) as const));
  return requests.reduce((state, request) => applyRelational(state, request)[0], emptyRelational);
}

/** What psql prints after each query, to tell replies apart, and an error from no rows. */
const afterEach = "\\if :ERROR\n\\echo error\n\\endif\n\\echo ;";

function splitReplies(lines: readonly string[]): readonly (readonly string[])[] {
  const replies: (readonly string[])[] = [];
  let start = 0;
  for (const [i, line] of lines.entries()) {
    if (line !== ";") continue;
    const reply = lines.slice(start, i);
    const rows = reply.filter((text) => text !== "error").map((text) => encode(JSON.parse(text)));
    replies.push(reply.includes("error") ? ["error"] : rows.sort(byCodeUnits));
    start = i + 1;
  }
  return replies;
}

/** Ours in the order in which they are given, which is claimed to be canonical. */
function textOf(reply: RelationalReply): readonly string[] {
  return reply.kind === "rows" ? reply.rows.map(encode) : [reply.kind];
}
