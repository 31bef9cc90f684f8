import { expect, test } from "vitest";
import { redisStore } from "../../nodes/redis.js";
import type { RedisReply } from "../../nodes/redis/reply.js";
import type { RedisRequest } from "../../nodes/redis/request.js";
import type { RedisState } from "../../nodes/redis/state.js";
import { applyRelational, relationalStore } from "../../nodes/relational.js";
import type { RelationalRequest } from "../../nodes/relational/request.js";
import type { RelationalState } from "../../nodes/relational/state.js";
import type { Operation } from "../../sim/choice.js";
import { nodeId } from "../../sim/node-id.js";
import { always, type Property } from "../../sim/property.js";
import type { View } from "../../sim/view.js";
import { following, inOrder, operation, type Workload } from "../../sim/workload.js";
import { searchAll } from "./search-all.js";

const cache = nodeId("cache");
const database = nodeId("database");
const askCache = (request: RedisRequest): Operation => operation(cache, request);
const askDatabase = (request: RelationalRequest): Operation => operation(database, request);

const isDone = (view: View): boolean =>
  view.clients().every((client) => client.invoked === 2 && client.open === undefined);

/** Two clients that each have two operations in all, on one counter that starts at 0. */
function countTwice(workload: Workload): ReturnType<typeof searchAll> {
  const both: Property = always("two increments give 2", (view) => {
    const count = view.node<RedisState>(cache).state.get("n");
    return !isDone(view) || count === "2" || `the counter is ${String(count)}`;
  });
  return searchAll({ nodes: { cache: redisStore() }, workload: { ava: workload, bob: workload }, properties: [both] });
}

test("a search finds the increment that is lost between a get and a set", () => {
  const getThenSet = following((results) => {
    if (results.isEmpty()) return askCache({ kind: "get", key: "n" });
    if (results.size > 1) return null;
    const found = results.first() as Extract<RedisReply, { kind: "value" }>;
    return askCache({ kind: "set", key: "n", value: String(Number(found.value ?? "0") + 1) });
  });
  expect(countTwice(getThenSet)).toMatchObject({
    kind: "violated",
    witness: { detail: "the counter is 1" },
  });
});

test("a search proves that no incr is lost", () => {
  const incrThenGet = inOrder(askCache({ kind: "incr", key: "n" }), askCache({ kind: "get", key: "n" }));
  expect(countTwice(incrThenGet)).toMatchObject({ kind: "holds", coverage: { complete: true } });
});

test("a transaction on the relational store is seen whole or not at all", () => {
  const moves: RelationalRequest = {
    kind: "transaction",
    requests: [
      { kind: "delete", table: "place", row: { of: "coin" } },
      { kind: "insert", table: "place", row: { of: "coin", at: "b" } },
    ],
  };
  const query: RelationalRequest = { kind: "query", query: { kind: "table", name: "place" } };
  const verdict = searchAll({
    nodes: { database: relationalStore() },
    initial: { database: [{ kind: "insert", table: "place", row: { of: "coin", at: "a" } } as RelationalRequest] },
    workload: { ava: inOrder(askDatabase(moves)), bob: inOrder(askDatabase(query)) },
    properties: [
      always("the coin is in one place", (view) => {
        const [, reply] = applyRelational(view.node<RelationalState>(database).state, query);
        return (reply.kind === "rows" && reply.rows.length === 1) || "the coin is lost or doubled";
      }),
    ],
  });
  expect(verdict).toMatchObject({ kind: "holds", coverage: { complete: true } });
});
