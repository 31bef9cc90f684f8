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
import type { Value } from "../../sim/value.js";
import { contentText } from "./content.js";
import type { CellPath } from "./machine.js";

/** Numbers of cells, of values that cells hold, and of regions, within one `Cells`. */
export type CellId = number;
export type ValueId = number;
export type RegionId = number;

/** The value of a cell that is not there, such as a key that a Map does not have. */
export const absent: ValueId = 0;

/** The cell of the state itself: its shell, or all of it when it has no structure. */
export const rootCell: CellId = 0;

/** The structure that holds cells, without them: an empty Map or Set, a Record with its defaults, or the names of fields. */
export type Shell = CollectionShell | RecordShell | ObjectShell;

export class CollectionShell {
  constructor(
    readonly kind: "map" | "set",
    readonly empty: IMap<Value, Value> | ISet<Value>,
  ) {}
}

export class RecordShell {
  readonly kind = "record";
  constructor(readonly empty: IRecord<{ [name: string]: Value }>) {}
}

export class ObjectShell {
  readonly kind = "object";
  constructor(readonly names: readonly string[]) {}
}

export function isShell(value: unknown): value is Shell {
  return value instanceof CollectionShell || value instanceof RecordShell || value instanceof ObjectShell;
}

/** Cells that are in one cell: the fields of its Record or plain object, or the keys of its Map or Set. */
export interface Region {
  readonly owner: CellId;
  readonly cells: CellId[];
}

type Address = { readonly region: RegionId; readonly key: Value };
type Index = Map<Value, number>;

/**
 * Numbers for the cells and values that a machine's states are made of.
 *
 * Cells are the fields of a Record or plain object that is the state, and the keys of an unordered Map or Set that is the
 * state or one of its fields; a state of another shape is one cell. A field in `nested` is split as a state is. Equal values
 * (by content) have equal numbers.
 */
export class Cells {
  readonly regions: Region[] = [];
  readonly #addresses: Address[] = [{ region: -1, key: null }];
  readonly #keys: Index[] = [];
  /** Keys that are objects, by the number of their content. */
  readonly #objectKeys: Index[] = [];
  /** By cell, the region of what is in it. */
  readonly #inside: (RegionId | undefined)[] = [];
  readonly #values: unknown[] = [undefined];
  readonly #primitives: Index = new Map();
  readonly #objects = new WeakMap<object, ValueId>();
  readonly #texts = new Map<string, ValueId>();
  readonly #shells = new Map<unknown, ValueId>();

  /** `isWhole` makes every state one cell, whatever its shape. */
  constructor(
    readonly isWhole = false,
    readonly nested: readonly string[] = [],
  ) {}

