import type { Monitor } from "../../../sim/monitor.js";
import type { System } from "../../../sim/system.js";
import { UnusableHistory } from "../unusable-history.js";
import { type ClientOperations, requestOf, usableOperations } from "./client-operations.js";

/** A monitor of what clients ask and are answered, with how it reads that. */
export interface HistoryMonitor<T> extends Monitor<T> {
  readonly operations: ClientOperations;
}

/**
 * The objects that the clients of a system use, as far as it says so: by its definition's `history`, and by its history
 * properties.
 *
 * @throws UnusableHistory for a `history` that is none, and where a request of a listed workload does not fit its object.
 */
export function clientObjects(system: System): readonly ClientOperations[] {
  const declared = system.history === undefined ? [] : [usableOperations(system.history, "its `history`")];
  const claimed = system.monitors.flatMap((monitor) =>
    "operations" in monitor ? [monitor as HistoryMonitor<never>] : [],
  );
  const objects = [...new Set([...declared, ...claimed.map(({ operations }) => operations)])];
  for (const object of objects) requireRequests(system, object);
  return objects;
}

/** What can be known to be asked is tried at once, and not after a long search. */
function requireRequests({ clients }: System, object: ClientOperations): void {
  for (const { id, workload } of clients) {
    if (workload.kind === "next") continue;
    for (const { message } of workload.kind === "list" ? workload.operations : workload.options) {
      try {
        requestOf(object, id, message);
      } catch (error) {
        throw unreadable(object, error);
      }
    }
  }
}

/** What a mapping that throws, or that gives what cannot be used, is told as. */
export function unreadable({ specification }: ClientOperations, error: unknown): UnusableHistory {
  return new UnusableHistory(
    `what its clients do cannot be read as operations of a ${specification.name}: ${error instanceof Error ? error.message : String(error)}`,
    "correct `asked` and `answer`, or give another specification",
  );
}
