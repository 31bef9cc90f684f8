import { Map as IMap, Set as ISet } from "immutable";
import type { Value } from "../../sim/value.js";
import { changeInside, getInside, hasInside, same } from "./inside.js";
import { absent, type CellId, type CollectionShell, isCellKey, type RegionId } from "./cells.js";
import { type ChangesBuilder, describe, removed, type Tracked, trackedKey, type Run, unwrap } from "./tracked.js";

/**
 * A Map or Set whose keys are cells, as a handler sees it: `get has set update delete merge` and their companions read
 * and write single keys; everything else reads the whole collection and works on the plain one.
 */
export function trackedCollection(run: Run, cell: CellId, shell: CollectionShell): object {
  return new TrackedCollection(run, cell, shell, new Map()).proxy;
}

/** What a handler sees of a wrapper: an immutable collection. */
const traps: ProxyHandler<TrackedCollection> = {
  get: (tracked, name) => tracked.property(name),
  has: (tracked, name) => Reflect.has(tracked.plain(), name),
  set: () => false,
  getPrototypeOf: (tracked) => Object.getPrototypeOf(tracked.shell.empty) as object,
  ownKeys: (tracked) => Reflect.ownKeys(tracked.plain()),
  getOwnPropertyDescriptor: (tracked, name) => describe(tracked.plain(), name),
};

class TrackedCollection implements Tracked {
  readonly proxy: object;
  readonly region: RegionId;
  #plain: IMap<Value, Value> | ISet<Value> | undefined;

  /** `written` holds what the handler has put over the original: a value, or `removed`. */
  constructor(
    readonly run: Run,
    /** Where it is in the state. */
    readonly cell: CellId,
    readonly shell: CollectionShell,
    readonly written: ReadonlyMap<Value, Value | typeof removed>,
  ) {
    this.region = run.cells.inside(cell);
    this.proxy = new Proxy(this, traps);
  }

  property(name: string | symbol): Value {
    if (name === trackedKey) return this;
    if (typeof name === "string") {
      const method = (this.shell.kind === "set" ? setMethods : mapMethods)[name];
      if (method !== undefined) return (...args: Value[]) => this.#call(name, method, args);
      if (name.startsWith("@@__IMMUTABLE_")) return Reflect.get(this.shell.empty, name) as unknown;
    }
    const plain = this.plain();
    const found: unknown = Reflect.get(plain, name, plain);
    return typeof found === "function" && name !== "constructor" ? found.bind(plain) : found;
  }

  /** A key that immutable-js finds by identity cannot be a cell: the plain collection then answers. */
  #call(name: string, method: Method, args: Value[]): Value {
    if (method.keys(args).every((key) => isCellKey(unwrap(key)))) return method.call(this, args);
    const plain = this.plain() as unknown as { [name: string]: (...args: Value[]) => Value };
    return (plain[name] as (...args: Value[]) => Value).apply(plain, args.map(unwrap));
  }

  plain(): IMap<Value, Value> | ISet<Value> {
    if (this.#plain !== undefined) return this.#plain;
    let plain = this.run.readWhole(this.region, this.shell);
    for (const [key, value] of this.written) {
      if (value === removed) plain = plain.remove(key);
      else plain = ISet.isSet(plain) ? plain.add(key) : plain.set(key, unwrap(value));
    }
    this.#plain = plain;
    return plain;
  }

  has(rawKey: Value): boolean {
    const key = unwrap(rawKey);
    const written = this.#written(key);
    if (written !== undefined) return written.value !== removed;
    return this.run.readId(this.run.cells.keyCell(this.region, key)) !== absent;
  }

  get(rawKey: Value, otherwise?: Value): Value {
    const key = unwrap(rawKey);
    const written = this.#written(key);
    if (written !== undefined) return written.value === removed ? otherwise : written.value;
    const id = this.run.readId(this.run.cells.keyCell(this.region, key));
    return id === absent ? otherwise : this.run.cells.value(id);
  }

  #written(key: Value): { readonly value: Value | typeof removed } | undefined {
    if (this.written.size === 0) return undefined;
    const name = this.#name(key);
    return this.written.has(name) ? { value: this.written.get(name) } : undefined;
  }

  /** One object per key, so that equal keys meet in a JavaScript Map. */
  #name(key: Value): Value {
    const { cells } = this.run;
    return cells.keyOf(cells.keyCell(this.region, key));
  }

  with(entries: Iterable<readonly [Value, Value | typeof removed]>): object {
    const written = new Map(this.written);
    for (const [key, value] of entries) written.set(this.#name(unwrap(key)), value);
    return new TrackedCollection(this.run, this.cell, this.shell, written).proxy;
  }

  changesAt(cell: CellId, changes: ChangesBuilder): boolean {
    if (cell !== this.cell) return false;
    for (const [key, value] of this.written) this.run.setKey(this.region, key, value, changes);
    return true;
  }
}

