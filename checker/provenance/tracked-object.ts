import type { Value } from "../../sim/value.js";
import type { CellId, ObjectShell } from "./cells.js";
import { type Run, type Tracked, trackedObjects, unwrap } from "./tracked.js";

/**
 * A plain object whose fields are cells, as a handler sees it: frozen, with fields that are read when they are asked for.
 * Spreading it reads all fields, and gives a plain object whose unchanged fields tell that they did not change.
 */
export function trackedObject(run: Run, cell: CellId, shell: ObjectShell): object {
  const seen = {};
  for (const name of shell.names) {
    Object.defineProperty(seen, name, { get: () => run.see(run.cells.fieldCell(cell, name)), enumerable: true });
  }
  const tracked: Tracked = {
    run,
    plain: () => Object.freeze(Object.fromEntries(Object.entries(seen).map(([name, field]) => [name, unwrap(field)]))),
    changesAt: (place) => place === cell,
  };
  trackedObjects.set(seen, tracked);
  return Object.freeze(seen) as Value as object;
}
