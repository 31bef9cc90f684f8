import { absent, type CellId, type Cells, type RegionId, type ValueId } from "./cells.js";

/** Cells that a run changed. First all that is in the cleared regions becomes absent, then cells are set. */
export interface Changes {
  readonly clears: readonly RegionId[];
  /** Cell, value, cell, value, … */
  readonly sets: readonly number[];
}

/** Calls `write` for what changes, in order: a cell of a cleared region may be written twice. */
export function forEachWrite(cells: Cells, changes: Changes, write: (cell: CellId, value: ValueId) => void): void {
  const { clears, sets } = changes;
  for (const region of clears) cells.eachIn(region, (cell) => write(cell, absent));
  for (let i = 0; i < sets.length; i += 2) write(sets[i] as CellId, sets[i + 1] as ValueId);
}
