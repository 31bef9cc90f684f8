import { sameValue, encode, type Value } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { Applied, CellAccess, Specification } from "../specification.js";

/** A register: `write v`, `read` gives what was written last. Several registers where requests carry keys. */
export function register(initial: Value = null): Specification<Value> {
  return {
    name: "register",
    initial,
    apply: (state, request) => applyRegister(state, request),
    refusal: (request) => refuseUnless(["read", "write"], request, "register"),
    isRead: (request) => request.f === "read",
    partitionBy: (request) => request.key,
    cell: cellOf,
  };
}

/**
 * A register with `cas [from to]` besides, which writes `to` if the content is `from`.
 *
 * A cas that is recorded as ok found what it expected, unless its answer is false; one that failed did not take effect,
 * and says nothing about what it found (the server may have refused it for other reasons).
 */
export function casRegister(initial: Value = null): Specification<Value> {
  return {
    name: "cas-register",
    initial,
    apply: (state, request) => {
      const pair = request.f === "cas" ? asPair(request.value) : null;
      if (pair === null) return applyRegister(state, request);
      return sameValue(state, pair[0]) ? { state: pair[1], output: true } : { state, output: false };
    },
    refusal: (request) => {
      if (request.f === "cas" && asPair(request.value) === null) {
        return `cas needs a pair [expected new], and found ${encode(request.value)}`;
      }
      return refuseUnless(["read", "write", "cas"], request, "cas-register");
    },
    answer: (request, recorded) => (request.f === "cas" ? recorded !== false : recorded),
    isRead: (request, answer) => request.f === "read" || (request.f === "cas" && answer === false),
    partitionBy: (request) => request.key,
    cell: (request) => (request.f === "cas" ? null : cellOf(request)),
  };
}

/** The refusal of a function that a model does not know; null for one that it knows. */
export function refuseUnless(known: readonly string[], request: Request, model: string): string | null {
  if (known.includes(request.f)) return null;
  return `the model ${model} knows ${known.join(", ")}, and found ${request.f === "" ? "no function" : request.f}`;
}

function applyRegister(state: Value, request: Request): Applied<Value> {
  return request.f === "write" ? { state: request.value } : { state, output: state };
}

function cellOf(request: Request): CellAccess {
  if (request.f === "write") return { kind: "write", cell: request.key, value: request.value };
  return { kind: "read", cell: request.key };
}

function asPair(value: Value): readonly [Value, Value] | null {
  return Array.isArray(value) && value.length === 2 ? [value[0], value[1]] : null;
}
