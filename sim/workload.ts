import type { List } from "immutable";
import type { Message } from "./message.js";
import type { NodeId } from "./node-id.js";
import type { Operation } from "./choice.js";

/**
 * What a client asks, one operation after the other, each after the answer to the one before.
 *
 * - `list`: these operations
 * - `next`: a pure function of the results so far, until it gives null
 * - `any`: `budget` operations, each one of the options; which one is a choice
 */
export type Workload =
  | { readonly kind: "list"; readonly operations: readonly Operation[] }
  | { readonly kind: "next"; readonly next: (results: List<Result>) => Operation | null }
  | { readonly kind: "any"; readonly options: readonly Operation[]; readonly budget: number };

/** The answer to an operation; null when the client gave up on it. */
export type Result = Message | null;

/** An operation: a request to a node. */
export function operation<Sent extends Message>(to: NodeId, message: Sent): Operation {
  return { to, message };
}

/** A client that asks these operations, in this order. */
export function inOrder(...operations: readonly Operation[]): Workload {
  return { kind: "list", operations };
}

/** A client whose next operation is a function of the results so far; null ends it. */
export function following(next: (results: List<Result>) => Operation | null): Workload {
  return { kind: "next", next };
}

/** A client that asks `budget` operations, each any of the options. */
export function anyOf(options: readonly Operation[], limits: { readonly budget: number }): Workload {
  return { kind: "any", options, budget: limits.budget };
}
