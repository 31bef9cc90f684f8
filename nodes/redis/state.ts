import { type List, Map, type Set } from "immutable";

/**
 * The keys that exist, with what they hold. Sets and lists are never empty: the server removes the key with the last
 * member.
 *
 * A Map at the top, so that what a command reads and writes is known key by key.
 */
export type RedisState = Map<string, RedisValue>;

/** A string, a set, or a list; each is known by its own type. */
export type RedisValue = string | Set<string> | List<string>;

export const emptyRedis: RedisState = Map();
