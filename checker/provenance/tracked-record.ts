import { isCollection, isRecord, Map as IMap, Record as IRecord } from "immutable";
import type { Value } from "../../sim/value.js";
import { changeInside, getInside, hasInside, same } from "./inside.js";
import type { CellId, RecordShell } from "./cells.js";
import { type ChangesBuilder, describe, type Tracked, trackedBy, trackedKey, type Run, unwrap } from "./tracked.js";

type PlainRecord = IRecord<{ [name: string]: Value }>;

/** A Record whose fields are cells, as a handler sees it. Other operations than those on fields read all of it. */
export function trackedRecord(run: Run, cell: CellId, shell: RecordShell): object {
  return new TrackedRecord(run, cell, shell.empty, new Map()).proxy;
}

/** What a handler sees of a wrapper: an immutable Record. */
const traps: ProxyHandler<TrackedRecord> = {
  get: (tracked, name, receiver) => tracked.property(name, receiver),
  has: (tracked, name) => Reflect.has(tracked.defaults, name),
  set: () => false,
  getPrototypeOf: (tracked) => Object.getPrototypeOf(tracked.defaults) as object,
  ownKeys: (tracked) => Reflect.ownKeys(tracked.plain()),
  getOwnPropertyDescriptor: (tracked, name) => describe(tracked.plain(), name),
};

class TrackedRecord implements Tracked {
  readonly proxy: object;
  #plain: PlainRecord | undefined;

  /** `written` holds the fields that the handler has set, plain or wrapped. */
  constructor(
    readonly run: Run,
    /** Where it is in the state. */
    readonly cell: CellId,
    readonly defaults: PlainRecord,
    readonly written: ReadonlyMap<string, Value>,
  ) {
    this.proxy = new Proxy(this, traps);
  }

  property(name: string | symbol, receiver: unknown): Value {
    if (name === trackedKey) return this;
    if (typeof name === "string") {
      // A field that is named like an operation of Records has no accessor; immutable-js says so when it is declared.
      if (this.defaults.has(name) && !(name in IRecord.prototype)) return this.get(name);
      const method = methods[name];
      if (method !== undefined) return (...args: Value[]) => method(this, args);
      const isStatic = name === "constructor" || String(name).startsWith("@@__IMMUTABLE_");
      // What the author's own subclass adds runs on the wrapper, so that its reads are tracked too.
      const isOwn = !(name in IRecord.prototype) && !Object.hasOwn(this.defaults, name);
      if (isStatic || isOwn) return Reflect.get(this.defaults, name, receiver);
    }
    const plain = this.plain();
    const found: unknown = Reflect.get(plain, name, plain);
    return typeof found === "function" ? found.bind(plain) : found;
  }

