import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyRedis } from "../../nodes/redis.js";
import type { RedisReply } from "../../nodes/redis/reply.js";
import type { RedisCommand, RedisRequest } from "../../nodes/redis/request.js";
import { emptyRedis } from "../../nodes/redis/state.js";
import { byCodeUnits } from "../../sim/value.js";
import { integerTexts, redisKeys, redisRequest } from "../nodes/redis-arbitraries.js";
import { type RealRedis, redisVersion, startRedis } from "./redis-server.js";
import { encodeWire, type Wire } from "./resp.js";

const seed = 20181011;
const version = redisVersion();
const title =
  version === undefined
    ? "the Redis-like store against a real server: SKIPPED, redis-server is missing (Debian: apt-get install redis-server)"
    : `the Redis-like store against a real server (${version}, seed ${seed})`;

if (version === undefined) console.warn(title);

describe.skipIf(version === undefined)(title, () => {
  let real: RealRedis;
  beforeAll(async () => {
    real = await startRedis();
  }, 60_000);
  afterAll(() => real.stop());

  test("random requests get the same replies, to the byte, and leave the same keys", async () => {
    let commands = 0;
    const errors = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(redisRequest, { minLength: 40, maxLength: 80 }), async (random) => {
        const requests = [...random, ...readEverything];
        const theirs = await askServer(real, requests);
        let state = emptyRedis;
        for (const [i, request] of requests.entries()) {
          const [after, reply] = applyRedis(state, request);
          state = after;
          const wanted = encodeWire(inOrder(request, theirs[i]));
          expect(encodeWire(wireOf(reply)), `reply ${i} to ${JSON.stringify(request)}`).toBe(wanted);
          if (reply.kind === "error") errors.add(reply.text);
          commands += request.kind === "transaction" ? request.requests.length : 1;
        }
        const [size] = await real.connection.call([["DBSIZE"]]);
        expect(String(state.size)).toBe(size?.type === "integer" && size.text);
      }),
      { seed, numRuns: 120 },
    );
    expect(commands).toBeGreaterThan(5_000);
    expect([...errors].sort()).toEqual([
      "ERR decrement would overflow",
      "ERR increment or decrement would overflow",
      "ERR value is not an integer or out of range",
      "ERR wrong number of arguments for 'del' command",
      "ERR wrong number of arguments for 'exists' command",
      "ERR wrong number of arguments for 'rpush' command",
      "ERR wrong number of arguments for 'sadd' command",
      "ERR wrong number of arguments for 'srem' command",
      "EXECABORT Transaction discarded because of previous errors.",
      "WRONGTYPE Operation against a key holding the wrong kind of value",
    ]);
  });

  test("each text around the 64-bit limits, added to and subtracted from each other, gets the same replies", async () => {
    const requests = integerTexts.flatMap((value) =>
      integerTexts.flatMap((by): readonly RedisCommand[] => [
        { kind: "set", key: "k", value },
        { kind: "incrby", key: "k", by },
        { kind: "incr", key: "k" },
        { kind: "set", key: "k", value },
        { kind: "decrby", key: "k", by },
        { kind: "decr", key: "k" },
      ]),
    );
    const theirs = await askServer(real, requests);
    let state = emptyRedis;

    const ours = requests.map((request) => {
      const [after, reply] = applyRedis(state, request);
      state = after;
      return wireOf(reply);
    });

    expect(ours).toEqual(theirs);
  });

  test("a string that grows beyond the limit gets the server's error", async () => {
    const text = "x".repeat(1024 * 1024);
    const replies = await real.connection.call([
      ["CONFIG", "SET", "proto-max-bulk-len", "1mb"],
      ["SET", "long", text],
      ["APPEND", "long", "y"],
      ["CONFIG", "SET", "proto-max-bulk-len", "512mb"],
      ["DEL", "long"],
    ]);
    const half = "x".repeat(256 * 1024 * 1024);
    const state = emptyRedis.set("long", half + half.slice(64));

    const [, reply] = applyRedis(state, { kind: "append", key: "long", value: "y".repeat(65) });

    expect(wireOf(reply)).toEqual(replies[2]);
  });
});

/** The whole content, read key by key through every type's reader. */
const readEverything: readonly RedisCommand[] = redisKeys.flatMap((key): readonly RedisCommand[] => [
  { kind: "get", key },
  { kind: "smembers", key },
  { kind: "lrange", key, start: 0, stop: -1 },
]);

/** Empties the server, then asks in one go. A transaction's reply is that of its `EXEC`. */
async function askServer(real: RealRedis, requests: readonly RedisRequest[]): Promise<Wire[]> {
  const sent: (readonly string[])[] = [["FLUSHALL"]];
  const answers: number[] = [];
  for (const request of requests) {
    if (request.kind === "transaction") sent.push(["MULTI"], ...request.requests.map(wordsOf), ["EXEC"]);
    else sent.push(wordsOf(request));
    answers.push(sent.length - 1);
  }
  const replies = await real.connection.call(sent);
  return answers.flatMap((at) => replies[at] ?? []);
}

function wordsOf(command: RedisCommand): readonly string[] {
  switch (command.kind) {
    case "get":
    case "strlen":
    case "incr":
    case "decr":
    case "smembers":
      return [command.kind, command.key];
    case "set":
    case "append":
      return [command.kind, command.key, command.value];
    case "incrby":
    case "decrby":
      return [command.kind, command.key, String(command.by)];
    case "del":
    case "exists":
      return [command.kind, ...command.keys];
    case "sadd":
    case "srem":
      return [command.kind, command.key, ...command.members];
    case "sismember":
      return [command.kind, command.key, command.member];
    case "rpush":
      return [command.kind, command.key, ...command.values];
    case "lrange":
      return [command.kind, command.key, String(command.start), String(command.stop)];
  }
}

function wireOf(reply: RedisReply): Wire {
  switch (reply.kind) {
    case "ok":
      return { type: "simple", text: "OK" };
    case "value":
      return { type: "bulk", text: reply.value };
    case "integer":
      return { type: "integer", text: String(reply.value) };
    case "members":
      return { type: "array", items: reply.members.map((text) => ({ type: "bulk", text })) };
    case "list":
      return { type: "array", items: reply.items.map((text) => ({ type: "bulk", text })) };
    case "error":
      return { type: "error", text: reply.text };
    case "replies":
      return { type: "array", items: reply.replies.map(wireOf) };
  }
}

/** Sorts what the server gives in an order of its own: the members of a set. */
function inOrder(request: RedisRequest, reply: Wire | undefined): Wire {
  if (reply === undefined) throw new Error(`The server gave no reply to ${JSON.stringify(request)}.`);
  if (reply.type !== "array") return reply;
  if (request.kind === "transaction") {
    const items = reply.items.map((item, i) => inOrder(request.requests[i] ?? request, item));
    return { type: "array", items };
  }
  if (request.kind !== "smembers") return reply;
  return { type: "array", items: [...reply.items].sort((a, b) => byCodeUnits(encodeBulk(a), encodeBulk(b))) };
}

function encodeBulk(item: Wire): string {
  return item.type === "bulk" ? (item.text ?? "") : "";
}
