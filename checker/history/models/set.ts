import { fromJS, isCollection, Set } from "immutable";
import type { Value } from "../../../sim/value.js";
import type { Specification } from "../specification.js";
import { refuseUnless } from "./register.js";

/** A set: `add v`, `remove v`, `contains v`, and `read` of all its members, recorded as a list or a set. */
export function setModel(): Specification<Set<Value>> {
  return {
    name: "set",
    initial: Set(),
    apply: (state, request) => {
      const member = asMember(request.value);
      switch (request.f) {
        case "add":
          return { state: state.add(member) };
        case "remove":
          return { state: state.remove(member) };
        case "contains":
          return { state, output: state.has(member) };
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

/** Members of a set compare by content only where they are no plain arrays or objects. */
function asMember(value: Value): Value {
  return fromJS(value);
}

function asSet(recorded: Value): Value {
  if (Array.isArray(recorded)) return Set(recorded.map(asMember));
  return isCollection(recorded) ? Set(recorded.valueSeq().map(asMember)) : recorded;
}
