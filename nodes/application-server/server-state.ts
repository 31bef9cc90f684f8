import { List, Record } from "immutable";
import { emptyRedis } from "../redis/state.js";
import type { Budget } from "../budget.js";
import type { Change } from "./social.js";

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
  beats: 0 as Budget,
  pushes: 0 as Budget,
  pulls: 0 as Budget,
}) {}
