import { always, type Bdd, never } from "./bdd.js";
import { absent, type CellId, type ValueId } from "./cells.js";
import { forEachWrite } from "./changes.js";
import type { Flow } from "./flow.js";
import type { LiftedOperations } from "./machine.js";
import type { NodeId } from "./node-table.js";
import type { Query } from "./query.js";
import type { Slice } from "./slice.js";
import type { AnyTransitions, Leaf } from "./transitions.js";

/** The values that something may have, each with the subtraces on which it has it (guards are disjoint and cover all). */
type Guarded = ReadonlyMap<ValueId, NodeId>;

/**
 * The sets of kept positions that change an answer, by value summaries (Sen et al., MultiSE, 2015): each cell holds
 * guarded values, so that cells which do not depend on each other never multiply. Exact: correlations live in the guards.
 *
 * @throws OutOfBudget
 */
export function badSetsBySummaries(
  transitions: AnyTransitions,
  inputs: readonly number[],
  slice: Slice,
  queries: readonly Query[],
  bdd: Bdd,
  levelOf: ReadonlyMap<number, number>,
): NodeId {
  const summaries = new Summaries(transitions, bdd, slice.flow);
  slice.positions.forEach((position, i) => {
    summaries.forgetAllBut(slice.live[i] ?? []);
    const level = levelOf.get(position);
    summaries.keep(inputs[position] as number, level === undefined ? always : bdd.variable(level));
  });
  summaries.forgetAllBut(slice.live[slice.positions.length] ?? []);
  return queries.reduce((bad, query) => bdd.or(bad, summaries.judge(query)), never);
}

class Summaries {
  #cells = new Map<CellId, Guarded>();
  readonly #constants = new Map<CellId, Guarded>();

  constructor(
    readonly transitions: AnyTransitions,
    readonly bdd: Bdd,
    flow: Flow,
  ) {
    for (const [cell, value] of transitions.initial) {
      (flow.isConstant(cell) ? this.#constants : this.#cells).set(cell, new Map([[value, always]]));
    }
  }

  #of(cell: CellId): Guarded {
    return this.#cells.get(cell) ?? this.#constants.get(cell) ?? onlyAbsent;
  }

  /**
   * Cells that are not live are absent wherever they are still read. What they hold here is out of date, because the
   * slice leaves out the inputs that made them so.
   */
  forgetAllBut(live: readonly CellId[]): void {
    const kept = new Map<CellId, Guarded>();
    for (const cell of live) {
      const values = this.#cells.get(cell);
      if (values !== undefined) kept.set(cell, values);
    }
    this.#cells = kept;
  }

  /** Executes an input where `kept` holds. */
  keep(input: number, kept: NodeId): void {
    const written = new Map<CellId, Map<ValueId, NodeId>>();
    const write = (cell: CellId, value: ValueId, guard: NodeId): void => {
      const values = written.get(cell) ?? new Map<ValueId, NodeId>();
      values.set(value, this.bdd.or(values.get(value) ?? never, guard));
      written.set(cell, values);
    };
    this.#explore(input, kept, (leaf, guard) => {
      const last = new Map<CellId, ValueId>();
      forEachWrite(this.transitions.cells, leaf.changes, (cell, value) => last.set(cell, value));
      for (const [cell, value] of last) write(cell, value, guard);
    });
    for (const [cell, values] of written) this.#cells.set(cell, this.#overwrite(this.#of(cell), values));
  }

  #overwrite(old: Guarded, written: ReadonlyMap<ValueId, NodeId>): Guarded {
    const anywhere = [...written.values()].reduce((any, guard) => this.bdd.or(any, guard), never);
    const result = new Map<ValueId, NodeId>();
    const elsewhere = this.bdd.not(anywhere);
    for (const [value, guard] of old) {
      const rest = this.bdd.and(guard, elsewhere);
      if (rest !== never) result.set(value, rest);
    }
    for (const [value, guard] of written) {
      if (guard !== never) result.set(value, this.bdd.or(result.get(value) ?? never, guard));
    }
    return result;
  }

  /** Visits what an input does, with where it does it, by the feasible combinations of the values that it reads. */
  #explore(input: number, where: NodeId, visit: (leaf: Leaf<unknown>, guard: NodeId) => void): void {
    const at = new Map<CellId, ValueId>();
    const fix = (guard: NodeId): void => {
      this.bdd.effort.work();
      let open: CellId | undefined;
      const leaf = this.transitions.run(input, (cell) => {
        const value = at.get(cell);
        if (value !== undefined) return value;
        const values = this.#of(cell);
        const [first] = values.keys();
        if (values.size > 1) open ??= cell;
        return first ?? absent;
      });
      if (open === undefined) return visit(leaf, guard);
      const cell = open;
      for (const [value, valueGuard] of this.#of(cell)) {
        const narrowed = this.bdd.and(guard, valueGuard);
        if (narrowed === never) continue;
        at.set(cell, value);
        fix(narrowed);
      }
      at.delete(cell);
    };
    if (where !== never) fix(where);
  }

  /** Where the query does not give the value to be explained. */
  judge(query: Query): NodeId {
    let bad = never;
    if (query.lifted === undefined) {
      this.#explore(query.input, always, (leaf, guard) => {
        if (query.answerOf(leaf) !== query.wanted) bad = this.bdd.or(bad, guard);
      });
      return bad;
    }
    for (const [value, guard] of query.lifted(this.#operations())) {
      if (query.answerOfLifted(value) !== query.wanted) bad = this.bdd.or(bad, guard);
    }
    return bad;
  }

  #operations(): LiftedOperations<Guarded> {
    const { cells } = this.transitions;
    return {
      read: (...path) => this.#of(cells.cellAt(path)),
      apply: (f, ...values) => {
        const result = new Map<ValueId, NodeId>();
        const combine = (index: number, guard: NodeId, chosen: ValueId[]): void => {
          const argument = values[index];
          if (argument === undefined) {
            const id = cells.valueId(f(...(chosen.map((value) => cells.value(value)) as never[])));
            result.set(id, this.bdd.or(result.get(id) ?? never, guard));
            return;
          }
          for (const [value, valueGuard] of argument) {
            const narrowed = this.bdd.and(guard, valueGuard);
            if (narrowed !== never) combine(index + 1, narrowed, [...chosen, value]);
          }
        };
        combine(0, always, []);
        return result;
      },
    };
  }
}

const onlyAbsent: Guarded = new Map([[absent, always]]);

/**
 * An order of the residual positions in which summaries stay small: those that write one cell together, cells in the
 * order in which the query reads them, newest first inside a cell.
 */
export function summaryOrder(slice: Slice, residual: readonly number[], reads: readonly CellId[]): number[] {
  const rank = new Map(reads.map((cell, i) => [cell, i]));
  const rankOf = (position: number): number => {
    const ranks = slice.flow.effects[position]?.changes.map((cell) => rank.get(cell) ?? reads.length) ?? [];
    return Math.min(...ranks, reads.length + 1);
  };
  const ranks = new Map(residual.map((position) => [position, rankOf(position)]));
  return [...residual].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || b - a);
}
