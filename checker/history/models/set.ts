import { isCollection, Set } from "immutable";
import { sameValue, type Value } from "../../../sim/value.js";
import type { Specification } from "../specification.js";
import { refuseUnless } from "./register.js";

/** A set: `add v`, `remove v`, `contains v`, and `read` of all its members, recorded as a list or a set. */
export function setModel(): Specification<Set<Value>> {
  return {
    name: "set",
    initial: Set(),
    apply: (state, request) => {
      const member = memberOf(state, request.value);
      switch (request.f) {
        case "add":
          return { state: member === undefined ? state.add(request.value) : state };
        case "remove":
          return { state: member === undefined ? state : state.filter((value) => !sameValue(value, request.value)) };
        case "contains":
          return { state, output: member !== undefined };
        default:
          return { state, output: state };
      }
    },
    refusal: (request) => refuseUnless(["add", "remove", "contains", "read"], request, "set"),
    answer: (request, recorded) => (request.f === "read" ? asSet(recorded) : recorded),
    isRead: (request) => request.f === "read" || request.f === "contains",
    partitionBy: (request) => request.key,
  };
}

/** Members compare by content also where they are arrays, which immutable compares by reference. */
function memberOf(set: Set<Value>, value: Value): { readonly member: Value } | undefined {
  if (set.has(value)) return { member: value };
  if (typeof value !== "object" || value === null) return undefined;
  for (const member of set) if (sameValue(member, value)) return { member };
  return undefined;
}

function asSet(recorded: Value): Value {
  if (Array.isArray(recorded)) return Set(recorded as readonly Value[]);
  return isCollection(recorded) ? Set(recorded.valueSeq()) : recorded;
}
