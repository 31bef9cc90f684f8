import { List } from "immutable";
import type { Value } from "../../../sim/value.js";
import type { Specification } from "../specification.js";
import { queueRanks } from "./queue-ranks.js";
import { refuseUnless } from "./register.js";

/** A first-in, first-out queue: `enqueue v`, and `dequeue`, which gives null when the queue is empty. */
export function queue(): Specification<List<Value>> {
  return {
    name: "queue",
    initial: List(),
    apply: (state, request) => {
      if (request.f === "enqueue") return { state: state.push(request.value) };
      return state.isEmpty() ? { state, output: null } : { state: state.shift(), output: state.first() };
    },
    refusal: (request) => {
      if (request.f === "enqueue" && request.value === null) return "a queue cannot hold null, which means empty";
      return refuseUnless(["enqueue", "dequeue"], request, "queue");
    },
    isRead: (request, answer) => request.f === "dequeue" && answer === null,
    partitionBy: (request) => request.key,
    ranks: queueRanks,
  };
}
