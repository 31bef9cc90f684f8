import type { Level } from "../outlook/levels.js";
import type { Layout } from "./layout.js";
import type { Words } from "./state-table.js";

/**
 * All that a search needs to go on later: what cannot be made again quickly. Its arrays are the search's own and only valid
 * until it goes on, but for those that only grow: the states, their parents, the log. What is in them stays as it is.
 */
export interface Snapshot {
  /** The intern log (`InternLog.written`), from which the component ids come about again. */
  readonly log: Int32Array;
  /** How the states are packed. */
  readonly layout: Layout;
  /** The words of all states, in order of discovery. */
  readonly states: Words;
  /** For each state the one from which it was discovered. */
  readonly parents: Uint32Array;
  readonly point: Point;
  readonly memo: MemoSnapshot;
  readonly levels: readonly Level[];
}

/** Where a search stands between two states. */
export interface Point {
  readonly size: number;
  /** The next state to be expanded, and the first of the next depth. */
  readonly head: number;
  readonly nextDepthAt: number;
  readonly depth: number;
  readonly transitions: number;
}

/** What properties have been seen to depend on, and which `sometimes` has not been reached. */
export interface MemoSnapshot {
  /** For each property that is judged on states or transitions, by name: the components that it has ever read. */
  readonly read: { readonly [property: string]: readonly number[] };
  readonly neverReached: readonly string[];
}
