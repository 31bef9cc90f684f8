import { isSet, Set } from "immutable";
import { byCodeUnits } from "../../sim/value.js";
import { integer, type Outcome, wrongType } from "./reply.js";
import type { CommandOf } from "./request.js";
import type { RedisState } from "./state.js";

export function sadd(state: RedisState, { key, members }: CommandOf<"sadd">): Outcome {
  const stored = state.get(key) ?? Set<string>();
  if (!isSet(stored)) return [state, wrongType];
  const larger = stored.union(members);
  return [state.set(key, larger), integer(larger.size - stored.size)];
}

export function srem(state: RedisState, { key, members }: CommandOf<"srem">): Outcome {
  const stored = state.get(key) ?? Set<string>();
  if (!isSet(stored)) return [state, wrongType];
  const smaller = stored.subtract(members);
  return [smaller.isEmpty() ? state.delete(key) : state.set(key, smaller), integer(stored.size - smaller.size)];
}

export function sismember(state: RedisState, { key, member }: CommandOf<"sismember">): Outcome {
  const stored = state.get(key) ?? Set<string>();
  return [state, isSet(stored) ? integer(stored.has(member) ? 1 : 0) : wrongType];
}

export function smembers(state: RedisState, { key }: CommandOf<"smembers">): Outcome {
  const stored = state.get(key) ?? Set<string>();
  return [state, isSet(stored) ? { kind: "members", members: [...stored].sort(byCodeUnits) } : wrongType];
}
