import type { Value } from "../../../sim/value.js";
import type { Request } from "../operation.js";
import type { Applied, CellAccess, Specification } from "../specification.js";
import { refuseUnless } from "./register.js";

/**
 * A key-value store: `get`, `put v`, `append v` (to a string) and `delete`.
 *
 * A key that was never put, or was deleted, reads as the initial value, the empty string unless given; a recording may
 * write an absent key as null.
 */
export function keyValue(initial: Value = ""): Specification<Value> {
  return {
    name: "key-value",
    initial,
    apply: (state, request) => applyKeyValue(state, request, initial),
    refusal: (request) => {
      if (request.f === "append" && typeof request.value !== "string") {
        return "append needs a string as its value";
      }
      return refuseUnless(["get", "put", "append", "delete"], request, "key-value");
    },
    answer: (request, recorded) => (request.f === "get" && recorded === null ? initial : recorded),
    isRead: (request) => request.f === "get",
    partitionBy: (request) => request.key,
    cell: (request) => cellOf(request, initial),
  };
}

function applyKeyValue(state: Value, request: Request, initial: Value): Applied<Value> | string {
  switch (request.f) {
    case "put":
      return { state: request.value };
    case "append":
      if (typeof state !== "string") return "it appends to what is not a string";
      return { state: state + String(request.value) };
    case "delete":
      return { state: initial };
    default:
      return { state, output: state };
  }
}

function cellOf(request: Request, initial: Value): CellAccess | null {
  if (request.f === "get") return { kind: "read", cell: request.key };
  if (request.f === "append") return null;
  return { kind: "write", cell: request.key, value: request.f === "put" ? request.value : initial };
}
