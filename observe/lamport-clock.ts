import { defineBag } from "../sim/baggage.js";
import { everyEdge } from "../sim/edge.js";

/**
 * Lamport's logical clock ("Time, clocks, and the ordering of events in a distributed system", 1978): each event's time is
 * greater than that of every event that happens before it. Kept in a typed column of the trace.
 */
export const lamportClock = defineBag<number>({
  name: "lamport-clock",
  empty: 0,
  follows: everyEdge,
  join: Math.max,
  at: (time) => time + 1,
  column: "int32",
});
