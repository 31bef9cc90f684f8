import fc from "fast-check";
import { isList, isSet } from "immutable";
import { describe, expect, test } from "vitest";
import { applyRedis, redisStore } from "../../nodes/redis.js";
import type { RedisReply } from "../../nodes/redis/reply.js";
import type { RedisCommand, RedisRequest } from "../../nodes/redis/request.js";
import { emptyRedis, type RedisState } from "../../nodes/redis/state.js";
import { nodeId } from "../../sim/node-id.js";
import { encode } from "../../sim/value.js";
import { contextOf } from "./context.js";
import { redisRequest } from "./redis-arbitraries.js";

const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
const notAnInteger = "ERR value is not an integer or out of range";
const overflow = "ERR increment or decrement would overflow";
const max = "9223372036854775807";
const min = "-9223372036854775808";

function after(...requests: readonly RedisRequest[]): RedisState {
  return requests.reduce((state, request) => applyRedis(state, request)[0], emptyRedis);
}

/** The last reply, as short as redis-cli prints it. */
function lastReply(...requests: readonly RedisRequest[]): unknown {
  const last = requests.at(-1);
  if (last === undefined) throw new Error("No request is given.");
  return brief(applyRedis(after(...requests.slice(0, -1)), last)[1]);
}

function brief(reply: RedisReply): unknown {
  switch (reply.kind) {
    case "ok":
      return "OK";
    case "value":
    case "integer":
      return reply.value;
    case "members":
      return reply.members;
    case "list":
      return reply.items;
    case "error":
      return reply.text;
    case "replies":
      return reply.replies.map(brief);
  }
}

const set = (value: string): RedisCommand => ({ kind: "set", key: "k", value });
const get: RedisCommand = { kind: "get", key: "k" };
const sadd = (...members: string[]): RedisCommand => ({ kind: "sadd", key: "k", members });
const rpush = (...values: string[]): RedisCommand => ({ kind: "rpush", key: "k", values });
const incrby = (by: string | number): RedisCommand => ({ kind: "incrby", key: "k", by });
const decrby = (by: string | number): RedisCommand => ({ kind: "decrby", key: "k", by });
const lrange = (start: string | number, stop: string | number): RedisCommand => ({
  kind: "lrange",
  key: "k",
  start,
  stop,
});

describe("strings", () => {
  test.each<[string, RedisRequest[], unknown]>([
    ["get of a missing key gives null", [get], null],
    ["get gives what was set last", [set("a"), set("b"), get], "b"],
    ["set answers OK", [set("a")], "OK"],
    ["set replaces a set", [sadd("a"), set("b"), get], "b"],
    ["append to a missing key creates it", [{ kind: "append", key: "k", value: "ab" }, get], "ab"],
    ["append gives the new length", [set("ab"), { kind: "append", key: "k", value: "cde" }], 5n],
    ["strlen of a missing key is 0", [{ kind: "strlen", key: "k" }], 0n],
    ["strlen counts bytes", [set("\xc3\xa9"), { kind: "strlen", key: "k" }], 2n],
    ["incr of a missing key gives 1", [{ kind: "incr", key: "k" }], 1n],
    ["decr of a missing key gives -1", [{ kind: "decr", key: "k" }], -1n],
    ["incrby takes a number", [set("5"), incrby(-7)], -2n],
    ["incrby takes a decimal text", [set("5"), incrby("7")], 12n],
    ["decrby subtracts", [set("5"), decrby("7")], -2n],
    ["incr stores the decimal text", [set("-1"), { kind: "incr", key: "k" }, get], "0"],
  ])("%s", (_fact, requests, reply) => {
    expect(lastReply(...requests)).toEqual(reply);
  });
});

describe("the limits of 64 bits", () => {
  test.each<[string, RedisRequest[], unknown]>([
    ["the greatest integer can be reached", [set("9223372036854775806"), incrby(1)], BigInt(max)],
    ["the greatest integer cannot be passed", [set(max), incrby(1)], overflow],
    ["the least integer can be reached", [set("-9223372036854775807"), decrby(1)], BigInt(min)],
    ["the least integer cannot be passed", [set(min), { kind: "decr", key: "k" }], overflow],
    ["a step beyond the greatest leaves the value", [set(max), incrby(1), get], max],
    ["the least integer can be added", [set("0"), incrby(min)], BigInt(min)],
    ["the least integer cannot be subtracted", [set("-5"), decrby(min)], "ERR decrement would overflow"],
    [
      "the least integer cannot be subtracted from a set either",
      [sadd("a"), decrby(min)],
      "ERR decrement would overflow",
    ],
    ["a stored text beyond the greatest is no integer", [set("9223372036854775808"), incrby(-1)], notAnInteger],
    ["an amount below the least is no integer", [incrby("-9223372036854775809")], notAnInteger],
  ])("%s", (_fact, requests, reply) => {
    expect(lastReply(...requests)).toEqual(reply);
  });

  test.each(["+1", "01", "-0", "00", "", "-", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "1\0"])(
    "%j is no integer, stored or as an amount",
    (text) => {
      expect(lastReply(set(text), incrby(1))).toBe(notAnInteger);
      expect(lastReply(incrby(text))).toBe(notAnInteger);
      expect(lastReply(decrby(text))).toBe(notAnInteger);
      expect(lastReply(rpush("a"), lrange(text, 0))).toBe(notAnInteger);
      expect(lastReply(rpush("a"), lrange(0, text))).toBe(notAnInteger);
    },
  );

  test("a number that is not whole is no integer", () => {
    expect(lastReply(incrby(1.5))).toBe(notAnInteger);
    expect(lastReply(incrby(1e21))).toBe(notAnInteger);
  });
});

