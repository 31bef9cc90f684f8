import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import initSqlJs from "sql.js";
import { expect, test } from "vitest";
import { Folder } from "./command-line.js";

const folder = new Folder();

async function rowsOf(file: string, query: string): Promise<unknown[][]> {
  const { Database } = await initSqlJs();
  const database = new Database(readFileSync(path.join(folder.path, file)));
  const [result] = database.exec(query);
  database.close();
  return result?.values ?? [];
}

test("why --sql writes the run: events, causes, inputs, outputs, and the witnesses that why shows", async () => {
  const { code, document } = await folder.json(["why", "zardozbook/paper", "--sql", "run.db"]);

  expect(code).toBe(0);
  const query = (text: string) => rowsOf("run.db", text);
  expect(await query("SELECT count(*), max(id) FROM events WHERE id > 0")).toEqual([[30, 30]]);
  expect(await query("SELECT text FROM events WHERE id = 3")).toEqual([
    ["s1 gets forwarded(request: unfriend(user: ava, friend: bob), client: ava:0) from balancer"],
  ]);
  // The causal past of Bob's page by a recursive query is the one that `why` gives.
  const past = await query(
    "WITH RECURSIVE past (event) AS (SELECT 30 UNION SELECT cause FROM causes JOIN past USING (event)) " +
      "SELECT event FROM past ORDER BY event",
  );
  expect(past.map(([event]) => event)).toEqual((document.causalPast as { readonly id: number }[]).map(({ id }) => id));
  expect(
    await query("SELECT event, body ->> '$.requests[0].table' FROM inputs WHERE node = 'database' AND event = 14"),
  ).toEqual([[14, "posts"]]);
  expect(await query("SELECT receiver, message FROM outputs WHERE event = 13")).toEqual([["database", "transaction"]]);
  const smallest = (document.smallest as { readonly id: number }[]).map(({ id }) => id);
  const witness = await query("SELECT event FROM witnesses WHERE witness = 0 ORDER BY event");
  expect(witness.map(([event]) => event)).toEqual(smallest);
});

test("it is written over a run of ours, and over nothing else", async () => {
  folder.write("notes.db", "not a database");

  const refused = await folder.run(["why", "zardozbook/paper", "--sql", "notes.db"]);
  expect(refused.stderr).toMatch(
    /notes\.db is there, and is no run that was written with --sql; it is left as it is\./,
  );
  expect(refused.code).toBe(2);
  expect(folder.read("notes.db")).toBe("not a database");

  const again = await folder.run(["why", "zardozbook/paper", "3", "--sql", "run.db"]);
  expect(again.code).toBe(0);
  expect(await rowsOf("run.db", "SELECT DISTINCT outcome FROM witnesses")).toEqual([[3]]);

  const nowhere = await folder.run(["why", "zardozbook/paper", "3", "--sql", "no/such/run.db"]);
  expect(nowhere.stderr).toMatch(/run\.db cannot be written: there is no such file or folder/);
  expect(existsSync(path.join(folder.path, "no"))).toBe(false);
});
