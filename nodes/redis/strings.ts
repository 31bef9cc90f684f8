import { integerMax, integerMin, parseInteger } from "./integer.js";
import { decrementOverflow, integer, notAnInteger, ok, type Outcome, overflow, tooLong, wrongType } from "./reply.js";
import { argumentText, type CommandOf } from "./request.js";
import type { RedisState } from "./state.js";

export function get(state: RedisState, { key }: CommandOf<"get">): Outcome {
  const stored = state.get(key) ?? null;
  return [state, stored === null || typeof stored === "string" ? { kind: "value", value: stored } : wrongType];
}

/** Replaces whatever the key holds, of any type. */
export function set(state: RedisState, { key, value }: CommandOf<"set">): Outcome {
  return [state.set(key, value), ok];
}

export function append(state: RedisState, { key, value }: CommandOf<"append">): Outcome {
  const stored = state.get(key) ?? "";
  if (typeof stored !== "string") return [state, wrongType];
  if (stored.length + value.length > bytesMax) return [state, tooLong];
  const longer = stored + value;
  return [state.set(key, longer), integer(longer.length)];
}

/** The server's limit on one string, unless it is configured otherwise. */
const bytesMax = 512 * 1024 * 1024;

export function strlen(state: RedisState, { key }: CommandOf<"strlen">): Outcome {
  const stored = state.get(key) ?? "";
  return [state, typeof stored === "string" ? integer(stored.length) : wrongType];
}

export function incr(state: RedisState, { key }: CommandOf<"incr">): Outcome {
  return add(state, key, 1n);
}

export function decr(state: RedisState, { key }: CommandOf<"decr">): Outcome {
  return add(state, key, -1n);
}

export function incrby(state: RedisState, { key, by }: CommandOf<"incrby">): Outcome {
  const amount = parseInteger(argumentText(by));
  return amount === undefined ? [state, notAnInteger] : add(state, key, amount);
}

/** Negates the amount and adds it, as the server does: the least integer has no negation, whatever the key holds. */
export function decrby(state: RedisState, { key, by }: CommandOf<"decrby">): Outcome {
  const amount = parseInteger(argumentText(by));
  if (amount === undefined) return [state, notAnInteger];
  return amount === integerMin ? [state, decrementOverflow] : add(state, key, -amount);
}

function add(state: RedisState, key: string, amount: bigint): Outcome {
  const stored = state.get(key) ?? "0";
  if (typeof stored !== "string") return [state, wrongType];
  const before = parseInteger(stored);
  if (before === undefined) return [state, notAnInteger];
  const sum = before + amount;
  if (sum < integerMin || sum > integerMax) return [state, overflow];
  return [state.set(key, String(sum)), integer(sum)];
}