describe("keys, sets and lists", () => {
  test.each<[string, RedisRequest[], unknown]>([
    ["del counts the keys that it removed, once each", [set("a"), { kind: "del", keys: ["k", "k", "x"] }], 1n],
    ["del removes a set", [sadd("a"), { kind: "del", keys: ["k"] }, { kind: "exists", keys: ["k"] }], 0n],
    ["exists counts a key as often as it is named", [set("a"), { kind: "exists", keys: ["k", "k", "x"] }], 2n],
    ["sadd counts new members, once each", [sadd("a"), sadd("a", "b", "b")], 1n],
    [
      "smembers gives the members in the order of their bytes",
      [sadd("b", "\xff", "a", "B"), { kind: "smembers", key: "k" }],
      ["B", "a", "b", "\xff"],
    ],
    ["smembers of a missing key is empty", [{ kind: "smembers", key: "k" }], []],
    ["sismember tells a member", [sadd("a"), { kind: "sismember", key: "k", member: "a" }], 1n],
    ["sismember tells what is no member", [sadd("a"), { kind: "sismember", key: "k", member: "b" }], 0n],
    ["sismember of a missing key is 0", [{ kind: "sismember", key: "k", member: "b" }], 0n],
    ["srem counts what it removed", [sadd("a", "b"), { kind: "srem", key: "k", members: ["a", "a", "x"] }], 1n],
    ["rpush gives the new length", [rpush("a"), rpush("b", "c")], 3n],
    ["rpush keeps the order", [rpush("b"), rpush("a", "b"), lrange(0, -1)], ["b", "a", "b"]],
    ["lrange includes both ends", [rpush("a", "b", "c", "d"), lrange(1, 2)], ["b", "c"]],
    ["lrange counts negative positions from the end", [rpush("a", "b", "c"), lrange(-2, -1)], ["b", "c"]],
    ["lrange takes positions as text", [rpush("a", "b", "c"), lrange("-2", "1")], ["b"]],
    ["lrange beyond the ends gives what there is", [rpush("a", "b"), lrange(min, max)], ["a", "b"]],
    ["lrange from behind to before is empty", [rpush("a", "b"), lrange(1, 0)], []],
    ["lrange that ends before the start is empty", [rpush("a", "b"), lrange(0, -3)], []],
    ["lrange that starts behind the end is empty", [rpush("a", "b"), lrange(2, 5)], []],
    ["lrange of a missing key is empty", [lrange(0, -1)], []],
  ])("%s", (_fact, requests, reply) => {
    expect(lastReply(...requests)).toEqual(reply);
  });

  test("a set that loses its last member is gone", () => {
    expect(after(sadd("a", "b"), { kind: "srem", key: "k", members: ["b", "a"] }).size).toBe(0);
  });
});

