import { isRecord, type Map as IMap, type Record as IRecord, type Set as ISet } from "immutable";
import { encode } from "../../sim/value.js";
import { outcomeText } from "./brute-force.js";
import { absent, type CellId, CollectionShell, isShell, type ValueId } from "./cells.js";
import { forEachWrite } from "./changes.js";
import { attempt, type CellPath, type Machine } from "./machine.js";
import { lookupIn } from "./query.js";
import { Transitions } from "./transitions.js";

/**
 * Where tracking and the plain step part ways: the position of the trace, and what differs. Undefined when they agree.
 *
 * Runs each input of the trace in its state on the plain state and on the tracked one, and then again on the plain state
 * with cells changed that the tracked run did not read: outcome and changes must be the same. `choose(bound)` picks the
 * changes; the states need not be reachable, so a step that rightly trusts an invariant of its states may be reported.
 */
export function auditTracking<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly Input[],
  options: { readonly choose: (bound: number) => number; readonly rounds: number },
): string | undefined {
  const audit = new Audit(machine, trace);
  let state = machine.initial;
  for (const [k, input] of trace.entries()) {
    const found = audit.compare(state, input) ?? audit.disturb(state, input, options);
    if (found !== undefined) return `Position ${k}: ${found}`;
    state = attempt(machine, state, input).state;
  }
  return undefined;
}

class Audit<State, Input, Output> {
  readonly #transitions: Transitions<State, Input, Output>;
  /** Values that each cell has somewhere on the trace. */
  readonly #values = new Map<CellId, Set<ValueId>>();

  constructor(
    readonly machine: Machine<State, Input, Output>,
    trace: readonly Input[],
  ) {
    this.#transitions = new Transitions(machine);
    let state = machine.initial;
    for (const input of trace) {
      for (const [cell, value] of this.#transitions.cells.split(state)) {
        this.#values.set(cell, (this.#values.get(cell) ?? new Set([absent])).add(value));
      }
      state = attempt(machine, state, input).state;
    }
  }

  #row(state: State): ValueId[] {
    const row: ValueId[] = [];
    for (const [cell, value] of this.#transitions.cells.split(state)) row[cell] = value;
    return row;
  }

  compare(state: State, input: Input): string | undefined {
    const plain = attempt(this.machine, state, input);
    const tracked = this.#tracked(state, input);
    if (outcomeText(tracked.outcome) !== outcomeText(plain.outcome)) {
      return `the tracked step gives ${outcomeText(tracked.outcome)}, the plain one ${outcomeText(plain.outcome)}`;
    }
    const expected = this.#text(this.#row(plain.state));
    const actual = this.#text(tracked.row);
    return expected === actual ? undefined : `the tracked state is ${actual}, the plain one ${expected}`;
  }

  #tracked(state: State, input: Input) {
    const row = this.#row(state);
    const leaf = this.#transitions.execute(this.#transitions.inputId(input), lookupIn(row));
    forEachWrite(this.#transitions.cells, leaf.changes, (cell, value) => {
      row[cell] = value;
    });
    return { ...leaf, row };
  }

  #text(row: readonly ValueId[]): string {
    const { cells } = this.#transitions;
    const present: string[] = [];
    row.forEach((id, cell) => {
      const value = cells.value(id);
      if (id !== absent) present.push(`${encode(cells.path(cell))} = ${isShell(value) ? value.kind : encode(value)}`);
    });
    return present.sort().join(", ");
  }

  /** Changes cells that were not read, and looks for a difference in the plain step. */
  disturb(
    state: State,
    input: Input,
    { choose, rounds }: { readonly choose: (bound: number) => number; readonly rounds: number },
  ): string | undefined {
    const { cells } = this.#transitions;
    const { reads, changes, outcome } = this.#tracked(state, input);
    const isRead = (cell: CellId): boolean => reads.includes(cell) || reads.includes(-1 - cells.regionOf(cell));
    const before = this.#row(state);
    const free = [...this.#values.keys()].filter((cell) => !isRead(cell) && this.#isKey(cell, before));
    for (let round = 0; round < rounds && free.length > 0; round += 1) {
      const row = this.#row(state);
      for (const cell of free) {
        const values = [...(this.#values.get(cell) ?? [absent])];
        if (choose(2) === 0) row[cell] = values[choose(values.length)] ?? absent;
      }
      const other = this.#assemble(state, row);
      const after = attempt(this.machine, other, input);
      forEachWrite(cells, changes, (cell, value) => {
        row[cell] = value;
      });
      if (
        outcomeText(after.outcome) !== outcomeText(outcome) ||
        this.#text(this.#row(after.state)) !== this.#text(row)
      ) {
        return `${encode(input)} depends on a cell that it does not seem to read; in the state ${encode(other)} it gives ${outcomeText(after.outcome)}`;
      }
    }
    return undefined;
  }

  /** Whether it is a key of a collection; a field as a whole is not changed, as nothing tells which values it may have. */
  #isKey(cell: CellId, row: readonly ValueId[]): boolean {
    const { cells } = this.#transitions;
    const owner = cells.regions[cells.regionOf(cell)]?.owner;
    return owner !== undefined && cells.value(row[owner] ?? absent) instanceof CollectionShell;
  }

  #assemble(state: State, row: readonly ValueId[]): State {
    const { cells } = this.#transitions;
    const before = this.#row(state);
    let other: unknown = state;
    for (const cell of this.#values.keys()) {
      if (!this.#isKey(cell, before)) continue;
      const id = row[cell] ?? absent;
      other = putAt(other, cells.path(cell), id, cells.value(id));
    }
    return other as State;
  }
}

/** Puts a value at a key of a collection, which lies in fields of fields. */
function putAt(around: unknown, path: CellPath, id: ValueId, value: unknown): unknown {
  const [first, ...rest] = path;
  if (rest.length === 0) return put(around as Collection, first, id, value);
  const name = first as string;
  if (isRecord(around)) return (around as Fields).set(name, putAt((around as Fields).get(name), rest, id, value));
  const fields = around as { readonly [name: string]: unknown };
  return { ...fields, [name]: putAt(fields[name], rest, id, value) };
}

type Fields = IRecord<{ [name: string]: unknown }>;
type Collection = IMap<unknown, unknown> | ISet<unknown>;

function put(collection: Collection, key: unknown, id: ValueId, value: unknown): Collection {
  if (id === absent) return collection.remove(key);
  return "set" in collection ? collection.set(key, value) : collection.add(key);
}
