import fc from "fast-check";
import type { RedisCommand, RedisRequest } from "../../nodes/redis/request.js";

/** Few keys, so that commands meet; one of them has bytes of every sort. */
export const redisKeys = ["k", "n", "set", "list", "\0\r\n\xff é"] as const;
const key = fc.constantFrom(...redisKeys);

/** Texts around everything that the strict reading of integers decides. */
export const integerTexts = [
  "0",
  "1",
  "-1",
  "2",
  "-2",
  "9223372036854775807",
  "-9223372036854775808",
  "9223372036854775806",
  "-9223372036854775807",
  "9223372036854775808",
  "-9223372036854775809",
  "18446744073709551616",
  "99999999999999999999999",
  "+1",
  "-0",
  "00",
  "01",
  "-01",
  " 1",
  "1 ",
  "1\n",
  "",
  "-",
  "1.0",
  "1e3",
  "0x10",
  "1_0",
  "1\0",
];

const value = fc.oneof(
  { arbitrary: fc.integer({ min: -20, max: 20 }).map(String), weight: 3 },
  {
    arbitrary: fc.constantFrom(...integerTexts),
    weight: 3,
  },
  {
    arbitrary: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 }).map((all) => String.fromCharCode(...all)),
    weight: 2,
  },
);

const position = fc.oneof(fc.integer({ min: -8, max: 8 }), value);
const by = fc.oneof(value, fc.integer({ min: -5, max: 5 }), fc.constantFrom(1.5, 1e21, -0));
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 0, maxLength: 4 });

export const redisCommand: fc.Arbitrary<RedisCommand> = fc.oneof(
  fc.record({ kind: fc.constantFrom("get", "strlen", "incr", "decr", "smembers"), key }),
  fc.record({ kind: fc.constantFrom("set", "append"), key, value }),
  fc.record({ kind: fc.constantFrom("incrby", "decrby"), key, by }),
  fc.record({ kind: fc.constantFrom("del", "exists"), keys: some(key) }),
  fc.record({ kind: fc.constantFrom("sadd", "srem"), key, members: some(value) }),
  fc.record({ kind: fc.constant("sismember" as const), key, member: value }),
  fc.record({ kind: fc.constant("rpush" as const), key, values: some(value) }),
  fc.record({ kind: fc.constant("lrange" as const), key, start: position, stop: position }),
);

export const redisRequest: fc.Arbitrary<RedisRequest> = fc.oneof(
  { arbitrary: redisCommand, weight: 9 },
  {
    arbitrary: fc.record({
      kind: fc.constant("transaction" as const),
      requests: fc.array(redisCommand, { maxLength: 5 }),
    }),
    weight: 1,
  },
);
