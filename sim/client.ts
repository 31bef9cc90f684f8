import type { Operation } from "./choice.js";
import { guarded, type CodePlace } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import type { CompiledClient } from "./system.js";
import type { ClientSlot } from "./world.js";

/** The operations of which a client may invoke one now: none while one is open or when its workload has ended. */
export function nextOperations(client: CompiledClient, slot: ClientSlot): readonly Operation[] {
  if (slot.open !== undefined) return [];
  const { workload } = client;
  switch (workload.kind) {
    case "list": {
      const operation = workload.operations[slot.next];
      return operation === undefined ? [] : [operation];
    }
    case "any":
      return slot.next < workload.budget ? workload.options : [];
    case "next": {
      const { results } = slot;
      if (results === undefined) return [];
      const operation = following(client, () => workload.next(results));
      return operation === null ? [] : [operation];
    }
  }
}

/** @throws NodeFailure when the workload throws, leaks nondeterminism, or gives neither an operation nor null. */
function following(client: CompiledClient, next: () => Operation | null): Operation | null {
  const place: CodePlace = { kind: "workload", owner: String(client.id), part: "next" };
  let operation: Operation | null;
  try {
    operation = guarded(place, next);
  } catch (error) {
    throw failureOf(place, error);
  }
  if (operation !== null && (typeof operation?.to !== "object" || typeof operation.message?.kind !== "string")) {
    throw new NodeFailure(place, "gives no operation; return operation(node, message), or null to end.");
  }
  return operation;
}
