import { encode, type Value } from "../../../sim/value.js";
import type { Specification } from "../specification.js";
import { refuseUnless } from "./register.js";

/** A counter: `add n`, `increment`, `decrement` (by 1 unless a number is given), and `read`. */
export function counter(initial: Value = 0): Specification<number> {
  return {
    name: "counter",
    initial: typeof initial === "number" ? initial : 0,
    apply: (state, request) => {
      const amount = typeof request.value === "number" ? request.value : 1;
      switch (request.f) {
        case "add":
        case "increment":
          return { state: state + amount };
        case "decrement":
          return { state: state - amount };
        default:
          return { state, output: state };
      }
    },
    refusal: (request) => {
      const { f, value } = request;
      if ((f === "add" || value !== null) && f !== "read" && !Number.isSafeInteger(value)) {
        return `${f} needs a whole number, and found ${encode(value)}`;
      }
      return refuseUnless(["add", "increment", "decrement", "read"], request, "counter");
    },
    isRead: (request) => request.f === "read",
    partitionBy: (request) => request.key,
  };
}
