import { isRecord, Map as IMap, Set as ISet } from "immutable";
import type { Value } from "../../sim/value.js";
import { absent, type CellId, type Cells, type RegionId, rootCell, rootRegion, Shell, type ValueId } from "./cells.js";
import type { Changes } from "./changes.js";
import { type ChangesBuilder, removed, type Run, trackedBy, unwrap } from "./tracked.js";
import { trackedCollection } from "./tracked-collection.js";
import { trackedRecord } from "./tracked-record.js";

/** A read in the order in which a run made it: a cell, or `wholeRegion(region)`. */
export type Read = number;

export function wholeRegion(region: RegionId): Read {
  return -1 - region;
}

/**
 * One run of a step on a state that is known cell by cell, through `lookup`: what it reads is logged, what it changes
 * is found by comparing the state that it gives back with the one that it began with.
 */
export class TrackedRun implements Run {
  readonly reads: Read[] = [];
  /** Cells read so far, and their values: few, so that a list is searched faster than a Map. */
  readonly #seenCells: CellId[] = [];
  readonly #seenValues: ValueId[] = [];
  #whole: Map<RegionId, IMap<Value, Value> | ISet<Value>> | undefined;

  constructor(
    readonly cells: Cells,
    readonly lookup: (cell: CellId) => ValueId,
  ) {}

  readId(cell: CellId): ValueId {
    const index = this.#seenCells.indexOf(cell);
    if (index >= 0) return this.#seenValues[index] as ValueId;
    const id = this.lookup(cell);
    this.#seenCells.push(cell);
    this.#seenValues.push(id);
    this.reads.push(cell);
    return id;
  }

  /** The value that the run has seen in a cell, by itself or in a whole collection. */
  #seen(cell: CellId): ValueId | undefined {
    const index = this.#seenCells.indexOf(cell);
    if (index >= 0) return this.#seenValues[index];
    return this.#whole?.has(this.cells.regionOf(cell)) === true ? this.lookup(cell) : undefined;
  }

  /** The state as the handler sees it. */
  state(): Value {
    const root = this.cells.value(this.readId(rootCell));
    if (!(root instanceof Shell)) return root;
    return root.kind === "record" ? trackedRecord(this, root) : trackedCollection(this, rootRegion, root);
  }

  /** The value of a field as the handler sees it: a wrapper for a collection with cells. */
  field(name: string): Value {
    const value = this.cells.value(this.readId(this.cells.fieldCell(name)));
    return value instanceof Shell ? trackedCollection(this, this.cells.fieldRegion(name), value) : value;
  }

  /** A whole collection, which reads all its keys, those that are not there included. */
  readWhole(region: RegionId, shell: Shell): IMap<Value, Value> | ISet<Value> {
    const known = this.#whole?.get(region);
    if (known !== undefined) return known;
    this.reads.push(wholeRegion(region));
    const present: [Value, Value][] = [];
    for (const cell of this.cells.regions[region]?.cells ?? []) {
      const id = this.lookup(cell);
      if (id !== absent) present.push([this.cells.keyOf(cell), this.cells.value(id)]);
    }
    const whole = shell.kind === "set" ? ISet(present.map(([key]) => key)) : IMap(present);
    this.#whole ??= new Map();
    this.#whole.set(region, whole);
    return whole;
  }

  /** What the state after a run differs in from the one before. A write of what was read is no change. */
  changes(after: Value): Changes {
    const found: ChangesBuilder = { clearsAll: false, clears: [], sets: [] };
    const tracked = trackedBy(after);
    if (tracked === undefined || tracked.run !== this || !tracked.changesAt("state", found)) {
      this.#replaceState(after, found);
    }
    const sets: number[] = [];
    for (let i = 0; i < found.sets.length; i += 2) {
      const [cell, value] = [found.sets[i] as CellId, found.sets[i + 1] as ValueId];
      if (this.#seen(cell) !== value || this.#isCleared(cell, found)) sets.push(cell, value);
    }
    return { clearsAll: found.clearsAll, clears: found.clears, sets };
  }

  #isCleared(cell: CellId, changes: ChangesBuilder): boolean {
    return changes.clearsAll || (changes.clears.length > 0 && changes.clears.includes(this.cells.regionOf(cell)));
  }

  #replaceState(after: Value, changes: ChangesBuilder): void {
    const id = this.readId(rootCell);
    const before = this.cells.value(id);
    if (isRecord(after) && before instanceof Shell && this.cells.shellId(after, true) === id) {
      // A Record that the handler built anew may have wrappers in its fields: they tell what did not change.
      for (const [name, value] of after.toSeq().entries()) this.setField(String(name), value, changes);
      return;
    }
    const state = unwrap(after);
    const shell = this.cells.shellId(state, true);
    if (shell === id) this.#replaceCollection(rootRegion, state as Shell["empty"], changes);
    else {
      changes.clearsAll = shell !== undefined || before instanceof Shell;
      for (const [cell, value] of this.cells.split(state)) changes.sets.push(cell, value);
    }
  }

  #replaceCollection(region: RegionId, collection: Shell["empty"], changes: ChangesBuilder): void {
    const fresh = new Map<CellId, ValueId>();
    this.cells.splitCollection(region, collection, fresh);
    // A collection that was read as a whole is compared key by key; one that was not is replaced unseen.
    if (this.#whole?.has(region) === true) {
      for (const cell of this.cells.regions[region]?.cells ?? []) changes.sets.push(cell, fresh.get(cell) ?? absent);
    } else {
      changes.clears.push(region);
      for (const [cell, value] of fresh) changes.sets.push(cell, value);
    }
  }

  /** Records that a field of the state now holds `value`, plain or wrapped. */
  setField(name: string, value: Value, changes: ChangesBuilder): void {
    const region = this.cells.fieldRegion(name);
    const tracked = trackedBy(value);
    if (tracked !== undefined && tracked.run === this && tracked.changesAt(region, changes)) return;
    const plain = unwrap(value);
    const shell = this.cells.shellId(plain, false);
    const id = shell ?? this.cells.valueId(plain);
    const cell = this.cells.fieldCell(name);
    if (shell === undefined && this.#seen(cell) === id) return;
    changes.sets.push(cell, id);
    if (shell !== undefined) this.#replaceCollection(region, plain as Shell["empty"], changes);
    else changes.clears.push(region);
  }

  setKey(region: RegionId, key: Value, value: Value, changes: ChangesBuilder): void {
    const id = value === removed ? absent : this.cells.valueId(unwrap(value));
    changes.sets.push(this.cells.keyCell(region, key), id);
  }
}
