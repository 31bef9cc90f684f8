import { is } from "immutable";
import { absent, type CellId, type ValueId } from "./cells.js";
import { type Changes, forEachWrite } from "./changes.js";
import type { Effort } from "./effort.js";
import { attempt } from "./machine.js";
import { lookupIn, type Query } from "./query.js";

import type { AnyTransitions, Leaf } from "./transitions.js";

/**
 * The candidates that no explanation can do without: those whose deletion alone changes an answer. One re-run per
 * candidate, which only looks at positions that the deletion reaches, and ends when its effects are overwritten.
 */
export function coreOf(
  transitions: AnyTransitions,
  inputs: readonly number[],
  candidates: readonly number[],
  queries: readonly Query[],
  effort: Effort,
): number[] {
  if (transitions.isWhole) return coreByReplay(transitions, inputs, candidates, queries, effort);
  const deletion = new Deletion(transitions);
  const leaves = deletion.recordedRun(inputs);
  const answers = queries.map((query) =>
    query.lifted === undefined ? transitions.run(query.input, deletion.lookup) : undefined,
  );
  const reads = queries.map((query, i) => answers[i]?.reads ?? query.liftedReads());
  const isCandidate = new Set(candidates);
  const start = new State(transitions);
  const core: number[] = [];
  for (let k = 0; k < inputs.length; k += 1) {
    const leaf = leaves[k] as Leaf<unknown>;
    if (isCandidate.has(k)) {
      deletion.begin(start, leaf);
      for (let j = k + 1; j < inputs.length && deletion.differs; j += 1) {
        effort.work();
        deletion.advance(inputs[j] as number, leaves[j] as Leaf<unknown>);
      }
      if (
        queries.some((query, i) => deletion.touches(reads[i] ?? []) && query.answer(deletion.lookup) !== query.wanted)
      )
        core.push(k);
    }
    start.apply(leaf.changes);
  }
  return core;
}

/** A state as values by cell. */
class State {
  row: ValueId[] = [];

  constructor(readonly transitions: AnyTransitions) {
    for (const [cell, value] of transitions.initial) this.row[cell] = value;
    this.pad();
  }

  pad(): void {
    while (this.row.length < this.transitions.cells.count) this.row.push(absent);
    for (let i = 0; i < this.row.length; i += 1) this.row[i] ??= absent;
  }

  apply(changes: Changes): void {
    forEachWrite(this.transitions.cells, changes, (cell, value) => {
      this.row[cell] = value;
    });
  }
}

/** The recorded run and the run without one position, side by side. */
class Deletion {
  #recorded: ValueId[] = [];
  #without: ValueId[] = [];
  readonly #different = new Set<CellId>();
  readonly lookup = (cell: CellId): ValueId => this.#without[cell] ?? absent;

  constructor(readonly transitions: AnyTransitions) {}

  get differs(): boolean {
    return this.#different.size > 0;
  }

  recordedRun(inputs: readonly number[]): Leaf<unknown>[] {
    const state = new State(this.transitions);
    const lookup = lookupIn(state.row);
    const leaves = inputs.map((input) => {
      const leaf = this.transitions.run(input, lookup);
      state.apply(leaf.changes);
      return leaf;
    });
    this.#without = state.row;
    return leaves;
  }

  begin(start: State, deleted: Leaf<unknown>): void {
    this.#recorded = start.row.slice();
    this.#without = start.row.slice();
    this.#different.clear();
    this.#write(this.#recorded, deleted.changes);
  }

  advance(input: number, recorded: Leaf<unknown>): void {
    const leaf = this.touches(recorded.reads) ? this.transitions.run(input, this.lookup) : recorded;
    this.#write(this.#recorded, recorded.changes);
    this.#write(this.#without, leaf.changes);
  }

  #write(row: ValueId[], changes: Changes): void {
    forEachWrite(this.transitions.cells, changes, (cell, value) => {
      row[cell] = value;
      if ((this.#recorded[cell] ?? absent) === (this.#without[cell] ?? absent)) this.#different.delete(cell);
      else this.#different.add(cell);
    });
  }

  touches(reads: readonly number[]): boolean {
    if (this.#different.size === 0) return false;
    for (const read of reads) {
      if (read >= 0) {
        if (this.#different.has(read)) return true;
      } else if (this.transitions.cells.regions[-1 - read]?.cells.some((cell) => this.#different.has(cell)) === true)
        return true;
    }
    return false;
  }
}

/** The same on plain states, for machines whose states have no cells, or whose values are too many to number. */
export function coreByReplay(
  transitions: AnyTransitions,
  inputs: readonly number[],
  candidates: readonly number[],
  queries: readonly Query[],
  effort: Effort,
): number[] {
  const { machine } = transitions;
  const states: unknown[] = [machine.initial];
  for (const input of inputs) states.push(attempt(machine, states[states.length - 1], transitions.input(input)).state);
  return candidates.filter((k) => {
    let state = states[k];
    for (let j = k + 1; j < inputs.length; j += 1) {
      if (is(state, states[j])) return false;
      effort.work();
      state = attempt(machine, state, transitions.input(inputs[j] as number)).state;
    }
    return queries.some((query) => query.answerIn(state) !== query.wanted);
  });
}
