import type { Operation } from "./choice.js";
import { guarded } from "./guard.js";
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
      const operation = guarded({ kind: "workload", owner: String(client.id), part: "next" }, () =>
        workload.next(results),
      );
      return operation === null ? [] : [operation];
    }
  }
}
