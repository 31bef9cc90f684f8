import {
  isMap,
  isOrdered,
  isRecord,
  isSet,
  isValueObject,
  Map as IMap,
  Set as ISet,
  type Record as IRecord,
} from "immutable";
import { encode, type Value } from "../../sim/value.js";
import type { CellPath } from "./machine.js";

/** Numbers of cells, of values that cells hold, and of regions, within one `Cells`. */
export type CellId = number;
export type ValueId = number;
export type RegionId = number;

/** The value of a cell that is not there, such as a key that a Map does not have. */
export const absent: ValueId = 0;

/** The cell of the state itself: its shell, or all of it when it has no structure. */
export const rootCell: CellId = 0;

/** The region of a Record's fields, and that of the keys of a state that is itself a Map or Set. */
export const fieldsRegion: RegionId = 0;
export const rootRegion: RegionId = 1;

/** The structure that holds cells, without them: an empty Map or Set, or a Record with its defaults. */
export class Shell {
  constructor(
    readonly kind: "map" | "set" | "record",
    readonly empty: IMap<Value, Value> | ISet<Value> | IRecord<{ [name: string]: Value }>,
  ) {}
}

/** Cells that can be read or cleared together: the fields of a Record, or the keys of a Map or Set. */
export interface Region {
  /** The field that holds the collection; null for the state itself. */
  readonly field: string | null;
  readonly cells: CellId[];
}

type Place = { readonly region: RegionId; readonly key: Value };
type Index = Map<Value, number>;

/**
 * Numbers for the cells and values that a machine's states are made of.
 *
 * Cells are the fields of a top-level Record, and the keys of an unordered Map or Set that is the state or one of its
 * fields; a state of another shape is one cell. Equal values (by content) have equal numbers.
 */
export class Cells {
  readonly regions: Region[] = [
    { field: null, cells: [] },
    { field: null, cells: [] },
  ];
  readonly #places: Place[] = [{ region: -1, key: null }];
  readonly #keys: Index[] = [new Map(), new Map()];
  /** Keys that are objects, by the number of their content. */
  readonly #objectKeys: Index[] = [new Map(), new Map()];
  readonly #fieldRegions = new Map<string, RegionId>();
  readonly #values: unknown[] = [undefined];
  readonly #primitives: Index = new Map();
  readonly #objects = new WeakMap<object, ValueId>();
  readonly #texts = new Map<string, ValueId>();
  readonly #shells = new Map<unknown, ValueId>();

  /** `isWhole` makes every state one cell, whatever its shape. */
  constructor(readonly isWhole = false) {}

  get count(): number {
    return this.#places.length;
  }

  /** The raw value of a number: a value, a Shell, or undefined for `absent`. */
  value(id: ValueId): unknown {
    return this.#values[id];
  }

  /** @throws UnusableValue for an object that cannot be compared by content. */
  valueId(value: Value): ValueId {
    if (typeof value !== "object" || value === null) return this.#intern(this.#primitives, value, value);
    const known = this.#objects.get(value);
    if (known !== undefined) return known;
    const id = this.#intern(this.#texts, encode(value), value);
    this.#objects.set(value, id);
    return id;
  }

