import fc from "fast-check";
import { expect, test } from "vitest";
import { loadSqlite } from "../../cli/sqlite.js";
import { sqlSpecification } from "../../checker/provenance/sql-specification.js";
import type { CoordinationRequest } from "../../nodes/coordination/request.js";
import { coordinationProvenance, coordinationProvenanceSql } from "../../nodes/coordination.provenance.js";
import { redisProvenance, redisProvenanceSql } from "../../nodes/redis.provenance.js";
import type { RedisRequest } from "../../nodes/redis/request.js";

const seed = 20261126;
const open = await loadSqlite();

const key = fc.constantFrom("x", "y", "a key");
const value = fc.constantFrom("1", "ab", "");
const redis: fc.Arbitrary<RedisRequest> = fc.oneof(
  fc.record({ kind: fc.constantFrom("get", "strlen", "incr", "decr", "smembers"), key }),
  fc.record({ kind: fc.constantFrom("set", "append"), key, value }),
  fc.record({ kind: fc.constantFrom("incrby", "decrby"), key, by: fc.constantFrom("1", "-2") }),
  fc.record({ kind: fc.constantFrom("del", "exists"), keys: fc.array(key, { maxLength: 3 }) }),
  fc.record({ kind: fc.constantFrom("sadd", "srem"), key, members: fc.array(value, { minLength: 1, maxLength: 2 }) }),
) as fc.Arbitrary<RedisRequest>;

const znode = fc.constantFrom("/", "/a", "/a/b", "/a/c", "/a/b/d", "/e");
const coordination: fc.Arbitrary<CoordinationRequest> = fc.oneof(
  fc.record({ kind: fc.constantFrom("create" as const, "write" as const), path: znode, data: value }),
  fc.record({ kind: fc.constantFrom("delete" as const, "read" as const, "list" as const), path: znode }),
);

test("the Redis rule gives the same as a function and as a query", () => {
  const sql = sqlSpecification<RedisRequest>(redisProvenanceSql, open);
  fc.assert(
    fc.property(fc.array(redis, { maxLength: 12 }), redis, (trace, input) => {
      expect(sql(trace, input)).toEqual(redisProvenance(trace, input));
    }),
    { seed, numRuns: 400 },
  );
});

test("the coordination service's rule gives the same as a function and as a query", () => {
  const sql = sqlSpecification<CoordinationRequest>(coordinationProvenanceSql, open);
  fc.assert(
    fc.property(fc.array(coordination, { maxLength: 12 }), coordination, (trace, input) => {
      expect(sql(trace, input)).toEqual(coordinationProvenance(trace, input));
    }),
    { seed, numRuns: 400 },
  );
});

test("a query that gives other rows is refused", () => {
  const sql = sqlSpecification<RedisRequest>("SELECT 1, 'two', 3", open);

  expect(() => sql([], { kind: "get", key: "x" })).toThrow(
    "The query of the provenance specification gives the row (1, two, 3); each is a witness and a position.",
  );
});
