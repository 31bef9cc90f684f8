import type { Value } from "../../sim/value.js";
import { absent, type CellId, type ValueId } from "./cells.js";
import type { Budget } from "./effort.js";
import { type Flow, readsAfter } from "./flow.js";
import { attempt, type CellPath, type Lifted, type Outcome } from "./machine.js";
import type { AnyTransitions, InputId, Leaf, Lookup } from "./transitions.js";

/** One output, or one part of it, to be explained: an input after the trace, and the value that it gave. */
export class Query {
  readonly #ids = new Map<Leaf<unknown>, ValueId>();
  /** The number of the value to be explained. */
  readonly wanted: ValueId;

  constructor(
    readonly transitions: AnyTransitions,
    readonly input: InputId,
    readonly part: ((output: unknown) => Value) | undefined,
    readonly lifted: Lifted | undefined,
    actual: Lookup,
  ) {
    this.wanted = this.answer(actual);
  }

  /** The number of the value that the query gives in the state of `lookup`. */
  answer(lookup: Lookup): ValueId {
    if (this.lifted !== undefined) return this.#compute(this.transitions.execute(this.input, lookup).outcome);
    return this.answerOf(this.transitions.run(this.input, lookup));
  }

  /** The number of the value that the query gives in a plain state. */
  answerIn(state: unknown): ValueId {
    return this.#compute(attempt(this.transitions.machine, state, this.transitions.input(this.input)).outcome);
  }

  answerOf(leaf: Leaf<unknown>): ValueId {
    let id = this.#ids.get(leaf);
    if (id === undefined) {
      id = this.#compute(leaf.outcome);
      this.#ids.set(leaf, id);
    }
    return id;
  }

  /** The number of an answer that the lifted form computed, given the number of the output. */
  answerOfLifted(output: ValueId): ValueId {
    return this.#compute({ kind: "output", value: this.transitions.cells.value(output) });
  }

  /** Outcomes of both kinds have numbers of their own: what a throw says is no output. */
  #compute(outcome: Outcome<unknown>): ValueId {
    const { cells } = this.transitions;
    if (outcome.kind === "threw") return cells.valueId({ threw: outcome.message });
    return cells.valueId([this.part === undefined ? outcome.value : this.part(outcome.value)]);
  }

  /** The cells that it may read after the trace; all there are when they cannot be listed. */
  readsAfter(flow: Flow, budget: Budget): readonly CellId[] {
    if (this.lifted !== undefined) return this.liftedReads();
    const reads = readsAfter(this.transitions, this.input, flow, budget);
    return reads ?? Array.from({ length: this.transitions.cells.count }, (_, cell) => cell);
  }

  /** The cells that the lifted form reads, in its order. */
  liftedReads(): readonly CellId[] {
    const reads = new Set<CellId>();
    const { cells } = this.transitions;
    this.lifted?.<null>({
      read: (...path: CellPath) => {
        reads.add(cells.cellAt(path));
        return null;
      },
      apply: () => null,
    });
    return [...reads];
  }
}

/** A state as a list of values by cell. */
export function lookupIn(row: readonly ValueId[]): Lookup {
  return (cell) => row[cell] ?? absent;
}