  get count(): number {
    return this.#addresses.length;
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
    const id = this.#intern(this.#texts, contentText(value), value);
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

  /** The number of the shell of a value in a cell; undefined for a value that is not split there. */
  shellId(value: Value, cell: CellId): ValueId | undefined {
    if (this.isWhole || typeof value !== "object" || value === null || !this.#holdsKeys(cell)) return undefined;
    if (isMap(value))
      return isOrdered(value) ? undefined : this.#shell("map", () => new CollectionShell("map", IMap()));
    if (isSet(value))
      return isOrdered(value) ? undefined : this.#shell("set", () => new CollectionShell("set", ISet()));
    if (!this.#holdsFields(cell)) return undefined;
    if (isRecord(value)) {
      const prototype: unknown = Object.getPrototypeOf(value);
      return this.#shell(prototype, () => new RecordShell(value.clear() as RecordShell["empty"]));
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
    const names = Object.keys(value).sort();
    return this.#shell(`fields ${JSON.stringify(names)}`, () => new ObjectShell(names));
  }

  #shell(key: unknown, make: () => Shell): ValueId {
    const known = this.#shells.get(key);
    return known ?? this.#intern(this.#shells, key, make());
  }

  /** The state, and nested fields: what is split into fields. */
  #holdsFields(cell: CellId): boolean {
    if (cell === rootCell) return true;
    const { region, key } = this.#addresses[cell] as Address;
    return this.regions[region]?.owner === rootCell && this.nested.includes(key as string);
  }

  /** And their fields: what is split into keys. */
  #holdsKeys(cell: CellId): boolean {
    if (this.#holdsFields(cell)) return true;
    const owner = this.regions[this.regionOf(cell)]?.owner;
    return owner !== undefined && this.#holdsFields(owner);
  }

  /** The region of what is in a cell. */
  inside(cell: CellId): RegionId {
    const known = this.#inside[cell];
    if (known !== undefined) return known;
    this.regions.push({ owner: cell, cells: [] });
    this.#keys.push(new Map());
    this.#objectKeys.push(new Map());
    this.#inside[cell] = this.regions.length - 1;
    return this.regions.length - 1;
  }

  /** Calls `visit` for all cells in a region, and for those in them. */
  eachIn(region: RegionId, visit: (cell: CellId) => void): void {
    for (const cell of this.regions[region]?.cells ?? []) {
      visit(cell);
      const inner = this.#inside[cell];
      if (inner !== undefined) this.eachIn(inner, visit);
    }
  }

  /** Whether a cell is in a region, or in a cell that is. */
  isIn(cell: CellId, region: RegionId): boolean {
    for (let at = this.regionOf(cell); at >= 0; at = this.regionOf(this.regions[at]?.owner ?? rootCell)) {
      if (at === region) return true;
    }
    return false;
  }

  fieldCell(owner: CellId, name: string): CellId {
    return this.keyCell(this.inside(owner), name);
  }

  keyCell(region: RegionId, key: Value): CellId {
    const isObject = typeof key === "object" && key !== null;
    const index = (isObject ? this.#objectKeys[region] : this.#keys[region]) as Index;
    const name = isObject ? this.valueId(key) : key;
    const known = index.get(name);
    if (known !== undefined) return known;
    const cell = this.#addresses.length;
    this.#addresses.push({ region, key });
    index.set(name, cell);
    (this.regions[region] as Region).cells.push(cell);
    return cell;
  }

  keyOf(cell: CellId): Value {
    return this.#addresses[cell]?.key;
  }

  regionOf(cell: CellId): RegionId {
    return this.#addresses[cell]?.region ?? -1;
  }

  /** The path of a cell, for people and for certificates. */
  path(cell: CellId): CellPath {
    const region = this.regionOf(cell);
    return region < 0 ? [] : [...this.pathOfRegion(region), this.keyOf(cell)];
  }

  /** The path of the collection that a region's cells are in. */
  pathOfRegion(region: RegionId): CellPath {
    return this.path(this.regions[region]?.owner ?? rootCell);
  }

  /** The cell that a path names. */
  cellAt(path: CellPath): CellId {
    return path.reduce<CellId>((cell, key) => this.keyCell(this.inside(cell), key), rootCell);
  }

  /** All cells of a state that are not absent. Linear in the number of entries. */
  split(state: Value): Map<CellId, ValueId> {
    const cells = new Map<CellId, ValueId>();
    this.splitAt(rootCell, state, cells);
    return cells;
  }

  splitAt(cell: CellId, value: Value, cells: Map<CellId, ValueId>): void {
    const shell = this.shellId(value, cell);
    cells.set(cell, shell ?? this.valueId(value));
    if (shell !== undefined) this.splitInside(cell, value, cells);
  }

  /** The cells in a cell whose value has a shell. */
  splitInside(cell: CellId, value: Value, cells: Map<CellId, ValueId>): void {
    const fields = fieldsOf(value);
    if (fields !== undefined) {
      for (const [name, field] of fields) this.splitAt(this.fieldCell(cell, name), field, cells);
    } else if (isMap(value)) {
      for (const [key, item] of value.entries()) cells.set(this.keyCell(this.inside(cell), key), this.valueId(item));
    } else {
      for (const member of (value as ISet<Value>).values()) {
        cells.set(this.keyCell(this.inside(cell), member), this.valueId(true));
      }
    }
  }
}

/** The fields of a Record or plain object; undefined for a collection. */
export function fieldsOf(value: Value): Iterable<readonly [string, Value]> | undefined {
  if (isRecord(value)) return [...value.toSeq().entries()].map(([name, field]) => [String(name), field] as const);
  return isMap(value) || isSet(value) ? undefined : Object.entries(value as { readonly [name: string]: Value });
}

/** Whether immutable-js finds this key by content, as cells do; plain objects it finds by identity. */
export function isCellKey(key: Value): boolean {
  return typeof key !== "object" || key === null || isValueObject(key);
}
