import { List, Record } from "immutable";
import { emptyRedis } from "../redis/state.js";
import type { Change } from "./social.js";

/** How often a timer may still fire; null for no limit. */
export type Left = number | null;

export class ServerState extends Record({
  /** The cache itself when it is folded into the server; empty when it is a node of its own. */
  cache: emptyRedis,
  /** Changes that the database has not acknowledged, oldest first; the first `pushing` of them are on their way. */
  unpushed: List<Change>(),
  pushing: 0,
  /** Changes written through that the database has not acknowledged. */
  writing: List<Change>(),
  pulling: false,
  /** Requests handled so far; counted only if they are its load. */
  requests: 0,
  beats: 0 as Left,
  pushes: 0 as Left,
  pulls: 0 as Left,
}) {}

export function left(budget: number | "any"): Left {
  return budget === "any" ? null : budget;
}

export function fewer(budget: Left): Left {
  return budget === null ? null : budget - 1;
}