  #intern<Key>(index: Map<Key, number>, key: Key, value: unknown): ValueId {
    const known = index.get(key);
    if (known !== undefined) return known;
    const id = this.#values.length;
    this.#values.push(value);
    index.set(key, id);
    return id;
  }

  /** The number of a collection's shell; undefined for a value without cells. Records have cells only as the state. */
  shellId(value: Value, isState: boolean): ValueId | undefined {
    if (this.isWhole || typeof value !== "object" || value === null) return undefined;
    if (isMap(value)) return isOrdered(value) ? undefined : this.#intern(this.#shells, "map", new Shell("map", IMap()));
    if (isSet(value)) return isOrdered(value) ? undefined : this.#intern(this.#shells, "set", new Shell("set", ISet()));
    if (!isState || !isRecord(value)) return undefined;
    const prototype: unknown = Object.getPrototypeOf(value);
    return this.#intern(this.#shells, prototype, new Shell("record", value.clear() as Shell["empty"]));
  }

  fieldCell(name: string): CellId {
    return this.keyCell(fieldsRegion, name);
  }

  /** The region of the keys of the collection in a field. */
  fieldRegion(name: string): RegionId {
    const known = this.#fieldRegions.get(name);
    if (known !== undefined) return known;
    this.regions.push({ field: name, cells: [] });
    this.#keys.push(new Map());
    this.#objectKeys.push(new Map());
    this.#fieldRegions.set(name, this.regions.length - 1);
    return this.regions.length - 1;
  }

  keyCell(region: RegionId, key: Value): CellId {
    const isObject = typeof key === "object" && key !== null;
    const index = (isObject ? this.#objectKeys[region] : this.#keys[region]) as Index;
    const name = isObject ? this.valueId(key) : key;
    const known = index.get(name);
    if (known !== undefined) return known;
    const cell = this.#places.length;
    this.#places.push({ region, key });
    index.set(name, cell);
    (this.regions[region] as Region).cells.push(cell);
    return cell;
  }

  keyOf(cell: CellId): Value {
    return this.#places[cell]?.key;
  }

  regionOf(cell: CellId): RegionId {
    return this.#places[cell]?.region ?? -1;
  }

  /** The path of a cell, for people and for certificates. */
  path(cell: CellId): CellPath {
    const place = this.#places[cell];
    if (place === undefined || place.region < 0) return [];
    const field = this.regions[place.region]?.field ?? null;
    return field === null ? [place.key] : [field, place.key];
  }

  /** The path of the collection that a region's cells are in. */
  pathOfRegion(region: RegionId): CellPath {
    const field = this.regions[region]?.field ?? null;
    return field === null ? [] : [field];
  }

  /** The cell that a path names, given the shell of the state. */
  cellAt(path: CellPath, state: Value): CellId {
    if (path.length === 0) return rootCell;
    const first = path[0];
    if (!isRecord(state)) return this.keyCell(rootRegion, first);
    if (typeof first !== "string") throw new TypeError("A path into a Record starts with the name of a field.");
    return path.length === 1 ? this.fieldCell(first) : this.keyCell(this.fieldRegion(first), path[1]);
  }

  /** All cells of a state that are not absent. Linear in the number of entries. */
  split(state: Value): Map<CellId, ValueId> {
    const cells = new Map<CellId, ValueId>();
    const shell = this.shellId(state, true);
    cells.set(rootCell, shell ?? this.valueId(state));
    if (shell === undefined) return cells;
    if (!isRecord(state)) this.splitCollection(rootRegion, state as Shell["empty"], cells);
    else for (const [name, value] of state.toSeq().entries()) this.splitField(String(name), value, cells);
    return cells;
  }

  splitField(name: string, value: Value, cells: Map<CellId, ValueId>): void {
    const shell = this.shellId(value, false);
    cells.set(this.fieldCell(name), shell ?? this.valueId(value));
    if (shell !== undefined) this.splitCollection(this.fieldRegion(name), value as Shell["empty"], cells);
  }

  splitCollection(region: RegionId, collection: Shell["empty"], cells: Map<CellId, ValueId>): void {
    if (isMap(collection)) {
      for (const [key, value] of collection.entries()) cells.set(this.keyCell(region, key), this.valueId(value));
    } else if (isSet(collection)) {
      for (const member of collection.values()) cells.set(this.keyCell(region, member), this.valueId(true));
    }
  }
}

/** Whether immutable-js finds this key by content, as cells do; plain objects it finds by identity. */
export function isCellKey(key: Value): boolean {
  return typeof key !== "object" || key === null || isValueObject(key);
}
