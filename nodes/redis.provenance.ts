import type { Specification } from "../checker/provenance/specification.js";
import type { RedisRequest } from "./redis/request.js";

type Trace = readonly RedisRequest[];

/**
 * Whittaker et al. (SoCC 2018, section 4.2): what a key holds comes from its latest `set` or `del` and all later
 * operations that modify it. Always closed under supertrace; not always minimal, and not always the only explanation.
 */
export const redisProvenance: Specification<RedisRequest> = (trace, input) => {
  if (input.kind === "set") return [[]];
  const keys = input.kind === "del" ? input.keys : "key" in input ? [input.key] : [];
  const positions = new Set(keys.flatMap((key) => writesOf(trace, key)));
  return [[...positions].sort((a, b) => a - b)];
};

function writesOf(trace: Trace, key: string): readonly number[] {
  const writes: number[] = [];
  for (let k = trace.length - 1; k >= 0; k -= 1) {
    const request = trace[k];
    if (request === undefined) continue;
    const isReset =
      (request.kind === "set" && request.key === key) || (request.kind === "del" && request.keys.includes(key));
    if (isReset || (modifiers.has(request.kind) && "key" in request && request.key === key)) writes.push(k);
    if (isReset) break;
  }
  return writes;
}

const modifiers: ReadonlySet<string> = new Set(["append", "incr", "decr", "incrby", "decrby", "sadd", "srem", "rpush"]);

/** The same rule as a query over a run's `inputs` (see `sqlSpecification`). */
export const redisProvenanceSql = `
WITH asked (key) AS (
  SELECT body ->> '$.key' FROM inputs WHERE node = :node AND position = :position AND message NOT IN ('set', 'del')
  UNION
  SELECT keys.value FROM inputs, json_each(body, '$.keys') AS keys
  WHERE node = :node AND position = :position AND message = 'del'
),
writes (key, position, isReset) AS (
  SELECT body ->> '$.key', position, message = 'set' FROM inputs
  WHERE node = :node AND position < :position
    AND message IN ('set', 'append', 'incr', 'decr', 'incrby', 'decrby', 'sadd', 'srem', 'rpush')
  UNION
  SELECT keys.value, position, 1 FROM inputs, json_each(body, '$.keys') AS keys
  WHERE node = :node AND position < :position AND message = 'del'
)
SELECT DISTINCT 0 AS witness, position FROM writes JOIN asked USING (key)
WHERE position >= coalesce((SELECT max(position) FROM writes AS resets WHERE resets.key = writes.key AND isReset), 0)
`;

/** Figure 4 of the paper: the latest `set` of the key, for traces of `set` and `get` alone. */
export const figure4Provenance: Specification<RedisRequest> = (trace, input) => {
  if (input.kind !== "get") return [[]];
  const latest = trace.findLastIndex((request) => request.kind === "set" && request.key === input.key);
  return latest < 0 ? [[]] : [[latest]];
};

/**
 * The corrected rule for traces of `set`, `del` and `get` alone: exactly the minimal closed witnesses. The value may come
 * from any write after the last one that left another value; from none, if no write ever did and it is the initial one.
 */
export const correctedRedisProvenance: Specification<RedisRequest> = (trace, input) => {
  if (input.kind !== "get") return [[]];
  const writes = trace.flatMap((request, position): { readonly position: number; readonly value: string | null }[] => {
    if (request.kind === "set" && request.key === input.key) return [{ position, value: request.value }];
    return request.kind === "del" && request.keys.includes(input.key) ? [{ position, value: null }] : [];
  });
  const value = writes.at(-1)?.value ?? null;
  const other = writes.findLastIndex((write) => write.value !== value);
  if (other < 0 && value === null) return [[]];
  return writes.slice(other + 1).map(({ position }) => [position]);
};
