import { absent, type CellId, type ValueId } from "./cells.js";
import type { Budget } from "./effort.js";
import type { AnyTransitions } from "./transitions.js";

/** Per cell, the values that it may have; a cell with too many is open. */
export class ValueSets {
  tick = 0;
  readonly varies = new Set<CellId>();
  readonly #lists: (ValueId[] | undefined)[] = [];
  readonly #members: (Set<ValueId> | undefined)[] = [];
  readonly #open = new Set<CellId>();
  readonly #changedAt: number[] = [];

  constructor(
    readonly transitions: AnyTransitions,
    readonly budget: Budget,
  ) {
    for (const [cell, value] of transitions.initial) this.#lists[cell] = [value];
  }

  listed(cell: CellId): readonly ValueId[] | undefined {
    return this.#open.has(cell) ? undefined : (this.#lists[cell] ?? onlyAbsent);
  }

  isStill(summary: Summary): boolean {
    for (const cell of summary.depends) if ((this.#changedAt[cell] ?? 0) > summary.tick) return false;
    for (const region of summary.regions) {
      let isChanged = false;
      this.transitions.cells.eachIn(region, (cell) => {
        isChanged ||= (this.#changedAt[cell] ?? 0) > summary.tick;
      });
      if (isChanged) return false;
    }
    return true;
  }

  apply(summary: Summary, isForced: boolean): void {
    if (summary.isOpen) for (const cell of summary.effects.changes) this.#openUp(cell);
    const musts = isForced ? new Set(summary.effects.musts) : undefined;
    for (const [cell, written] of summary.writes) {
      if (musts?.has(cell) === true) this.#replace(cell, written);
      else for (const value of written) this.#add(cell, value);
    }
  }

  #touch(cell: CellId): void {
    this.tick += 1;
    this.#changedAt[cell] = this.tick;
    this.varies.add(cell);
  }

  #openUp(cell: CellId): void {
    if (this.#open.has(cell)) return;
    this.#open.add(cell);
    this.#touch(cell);
  }

  #replace(cell: CellId, written: ReadonlySet<ValueId>): void {
    const old = this.listed(cell);
    if (old !== undefined && old.length === written.size && old.every((value) => written.has(value))) return;
    this.#open.delete(cell);
    this.#lists[cell] = [...written];
    this.#members[cell] = new Set(written);
    this.#touch(cell);
  }

  #add(cell: CellId, value: ValueId): void {
    if (this.#open.has(cell)) return;
    let list = this.#lists[cell];
    if (list === undefined) {
      list = [absent];
      this.#lists[cell] = list;
    }
    let members = this.#members[cell];
    if (members === undefined) {
      members = new Set(list);
      this.#members[cell] = members;
    }
    if (members.has(value)) return;
    members.add(value);
    list.push(value);
    this.#touch(cell);
    if (list.length > this.budget.valuesMax) this.#open.add(cell);
  }
}

const onlyAbsent: readonly ValueId[] = [absent];

/** What one position may do on any subtrace that holds all forced positions. */
export interface Effects {
  readonly reads: readonly CellId[];
  /** Cells that may have another value afterwards. */
  readonly changes: readonly CellId[];
  /** Cells that are written in every case. */
  readonly musts: readonly CellId[];
}

/** What an input does, given the values that the cells had at `tick`. */
export interface Summary {
  readonly tick: number;
  readonly effects: Effects;
  /** Cells that the summary looked at: it holds until one of them may have other values. */
  readonly depends: readonly CellId[];
  readonly regions: readonly number[];
  /** The values that it may write. */
  readonly writes: ReadonlyMap<CellId, ReadonlySet<ValueId>>;
  readonly isOpen: boolean;
}
