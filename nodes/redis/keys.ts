import { integer, type Outcome } from "./reply.js";
import type { CommandOf } from "./request.js";
import type { RedisState } from "./state.js";

/** Removes keys of any type; a key named twice is removed once. */
export function del(state: RedisState, { keys }: CommandOf<"del">): Outcome {
  let after = state;
  let removed = 0;
  for (const key of keys) {
    if (!after.has(key)) continue;
    after = after.delete(key);
    removed += 1;
  }
  return [after, integer(removed)];
}

/** Counts the named keys that exist; a key named twice counts twice. */
export function exists(state: RedisState, { keys }: CommandOf<"exists">): Outcome {
  return [state, integer(keys.filter((key) => state.has(key)).length)];
}
