import { isList, List } from "immutable";
import { parseInteger } from "./integer.js";
import { integer, notAnInteger, type Outcome, wrongType } from "./reply.js";
import { argumentText, type CommandOf } from "./request.js";
import type { RedisState } from "./state.js";

export function rpush(state: RedisState, { key, values }: CommandOf<"rpush">): Outcome {
  const stored = state.get(key) ?? List<string>();
  if (!isList(stored)) return [state, wrongType];
  const longer = stored.concat(values);
  return [state.set(key, longer), integer(longer.size)];
}

/** The items from `start` to `stop`, both included; negative positions count from the end. */
export function lrange(state: RedisState, { key, start, stop }: CommandOf<"lrange">): Outcome {
  const first = parseInteger(argumentText(start));
  const last = parseInteger(argumentText(stop));
  if (first === undefined || last === undefined) return [state, notAnInteger];
  const stored = state.get(key) ?? List<string>();
  if (!isList(stored)) return [state, wrongType];
  const from = Math.max(position(first, stored.size), 0);
  const to = position(last, stored.size);
  return [state, { kind: "list", items: stored.slice(from, Math.max(to + 1, 0)).toArray() }];
}

/** Rounding far beyond the list does no harm: no list reaches 2^53 items. */
function position(index: bigint, size: number): number {
  return Number(index < 0n ? index + BigInt(size) : index);
}
