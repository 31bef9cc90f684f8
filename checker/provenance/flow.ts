import { absent, type CellId, type ValueId } from "./cells.js";
import { forEachWrite } from "./changes.js";
import { type Budget, OutOfBudget } from "./effort.js";
import type { AnyTransitions, InputId, Leaf } from "./transitions.js";
import { type Effects, type Summary, ValueSets } from "./value-sets.js";

/**
 * An over-approximation of all subtraces that hold the forced positions: which values each cell may have, and what
 * each position may read and change.
 */
export interface Flow {
  readonly forced: Uint8Array;
  readonly effects: readonly Effects[];
  /** The values after the last position; undefined where they are too many to list. */
  valuesOf(cell: CellId): readonly ValueId[] | undefined;
  /** Whether the cell has its first value at every moment. */
  isConstant(cell: CellId): boolean;
}

/**
 * The forward half of slicing (`analyze` of section 2.7 in the project's notes on provenance): runs each input for every
 * combination of the values of the cells that it reads. A write replaces the values of a cell only at a forced position.
 *
 * @throws OutOfBudget when some cell has too many values, and an input without a footprint reads it.
 */
export function analyse(
  transitions: AnyTransitions,
  inputs: readonly InputId[],
  forced: Uint8Array,
  budget: Budget,
): Flow {
  const values = new ValueSets(transitions, budget);
  const effects: Effects[] = [];
  const remembered: (Summary | undefined)[] = [];
  for (let k = 0; k < inputs.length; k += 1) {
    if ((k & 63) === 0 && budget.shouldStop?.() === true) throw new OutOfBudget("stopped");
    const id = inputs[k] as InputId;
    let summary = remembered[id];
    if (summary === undefined || !values.isStill(summary)) {
      summary = summarise(transitions, id, values, budget);
      remembered[id] = summary;
    }
    effects.push(summary.effects);
    values.apply(summary, forced[k] === 1);
  }
  return {
    forced,
    effects,
    valuesOf: (cell) => values.listed(cell),
    isConstant: (cell) => !values.varies.has(cell),
  };
}

/** What an input may read, on all states of a flow's end; undefined if it cannot be listed. */
export function readsAfter(
  transitions: AnyTransitions,
  id: InputId,
  flow: Flow,
  budget: Budget,
): readonly CellId[] | undefined {
  const footprint = transitions.footprint(id);
  const isOpen = (cell: CellId): boolean => flow.valuesOf(cell) === undefined;
  if (footprint !== undefined && [...footprint].some(isOpen)) return [...footprint];
  const reads = new Set<CellId>();
  try {
    transitions.explore(id, flow.valuesOf, budget.valuesMax, (leaf) =>
      addReads(transitions, leaf, flow.valuesOf, reads),
    );
  } catch (error) {
    if (error instanceof OutOfBudget && error.limit === "values") return undefined;
    throw error;
  }
  return [...reads];
}

function addReads(
  transitions: AnyTransitions,
  leaf: Leaf<unknown>,
  valuesOf: (cell: CellId) => readonly ValueId[] | undefined,
  reads: Set<CellId>,
): void {
  for (const read of leaf.reads) {
    if (read >= 0) reads.add(read);
    else {
      for (const cell of transitions.cells.regions[-1 - read]?.cells ?? []) {
        const values = valuesOf(cell);
        if (values?.length !== 1 || values[0] !== absent) reads.add(cell);
      }
    }
  }
}

/**
 * What an input may do, given the values that cells may have; `visit` is told of each case.
 *
 * @throws OutOfBudget
 */
export function summarise(
  transitions: AnyTransitions,
  id: InputId,
  values: ValueSets,
  budget: Budget,
  visit?: (leaf: Leaf<unknown>) => void,
): Summary {
  const footprint = transitions.footprint(id);
  if (footprint !== undefined && [...footprint].some((cell) => values.listed(cell) === undefined)) {
    const cells = [...footprint];
    return {
      tick: values.tick,
      effects: { reads: cells, changes: cells, musts: [] },
      depends: cells,
      regions: [],
      writes: new Map(),
      isOpen: true,
    };
  }
  const summary = new SummaryBuilder(transitions, values);
  transitions.explore(
    id,
    (cell) => values.listed(cell),
    budget.valuesMax,
    (leaf, at) => {
      summary.add(leaf, at);
      visit?.(leaf);
    },
  );
  return summary.build();
}

class SummaryBuilder {
  readonly #reads = new Set<CellId>();
  readonly #changes = new Set<CellId>();
  readonly #writes = new Map<CellId, Set<ValueId>>();
  readonly #regions = new Set<number>();
  /** In how many paths a cell is written. */
  readonly #counts = new Map<CellId, number>();
  #paths = 0;

  constructor(
    readonly transitions: AnyTransitions,
    readonly values: ValueSets,
  ) {}

  add(leaf: Leaf<unknown>, at: ReadonlyMap<CellId, ValueId>): void {
    this.#paths += 1;
    addReads(this.transitions, leaf, (cell) => this.values.listed(cell), this.#reads);
    for (const read of leaf.reads) if (read < 0) this.#regions.add(-1 - read);
    for (const region of leaf.changes.clears) this.#regions.add(region);
    const written = new Map<CellId, ValueId>();
    forEachWrite(this.transitions.cells, leaf.changes, (cell, value) => written.set(cell, value));
    for (const [cell, value] of written) this.#write(cell, value, at);
  }

  #write(cell: CellId, value: ValueId, at: ReadonlyMap<CellId, ValueId>): void {
    this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + 1);
    let written = this.#writes.get(cell);
    if (written === undefined) {
      written = new Set();
      this.#writes.set(cell, written);
    }
    written.add(value);
    if (this.#changes.has(cell)) return;
    const old = at.get(cell);
    const before = old === undefined ? this.values.listed(cell) : undefined;
    const isSame =
      old === undefined ? before !== undefined && before.length === 1 && before[0] === value : old === value;
    if (!isSame) this.#changes.add(cell);
  }

  build(): Summary {
    const musts = [...this.#counts].filter(([, count]) => count === this.#paths).map(([cell]) => cell);
    return {
      tick: this.values.tick,
      effects: { reads: [...this.#reads], changes: [...this.#changes], musts },
      depends: [...new Set([...this.#reads, ...this.#writes.keys()])],
      regions: [...this.#regions],
      writes: this.#writes,
      isOpen: false,
    };
  }
}
