import { type CellId, rootCell } from "./cells.js";
import { type Budget, withinBudget } from "./effort.js";
import { analyse, type Flow } from "./flow.js";
import type { AnyTransitions } from "./transitions.js";
import type { Query } from "./query.js";

/** The positions that can change an output, and the cells that matter before each of them. */
export interface Slice {
  readonly flow: Flow;
  /** Relevant positions, ascending. */
  readonly positions: readonly number[];
  /** Cells to keep before the relevant position of the same index; the last entry is what the queries read. */
  readonly live: readonly (readonly CellId[])[];
}

/**
 * The backward half of slicing. For every X that holds the forced positions, dropping or adding positions outside the
 * slice does not change the output. **Only** for those X: a slice made with F forced says nothing about subsets of F.
 */
export function sliceOf(flow: Flow, reads: readonly CellId[]): Slice {
  const live = new Set(reads.filter((cell) => !flow.isConstant(cell)));
  const positions: number[] = [];
  const lives: CellId[][] = [[...live]];
  for (let k = flow.effects.length - 1; k >= 0; k -= 1) {
    const effects = flow.effects[k];
    if (effects === undefined || !effects.changes.some((cell) => live.has(cell))) continue;
    if (flow.forced[k] === 1) for (const cell of effects.musts) live.delete(cell);
    for (const cell of effects.reads) if (!flow.isConstant(cell)) live.add(cell);
    positions.push(k);
    lives.push([...live]);
  }
  return { flow, positions: positions.reverse(), live: lives.reverse() };
}

/**
 * A closed witness without any search: the positions relevant when nothing can be skipped, grown until the slice with
 * them forced lies inside them. Usually small, not always minimal. Undefined when slicing is out of budget.
 */
export function selfSupportingSlice(
  transitions: AnyTransitions,
  inputs: readonly number[],
  queries: readonly Query[],
  budget: Budget,
): readonly number[] | undefined {
  let support = relevantWhen(transitions, inputs, queries, new Uint8Array(inputs.length).fill(1), budget);
  while (support !== undefined) {
    const forced = new Uint8Array(inputs.length);
    for (const position of support) forced[position] = 1;
    const relevant = relevantWhen(transitions, inputs, queries, forced, budget);
    if (relevant === undefined) return undefined;
    const missing = relevant.filter((position) => forced[position] === 0);
    if (missing.length === 0) return support;
    support = [...support, ...missing].sort((a, b) => a - b);
  }
  return undefined;
}

function relevantWhen(
  transitions: AnyTransitions,
  inputs: readonly number[],
  queries: readonly Query[],
  forced: Uint8Array,
  budget: Budget,
): readonly number[] | undefined {
  const flow = withinBudget(() => analyse(transitions, inputs, forced, budget));
  if (flow === undefined) return undefined;
  const reads = new Set(queries.flatMap((query) => query.readsAfter(flow, budget)));
  return sliceOf(flow, [...reads]).positions;
}

/** The slice that leaves nothing out, for transitions whose states are one cell. */
export function wholeSlice(inputs: readonly number[], forced: Uint8Array): Slice {
  const cells = [rootCell];
  const effects = inputs.map(() => ({ reads: cells, changes: cells, musts: [] }));
  const flow: Flow = { forced, effects, valuesOf: () => undefined, isConstant: () => false };
  return { flow, positions: inputs.map((_, k) => k), live: [...inputs.map(() => cells), cells] };
}
