import {
  isCollection,
  isMap,
  isRecord,
  isSet,
  type Map as IMap,
  type Record as IRecord,
  type Set as ISet,
} from "immutable";
import type { Value } from "../../sim/value.js";
import type { CellId, Cells, CollectionShell, RegionId, ValueId } from "./cells.js";

/** What the wrappers of one run need of it: reads are logged, and changes noted. */
export interface Run {
  readonly cells: Cells;
  readId(cell: CellId): ValueId;
  /** What a cell holds, as a handler sees it: a wrapper, where it is split further. */
  see(cell: CellId): Value;
  readWhole(region: RegionId, shell: CollectionShell): IMap<Value, Value> | ISet<Value>;
  setCell(cell: CellId, value: Value, changes: ChangesBuilder): void;
  setKey(region: RegionId, key: Value, value: Value, changes: ChangesBuilder): void;
}

/** A wrapper around a part of the state, which `unwrap` can turn into the plain value. */
export interface Tracked {
  readonly run: Run;
  plain(): Value;
  /** Adds what differs from the state that the run began with; false if it was put in another cell than its own. */
  changesAt(cell: CellId, changes: ChangesBuilder): boolean;
}

export interface ChangesBuilder {
  readonly clears: RegionId[];
  /** Cell, value, cell, value, …; each cell once. */
  readonly sets: number[];
}

/** The property under which a wrapper's proxy gives the wrapper; no value of a state has it. */
export const trackedKey = Symbol("tracked");

/** Wrappers that are plain objects: they can have no further property. */
export const trackedObjects = new WeakMap<object, Tracked>();

export function trackedBy(value: unknown): Tracked | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { [trackedKey]?: Tracked })[trackedKey] ?? trackedObjects.get(value);
}

/** A property of a plain value as a proxy must report it. */
export function describe(plain: object, name: string | symbol): PropertyDescriptor | undefined {
  const found = Reflect.getOwnPropertyDescriptor(plain, name);
  return found === undefined ? undefined : { ...found, configurable: true };
}

/** Stands for a key that a handler removed. */
export const removed = Symbol("removed");

const clean = new WeakSet<object>();

/** The value without any wrapper in it, however deep; a wrapper that left the state reads all that it wraps. */
export function unwrap(value: Value): Value {
  if (typeof value !== "object" || value === null || clean.has(value)) return value;
  const tracked = trackedBy(value);
  if (tracked !== undefined) return tracked.plain();
  const result = unwrapInside(value);
  if (isCollection(result) || isRecord(result)) clean.add(result);
  return result;
}

function unwrapInside(value: object): Value {
  if (isRecord(value)) {
    let record = value as IRecord<{ [name: string]: Value }>;
    for (const [name, item] of record.toSeq().entries()) {
      const plain = unwrap(item);
      if (plain !== item) record = record.set(name, plain);
    }
    return record;
  }
  if (isCollection(value)) {
    let dirty = false;
    value.forEach((item: Value, key: Value) => {
      if (unwrap(item) !== item || unwrap(key) !== key) dirty = true;
    });
    if (!dirty) return value;
    if (isMap(value)) return value.mapEntries(([key, item]) => [unwrap(key), unwrap(item)]);
    return isSet(value) ? value.map(unwrap) : value.map(unwrap);
  }
  if (Array.isArray(value)) return value.some((item) => unwrap(item) !== item) ? value.map(unwrap) : value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const fields = value as { readonly [name: string]: Value };
  for (const name in fields) {
    if (unwrap(fields[name]) !== fields[name]) {
      return Object.fromEntries(Object.entries(fields).map(([field, item]) => [field, unwrap(item)]));
    }
  }
  return value;
}
