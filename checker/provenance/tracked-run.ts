import { Map as IMap, Set as ISet } from "immutable";
import type { Value } from "../../sim/value.js";
import {
  absent,
  type CellId,
  type Cells,
  CollectionShell,
  fieldsOf,
  ObjectShell,
  RecordShell,
  type RegionId,
  rootCell,
  type ValueId,
} from "./cells.js";
import type { Changes } from "./changes.js";
import { type ChangesBuilder, removed, type Run, trackedBy, unwrap } from "./tracked.js";
import { trackedCollection } from "./tracked-collection.js";
import { trackedObject } from "./tracked-object.js";
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
    return this.see(rootCell);
  }

  see(cell: CellId): Value {
    const value = this.cells.value(this.readId(cell));
    if (value instanceof CollectionShell) return trackedCollection(this, cell, value);
    if (value instanceof RecordShell) return trackedRecord(this, cell, value);
    return value instanceof ObjectShell ? trackedObject(this, cell, value) : value;
  }

  /** A whole collection, which reads all its keys, those that are not there included. */
  readWhole(region: RegionId, shell: CollectionShell): IMap<Value, Value> | ISet<Value> {
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
    const found: ChangesBuilder = { clears: [], sets: [] };
    this.setCell(rootCell, after, found);
    const sets: number[] = [];
    for (let i = 0; i < found.sets.length; i += 2) {
      const [cell, value] = [found.sets[i] as CellId, found.sets[i + 1] as ValueId];
      if (this.#seen(cell) !== value || this.#isCleared(cell, found)) sets.push(cell, value);
    }
    return { clears: found.clears, sets };
  }

  #isCleared(cell: CellId, changes: ChangesBuilder): boolean {
    return changes.clears.some((region) => this.cells.isIn(cell, region));
  }

  /** Records that a cell now holds `value`, plain or wrapped. */
  setCell(cell: CellId, value: Value, changes: ChangesBuilder): void {
    const tracked = trackedBy(value);
    if (tracked !== undefined && tracked.run === this && tracked.changesAt(cell, changes)) return;
    // A Record or object that the handler built anew may have wrappers in its fields: they tell what did not change.
    const seen = this.#seen(cell);
    const fields = tracked === undefined && seen !== undefined ? this.#fieldsLike(seen, value, cell) : undefined;
    if (fields !== undefined) {
      for (const [name, field] of fields) this.setCell(this.cells.fieldCell(cell, name), field, changes);
    } else this.#replace(cell, unwrap(value), changes);
  }

  /** The fields of a value of the same shape as what was seen. */
  #fieldsLike(seen: ValueId, value: Value, cell: CellId): Iterable<readonly [string, Value]> | undefined {
    const shell = this.cells.value(seen);
    if (!(shell instanceof RecordShell) && !(shell instanceof ObjectShell)) return undefined;
    return this.cells.shellId(value, cell) === seen ? fieldsOf(value) : undefined;
  }

  #replace(cell: CellId, plain: Value, changes: ChangesBuilder): void {
    const shell = this.cells.shellId(plain, cell);
    const id = shell ?? this.cells.valueId(plain);
    const seen = this.#seen(cell);
    if (shell === undefined && seen === id) return;
    changes.sets.push(cell, id);
    const region = this.cells.inside(cell);
    const fresh = new Map<CellId, ValueId>();
    if (shell !== undefined) this.cells.splitInside(cell, plain, fresh);
    // A collection that was read as a whole is compared key by key; one that was not is replaced unseen.
    if (shell !== undefined && seen === shell && this.#whole?.has(region) === true) {
      for (const key of this.cells.regions[region]?.cells ?? []) changes.sets.push(key, fresh.get(key) ?? absent);
      return;
    }
    changes.clears.push(region);
    for (const [inner, value] of fresh) changes.sets.push(inner, value);
  }

  setKey(region: RegionId, key: Value, value: Value, changes: ChangesBuilder): void {
    const id = value === removed ? absent : this.cells.valueId(unwrap(value));
    changes.sets.push(this.cells.keyCell(region, key), id);
  }
}