  plain(): PlainRecord {
    if (this.#plain !== undefined) return this.#plain;
    let plain = this.defaults;
    for (const name of plain.toSeq().keys()) plain = plain.set(String(name), unwrap(this.get(String(name))));
    this.#plain = plain;
    return plain;
  }

  get(field: Value, otherwise?: Value): Value {
    const name = String(field);
    if (!this.defaults.has(name)) return otherwise;
    return this.written.has(name) ? this.written.get(name) : this.run.see(this.run.cells.fieldCell(this.cell, name));
  }

  has(name: Value): boolean {
    return this.defaults.has(String(name));
  }

  /** Unknown fields are ignored, as immutable-js does. */
  with(fields: Iterable<readonly [string, Value]>): object {
    const written = new Map(this.written);
    for (const [name, value] of fields) {
      if (this.defaults.has(name)) written.set(name, value === undefined ? this.defaults.get(name) : value);
    }
    return new TrackedRecord(this.run, this.cell, this.defaults, written).proxy;
  }

  changesAt(cell: CellId, changes: ChangesBuilder): boolean {
    if (cell !== this.cell) return false;
    const { cells } = this.run;
    for (const [name, value] of this.written) this.run.setCell(cells.fieldCell(cell, name), value, changes);
    return true;
  }
}

type Method = (record: TrackedRecord, args: readonly Value[]) => Value;

function pathOf(args: readonly Value[]): readonly Value[] {
  return [...(args[0] as Iterable<Value>)];
}

type Change = (around: IMap<Value, Value>, path: readonly Value[], args: readonly Value[]) => IMap<Value, Value>;

/** A change at or inside a field. Collections in fields are wrapped, so their keys stay single cells. */
function changing(change: Change): Method {
  return (record, args) => {
    const path = pathOf(args);
    if (path.length === 0) return change(record.plain() as unknown as IMap<Value, Value>, path, args.slice(1));
    const cell = changeInside(record, path, (around) => change(around, path, args.slice(1)));
    return cell === same ? record.proxy : record.with([[String(path[0]), cell]]);
  };
}

const setInside = changing((around, path, [value]) => around.setIn(path, value));

/** Does not read what it replaces, or a blind write would seem to depend on the past. */
function setAt(record: TrackedRecord, args: readonly Value[]): Value {
  const path = pathOf(args);
  const [name, key] = path;
  if (path.length === 1) return record.with([[String(name), args[1]]]);
  const collection = path.length === 2 ? record.get(String(name)) : undefined;
  if (!isTrackedCollection(collection)) return setInside(record, args);
  return record.with([[String(name), (collection as { set(key: Value, value: Value): Value }).set(key, args[1])]]);
}

/** Whether a field holds a wrapper with operations on single keys; a plain object has none. */
function isTrackedCollection(value: Value): boolean {
  return trackedBy(value) !== undefined && (isCollection(value) || isRecord(value));
}

function removeAt(record: TrackedRecord, args: readonly Value[]): Value {
  const path = pathOf(args);
  const [name, key] = path;
  if (path.length === 1) return reset(record, path);
  const collection = path.length === 2 ? record.get(name) : undefined;
  if (!isTrackedCollection(collection)) return removeInside(record, args);
  return record.with([[String(name), (collection as { remove(key: Value): Value }).remove(key)]]);
}

const removeInside = changing((around, path) => around.removeIn(path));

function reset(record: TrackedRecord, [name]: readonly Value[]): Value {
  return record.with([[String(name), record.defaults.get(String(name))]]);
}

function getAt(record: TrackedRecord, args: readonly Value[]): Value {
  const path = pathOf(args);
  if (path.length === 0) return record.proxy;
  return path.length === 1 ? record.get(String(path[0]), args[1]) : getInside(record, path, args[1]);
}

function hasAt(record: TrackedRecord, args: readonly Value[]): boolean {
  const path = pathOf(args);
  return path.length === 0 || hasInside(record, path);
}

/** As immutable-js: an updater that gives back what it was given changes nothing. */
function update(record: TrackedRecord, args: readonly Value[]): Value {
  if (args.length === 1) return (args[0] as (self: object) => Value)(record.proxy);
  const name = String(args[0]);
  const old = record.get(name);
  const given = old === undefined && args.length > 2 ? args[1] : old;
  const fresh = (args[args.length - 1] as (old: Value) => Value)(given);
  return fresh === given ? record.proxy : record.with([[name, fresh]]);
}

function entriesOf(source: Value): [string, Value][] {
  const plain = unwrap(source);
  const fields = isRecord(plain) ? (plain as PlainRecord).toSeq() : (IMap(plain as never) as IMap<string, Value>);
  return [...fields.entries()].map(([name, value]) => [String(name), value]);
}

const methods: { readonly [name: string]: Method | undefined } = Object.assign(Object.create(null) as object, {
  get: (record, [name, otherwise]) => record.get(String(name), otherwise),
  has: (record, [name]) => record.has(String(name)),
  set: (record, [name, value]) => record.with([[String(name), value]]),
  update,
  delete: reset,
  remove: reset,
  merge: (record, sources) => record.with(sources.flatMap(entriesOf)),
  getIn: getAt,
  hasIn: hasAt,
  setIn: setAt,
  updateIn: changing((around, path, args) => around.updateIn(path, ...(args as [Value, (old: Value) => Value]))),
  deleteIn: removeAt,
  removeIn: removeAt,
} satisfies { [name: string]: Method });
