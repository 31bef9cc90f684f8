import { Map } from "immutable";
import { defineBag } from "../sim/baggage.js";
import { everyEdge } from "../sim/edge.js";
import type { NodeId } from "../sim/node-id.js";

/** For each participant, how many of its events happen before; its own one counts itself. */
export type VectorTime = Map<NodeId, number>;

/**
 * Vector clocks (Fidge 1988, Mattern 1989): of two events on nodes or clients, one happens before the other exactly if its
 * time is less. What happens in the network has the time of its cause.
 */
export const vectorClock = defineBag<VectorTime>({
  name: "vector-clock",
  empty: Map(),
  follows: everyEdge,
  join: (a, b) => a.mergeWith((x, y) => Math.max(x, y), b),
  at: (time, event) =>
    event.participant === undefined ? time : time.update(event.participant, 0, (count) => count + 1),
});

/** Whether the event of time `a` happens before that of time `b`. */
export function isBefore(a: VectorTime, b: VectorTime): boolean {
  return !a.equals(b) && a.every((count, participant) => count <= (b.get(participant) ?? 0));
}
