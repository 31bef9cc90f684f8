import { Set } from "immutable";
import { defineBag } from "../sim/baggage.js";

/**
 * The client operations on whose behalf an event happens, as `client:index`. It follows messages, timers and choices, not
 * program order: what a node does next is not done for the same request. More than one means that requests were joined.
 */
export const requestId = defineBag<Set<string>>({
  name: "request-id",
  empty: Set(),
  follows: ["message", "duplicate", "timer", "choice"],
  join: (a, b) => a.union(b),
  at: (requests, { choice }) => (choice?.kind === "invoke" ? Set([`${choice.client}:${choice.index}`]) : requests),
});
