import { Map, type Set } from "immutable";
import type { StoredRow } from "./row.js";

/**
 * The tables that have rows. A table comes into being with its first row, whose fields all others then have, and is
 * gone with its last.
 *
 * A Map at the top, so that what a request reads and writes is known table by table, and a Set below it, so that the
 * rows that were added and removed are known one by one.
 */
export type RelationalState = Map<string, Set<StoredRow>>;

export const emptyRelational: RelationalState = Map();