interface Method {
  /** The keys that a call names. */
  keys(args: readonly Value[]): readonly Value[];
  call(collection: TrackedCollection, args: readonly Value[]): Value;
}

function onKey(call: Method["call"]): Method {
  return { keys: ([key]) => [key], call };
}

const get = onKey((map, [key, otherwise]) => map.get(key, otherwise));
const has = onKey((collection, [key]) => collection.has(key));
const remove = onKey((collection, [key]) => collection.with([[key, removed]]));
const add = onKey((set, [member]) => set.with([[member, true]]));

/** As immutable-js: an updater that gives back what it was given changes nothing, even where the key is absent. */
function update(map: TrackedCollection, args: readonly Value[]): Value {
  if (args.length === 1) return (args[0] as (self: object) => Value)(map.proxy);
  const [key, second, third] = args;
  const old = map.get(key, args.length > 2 ? second : undefined);
  const fresh = ((args.length > 2 ? third : second) as (old: Value) => Value)(old);
  return fresh === old ? map.proxy : map.with([[key, fresh]]);
}

function entriesOf(source: Value): [Value, Value][] {
  return [...(IMap(unwrap(source) as never) as IMap<Value, Value>).entries()];
}

function membersOf(source: Value): Value[] {
  return [...(ISet(unwrap(source) as never) as ISet<Value>).values()];
}

const merge: Method = {
  keys: (sources) => sources.flatMap(entriesOf).map(([key]) => key),
  call: (map, sources) => map.with(sources.flatMap(entriesOf)),
};

const union: Method = {
  keys: (sources) => sources.flatMap(membersOf),
  call: (set, sources) => set.with(sources.flatMap(membersOf).map((member) => [member, true] as const)),
};

/** A method whose first argument is a path; `first` answers a path of one key. */
function onPath(
  first: Method,
  deep: (map: TrackedCollection, path: readonly Value[], args: readonly Value[]) => Value,
): Method {
  const pathOf = (args: readonly Value[]): readonly Value[] => [...(args[0] as Iterable<Value>)];
  return {
    keys: (args) => pathOf(args).slice(0, 1),
    call: (map, args) => {
      const path = pathOf(args);
      return path.length === 1 ? first.call(map, [path[0], ...args.slice(1)]) : deep(map, path, args.slice(1));
    },
  };
}

type Change = (around: IMap<Value, Value>, path: readonly Value[], args: readonly Value[]) => IMap<Value, Value>;

/** The same with a change inside the value of the first key; an empty path is left to the plain collection. */
function changing(change: Change) {
  return (map: TrackedCollection, path: readonly Value[], args: readonly Value[]): Value => {
    if (path.length === 0) return change(map.plain() as IMap<Value, Value>, path, args);
    const cell = changeInside(map, path, (around) => change(around, path, args));
    return cell === same ? map.proxy : map.with([[path[0], cell]]);
  };
}

const set = onKey((map, [key, value]) => map.with([[key, value]]));
const updateKey: Method = { keys: (args) => (args.length === 1 ? [] : args.slice(0, 1)), call: update };
const removeIn = onPath(
  remove,
  changing((around, path) => around.removeIn(path)),
);

const setMethods: { readonly [name: string]: Method | undefined } = Object.assign(Object.create(null) as object, {
  has,
  includes: has,
  contains: has,
  add,
  delete: remove,
  remove,
  union,
  merge: union,
  concat: union,
  subtract: {
    keys: union.keys,
    call: (set: TrackedCollection, sources: readonly Value[]) =>
      set.with(sources.flatMap(membersOf).map((member) => [member, removed] as const)),
  },
});

const mapMethods: { readonly [name: string]: Method | undefined } = Object.assign(Object.create(null) as object, {
  get,
  has,
  set,
  update: updateKey,
  delete: remove,
  remove,
  merge,
  concat: merge,
  getIn: onPath(get, (map, path, [otherwise]) => (path.length === 0 ? map.proxy : getInside(map, path, otherwise))),
  hasIn: onPath(has, (map, path) => path.length === 0 || hasInside(map, path)),
  setIn: onPath(
    set,
    changing((around, path, [value]) => around.setIn(path, value)),
  ),
  updateIn: onPath(
    updateKey,
    changing((around, path, args) => around.updateIn(path, ...(args as [Value, (old: Value) => Value]))),
  ),
  deleteIn: removeIn,
  removeIn,
});
