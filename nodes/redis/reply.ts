import type { RedisState } from "./state.js";

/**
 * What the store answers: the reply of the real server (RESP2), one kind for each type of reply.
 *
 * Integers are signed and of 64 bits, so they are bigints. The server gives the members of a set in no order that means
 * anything; here they are in the order of their bytes.
 */
export type RedisReply =
  | { readonly kind: "ok" }
  | { readonly kind: "value"; readonly value: string | null }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "members"; readonly members: readonly string[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "replies"; readonly replies: readonly RedisReply[] };

/** The state after a request, and its reply. */
export type Outcome = readonly [RedisState, RedisReply];

export const ok: RedisReply = { kind: "ok" };

export function integer(value: number | bigint): RedisReply {
  return { kind: "integer", value: BigInt(value) };
}

export const wrongType = error("WRONGTYPE Operation against a key holding the wrong kind of value");
export const notAnInteger = error("ERR value is not an integer or out of range");
export const overflow = error("ERR increment or decrement would overflow");
export const decrementOverflow = error("ERR decrement would overflow");
export const tooLong = error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
export const transactionDiscarded = error("EXECABORT Transaction discarded because of previous errors.");

export function wrongArity(command: string): RedisReply {
  return error(`ERR wrong number of arguments for '${command}' command`);
}

function error(text: string): RedisReply {
  return { kind: "error", text };
}