describe("errors", () => {
  test.each<[string, RedisCommand, RedisCommand]>([
    ["get of a set", sadd("a"), get],
    ["append to a set", sadd("a"), { kind: "append", key: "k", value: "a" }],
    ["strlen of a list", rpush("a"), { kind: "strlen", key: "k" }],
    ["incr of a set", sadd("1"), { kind: "incr", key: "k" }],
    ["decr of a list", rpush("1"), { kind: "decr", key: "k" }],
    ["incrby of a list", rpush("1"), incrby(1)],
    ["decrby of a set", sadd("1"), decrby(1)],
    ["sadd to a string", set("a"), sadd("a")],
    ["srem from a list", rpush("a"), { kind: "srem", key: "k", members: ["a"] }],
    ["sismember of a string", set("a"), { kind: "sismember", key: "k", member: "a" }],
    ["smembers of a list", rpush("a"), { kind: "smembers", key: "k" }],
    ["rpush to a string", set("a"), rpush("a")],
    ["lrange of a set", sadd("a"), lrange(0, -1)],
  ])("%s is an error of the type, and changes nothing", (_fact, first, second) => {
    expect(lastReply(first, second)).toBe(wrongType);
    expect(encode(after(first, second))).toBe(encode(after(first)));
  });

  test("an amount that is no integer is told before the wrong type", () => {
    expect(lastReply(sadd("a"), incrby("x"))).toBe(notAnInteger);
    expect(lastReply(sadd("a"), lrange("x", 0))).toBe(notAnInteger);
  });

  test.each<RedisCommand>([
    { kind: "del", keys: [] },
    { kind: "exists", keys: [] },
    { kind: "sadd", key: "k", members: [] },
    { kind: "srem", key: "k", members: [] },
    { kind: "rpush", key: "k", values: [] },
  ])("$kind of nothing has too few arguments", (request) => {
    expect(lastReply(request)).toBe(`ERR wrong number of arguments for '${request.kind}' command`);
  });

  test("text that is no byte string is refused with its place", () => {
    expect(() => applyRedis(emptyRedis, sadd("a", "né€"))).toThrow(
      "The members of a sadd has the code unit 8364 at position 2, but Redis keeps byte strings (code units 0 to 255); " +
        'encode the text first, as Buffer.from(text, "utf8").toString("latin1") does.',
    );
  });
});

describe("transactions", () => {
  test("a transaction gives the replies in order, each command seeing those before", () => {
    expect(lastReply({ kind: "transaction", requests: [set("1"), incrby(2), get] })).toEqual(["OK", 3n, "3"]);
  });

  test("a command that fails does not stop the others", () => {
    const requests = [set("a"), incrby(2), { kind: "append", key: "k", value: "b" } as const];
    expect(lastReply({ kind: "transaction", requests })).toEqual(["OK", notAnInteger, 2n]);
  });

  test("a command that the server does not queue discards them all", () => {
    const requests = [set("a"), rpush()];
    expect(lastReply({ kind: "transaction", requests })).toBe(
      "EXECABORT Transaction discarded because of previous errors.",
    );
    expect(after({ kind: "transaction", requests }).size).toBe(0);
  });

  test("an empty transaction gives no replies", () => {
    expect(lastReply({ kind: "transaction", requests: [] })).toEqual([]);
  });
});

describe("laws", () => {
  const requests = fc.array(redisRequest, { maxLength: 30 });
  const settings = { seed: 20181011, numRuns: 300 };

  test("applying is pure: the same state and request give the same outcome, and neither changes", () => {
    fc.assert(
      fc.property(requests, redisRequest, (before, request) => {
        const state = after(...before);
        const [stateText, requestText] = [encode(state), encode(request)];

        const first = applyRedis(state, request);
        const second = applyRedis(state, request);

        expect(encode(first)).toBe(encode(second));
        expect([encode(state), encode(request)]).toEqual([stateText, requestText]);
      }),
      settings,
    );
  });

  test("a reply that is an error leaves the state as it was", () => {
    fc.assert(
      fc.property(requests, redisRequest, (before, request) => {
        const state = after(...before);
        const [next, reply] = applyRedis(state, request);
        if (reply.kind === "error") expect(next).toBe(state);
      }),
      settings,
    );
  });

  test("no key holds an empty set or list", () => {
    fc.assert(
      fc.property(requests, (all) => {
        for (const value of after(...all).values()) {
          if (isSet(value) || isList(value)) expect(value.size).toBeGreaterThan(0);
        }
      }),
      settings,
    );
  });

  test("a transaction of one command does what the command does", () => {
    fc.assert(
      fc.property(requests, redisRequest, (before, request) => {
        if (request.kind === "transaction") return;
        const state = after(...before);
        const [alone, reply] = applyRedis(state, request);
        const [within, replies] = applyRedis(state, { kind: "transaction", requests: [request] });
        expect(encode(within)).toBe(encode(alone));
        const isArity = reply.kind === "error" && reply.text.startsWith("ERR wrong number");
        if (!isArity) expect(replies).toEqual({ kind: "replies", replies: [reply] });
      }),
      settings,
    );
  });
});

describe("the node", () => {
  test("it starts empty, and answers the sender's call with the reply", () => {
    const node = redisStore({ role: "cache" });
    const context = contextOf("cache", ["cache"], "cache");
    const from = { node: nodeId("server"), call: { client: "ava", index: 2 } };

    const started = node.start(context);
    const reaction = node.onMessage.set(started.state, { kind: "set", key: "k", value: "1" }, from, context);

    expect(node.role).toBe("cache");
    expect(started).toEqual({ state: emptyRedis, effects: [] });
    expect(reaction.state.get("k")).toBe("1");
    expect(reaction.effects).toEqual([{ kind: "send", to: from.node, message: { kind: "ok" }, call: from.call }]);
  });
});
