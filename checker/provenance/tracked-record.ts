import { isRecord, Map as IMap, Record as IRecord } from "immutable";
import type { Value } from "../../sim/value.js";
import { getInside, hasInside, updateInside } from "./inside.js";
import type { RegionId, Shell } from "./cells.js";
import { type ChangesBuilder, describe, type Tracked, trackedKey, type TrackedRun, unwrap } from "./tracked.js";

type PlainRecord = IRecord<{ [name: string]: Value }>;

/** A Record whose fields are cells, as a handler sees it. Other operations than those on fields read all of it. */
export function trackedRecord(run: TrackedRun, shell: Shell): object {
  return new TrackedRecord(run, shell.empty as PlainRecord, new Map()).proxy;
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
    readonly run: TrackedRun,
    readonly defaults: PlainRecord,
    readonly written: ReadonlyMap<string, Value>,
  ) {
    this.proxy = new Proxy(this, traps);
  }

  property(name: string | symbol, receiver: unknown): Value {
    if (name === trackedKey) return this;
    if (typeof name === "string") {
      if (this.defaults.has(name)) return this.get(name);
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

  get(name: string, otherwise?: Value): Value {
    if (!this.defaults.has(name)) return otherwise;
    return this.written.has(name) ? this.written.get(name) : this.run.field(name);
  }

  /** Unknown fields are ignored, as immutable-js does. */
  with(fields: Iterable<readonly [string, Value]>): object {
    const written = new Map(this.written);
    for (const [name, value] of fields) {
      if (this.defaults.has(name)) written.set(name, value === undefined ? this.defaults.get(name) : value);
    }
    return new TrackedRecord(this.run, this.defaults, written).proxy;
  }

  changesAt(place: RegionId | "state", changes: ChangesBuilder): boolean {
    if (place !== "state") return false;
    for (const [name, value] of this.written) this.run.setField(name, value, changes);
    return true;
  }
}

type Method = (record: TrackedRecord, args: readonly Value[]) => Value;

function path(args: readonly Value[]): readonly [string, readonly Value[]] {
  const [name, ...rest] = [...(args[0] as Iterable<Value>)];
  return [String(name), rest];
}

/** The plain or wrapped inside of a field is reached with its own methods, so that its keys stay single cells. */
function updateAt(record: TrackedRecord, name: string, rest: readonly Value[], change: (old: Value) => Value): Value {
  const old = record.get(name);
  if (rest.length === 0) {
    const fresh = change(old);
    return fresh === old ? record.proxy : record.with([[name, fresh]]);
  }
  const inside = old ?? IMap();
  const own = (inside as { updateIn?: (path: readonly Value[], change: (old: Value) => Value) => Value }).updateIn;
  const inner = typeof own === "function" ? own.call(inside, rest, change) : updateInside(inside, rest, change);
  return inner === old ? record.proxy : record.with([[name, inner]]);
}

/** Does not read what it replaces, or a blind write would seem to depend on the past. */
function setAt(record: TrackedRecord, args: readonly Value[]): Value {
  const [name, rest] = path(args);
  if (rest.length === 0) return record.with([[name, args[1]]]);
  const inside = record.get(name) ?? IMap();
  return record.with([[name, (inside as { setIn(path: readonly Value[], value: Value): Value }).setIn(rest, args[1])]]);
}

function removeAt(record: TrackedRecord, args: readonly Value[]): Value {
  const [name, rest] = path(args);
  if (rest.length === 0) return record.with([[name, record.defaults.get(name)]]);
  const inside = record.get(name) as { removeIn(path: readonly Value[]): Value } | undefined;
  return inside === undefined ? record.proxy : record.with([[name, inside.removeIn(rest)]]);
}

function reset(record: TrackedRecord, [name]: readonly Value[]): Value {
  return record.with([[String(name), record.defaults.get(String(name))]]);
}

function getAt(record: TrackedRecord, args: readonly Value[]): Value {
  const [name, rest] = path(args);
  const inside = record.get(name, rest.length === 0 ? args[1] : undefined);
  if (rest.length === 0) return inside;
  const own = (inside as { getIn?: (path: readonly Value[], otherwise: Value) => Value } | undefined)?.getIn;
  return typeof own === "function" ? own.call(inside, rest, args[1]) : getInside(inside, rest, args[1]);
}

function hasAt(record: TrackedRecord, args: readonly Value[]): boolean {
  const [name, rest] = path(args);
  if (!record.defaults.has(name)) return false;
  if (rest.length === 0) return true;
  const inside = record.get(name);
  const own = (inside as { hasIn?: (path: readonly Value[]) => boolean } | undefined)?.hasIn;
  return typeof own === "function" ? own.call(inside, rest) : hasInside(inside, rest);
}

function entriesOf(source: Value): [string, Value][] {
  const plain = unwrap(source);
  const fields = isRecord(plain) ? (plain as PlainRecord).toSeq() : (IMap(plain as never) as IMap<string, Value>);
  return [...fields.entries()].map(([name, value]) => [String(name), value]);
}

const methods: { readonly [name: string]: Method | undefined } = Object.assign(Object.create(null) as object, {
  get: (record, [name, otherwise]) => record.get(String(name), otherwise),
  has: (record, [name]) => record.defaults.has(String(name)),
  set: (record, [name, value]) => record.with([[String(name), value]]),
  update: (record, args) => {
    if (args.length === 1) return (args[0] as (self: object) => Value)(record.proxy);
    return updateAt(record, String(args[0]), [], args[args.length - 1] as (old: Value) => Value);
  },
  delete: reset,
  remove: reset,
  merge: (record, sources) => record.with(sources.flatMap(entriesOf)),
  getIn: getAt,
  hasIn: hasAt,
  setIn: setAt,
  updateIn: (record, args) => {
    const change = args[args.length - 1] as (old: Value) => Value;
    return updateAt(record, ...path(args), (old) => change(old === undefined && args.length > 2 ? args[1] : old));
  },
  deleteIn: removeAt,
  removeIn: removeAt,
} satisfies { [name: string]: Method });
