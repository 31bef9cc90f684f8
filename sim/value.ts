import { isCollection, isIndexed, isKeyed, isList, isOrdered, isRecord, isStack, type Collection } from "immutable";
import { isNodeId, NodeId } from "./node-id.js";

/**
 * Anything that may be a state, a message, a saved value or a monitor's value: it compares by content.
 *
 * Strings, finite or infinite numbers, bigints, booleans, null; immutable-js collections and Records; NodeIds; plain
 * objects and arrays of these. A byte string is a string of code units 0 to 255.
 */
export type Value = unknown;

/** A value that cannot be compared by content, with the path at which it was found. */
export class UnusableValue extends Error {
  override readonly name = "UnusableValue";
  constructor(
    readonly path: string,
    readonly found: string,
    readonly remedy: string,
  ) {
    super(`${path === "" ? "The value" : `The value at ${path}`} is ${found}; ${remedy}.`);
  }
}

/**
 * Gives the canonical text of a value: equal texts exactly for equal values.
 *
 * Readable, free of double quotes (it stands in JSON files) and never decoded: whoever meets it compares it with the
 * text of something offered. `-0` is written as `0`; Map and OrderedMap differ; the entries of unordered collections and
 * the fields of objects are sorted by their own text.
 *
 * @throws UnusableValue for NaN, undefined, symbols, functions, Dates, class instances, mutable copies, cycles, and plain
 * objects or arrays as keys of Maps or members of Sets.
 * Linear in the size of the value, apart from the sorting.
 */
export function encode(value: Value): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return encodeNumber(value, []);
    case "boolean":
      return value ? "true" : "false";
    default:
      return encodeAt(value, []);
  }
}

/** Whether two values are equal by content. */
export function sameValue(a: Value, b: Value): boolean {
  return Object.is(a, b) || encode(a) === encode(b);
}

type Path = (string | object)[];

/** How deep values may be nested: far deeper than states are, and far from the end of the stack. */
export const depthMax = 1000;

function encodeAt(value: Value, path: Path): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return encodeNumber(value, path);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return `${value}n`;
    case "undefined":
      throw unusable(path, "undefined", "use null, or leave the field out");
    case "symbol":
      throw unusable(path, "a symbol", "use a string");
    case "function":
      throw unusable(path, "a function", "keep data in states and messages, and code in handlers");
    case "object":
      return value === null ? "null" : encodeObject(value, path);
  }
}

function encodeNumber(value: number, path: Path): string {
  if (Number.isNaN(value)) throw unusable(path, "NaN", "it is not equal to itself; use null");
  return value === 0 ? "0" : String(value);
}

function encodeObject(value: object, path: Path): string {
  if (isNodeId(value)) return NodeId.textOf(value);
  if (path.length > 2 * depthMax) {
    throw unusable(path.slice(0, 20), `nested more than ${depthMax} deep`, "keep flat data, with keys for what refers");
  }
  for (let i = 1; i < path.length; i += 2) {
    if (path[i] === value) throw unusable(path, "part of itself (a cycle)", "refer to it by a key");
  }
  if (isRecord(value)) {
    refuseMutable(value, path);
    if (Object.keys(value).some((name) => !ofRecords.has(name))) {
      throw unusable(path, "a Record with a field that it does not declare", "declare it in Record({ ... })");
    }
    return `Record${encodeFields(value.toSeq().toObject(), path, value)}`;
  }
  if (isCollection(value)) return encodeCollection(value, path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    refuseInKey(path);
    const items = value as readonly unknown[];
    if (Object.keys(items).length > items.length) {
      throw unusable(path, "an array with fields of its own", "copy it, as in [...array], or use an object");
    }
    return `[${encodeItems(items, path, value)}]`;
  }
  if (prototype === Object.prototype || prototype === null) {
    refuseInKey(path);
    refuseHidden(value, path);
    return encodeFields(value as Record<string, unknown>, path, value);
  }
  throw unusable(
    path,
    value instanceof Date ? "a Date" : `an instance of ${value.constructor?.name ?? "a class"}`,
    "use plain data, or a collection or Record of immutable",
  );
}

/** What is no part of an object's text must not be there for code to read. */
function refuseHidden(value: object, path: Path): void {
  if (Reflect.ownKeys(value).length === Object.keys(value).length) return;
  if (Object.getOwnPropertySymbols(value).length > 0) throw unusable(path, "an object with symbol keys", "use strings");
  throw unusable(path, "an object with fields that are not enumerable", "set them as usual, or leave them out");
}

/** The fields that immutable gives all Records. */
const ofRecords = new Set(["_values", "__ownerID"]);

function refuseMutable(value: object, path: Path): void {
  if ((value as { __ownerID?: unknown }).__ownerID !== undefined) {
    throw unusable(path, "a mutable copy (asMutable)", "call asImmutable() before it is handed over");
  }
}

/**
 * Immutable looks plain objects and arrays up by identity: a Set of them would behave differently in two worlds that are
 * equal by content.
 */
function refuseInKey(path: Path): void {
  for (let i = 0; i < path.length; i += 2) {
    const parent = path[i + 1] as object;
    if (isCollection(parent) && (path[i] === aMember || path[i] === aKey)) {
      throw unusable(
        path,
        "plain data within a key or member, where it is compared by identity",
        "use a Record or List there",
      );
    }
  }
}

const aKey = "a key";
const aMember = "a member";

function encodeCollection(value: Collection<unknown, unknown>, path: Path): string {
  refuseMutable(value, path);
  if (isList(value)) return `List[${encodeItems(value, path, value)}]`;
  if (isStack(value)) return `Stack[${encodeItems(value, path, value)}]`;
  if (isIndexed(value)) throw unusable(path, "a lazy Seq", "call toList() on it");
  const name = `${isOrdered(value) ? "Ordered" : ""}${isKeyed(value) ? "Map" : "Set"}`;
  if (typeof (value as { asImmutable?: unknown }).asImmutable !== "function") {
    throw unusable(path, "a lazy Seq", `call to${name}() on it`);
  }
  const entries: string[] = [];
  if (isKeyed(value)) {
    for (const [key, item] of value.entries()) {
      const name = encodePart(key, path, aKey, value);
      entries.push(`${name}:${encodePart(item, path, name, value)}`);
    }
  } else {
    for (const item of value.values()) entries.push(encodePart(item, path, aMember, value));
  }
  if (!isOrdered(value)) entries.sort(byCodeUnits);
  return `${name}{${entries.join(",")}}`;
}

function encodeItems(items: Iterable<unknown>, path: Path, parent: object): string {
  const texts: string[] = [];
  for (const item of items) texts.push(encodePart(item, path, texts.length, parent));
  return texts.join(",");
}

/** A part of a value, at a place that is only written down where it can be needed: most parts are simple. */
function encodePart(part: Value, path: Path, name: string | number, parent: object): string {
  if (typeof part === "string") return quote(part);
  if (typeof part === "number" && !Number.isNaN(part)) return encodeNumber(part, path);
  if (typeof part === "boolean") return part ? "true" : "false";
  return encodeAt(part, [...path, String(name), parent]);
}

function encodeFields(fields: { readonly [name: string]: unknown }, path: Path, parent: object): string {
  const names = Object.keys(fields);
  if (!isSorted(names)) names.sort(byCodeUnits);
  let text = "{";
  for (const name of names) {
    if (text.length > 1) text += ",";
    text += `${encodeName(name)}:${encodePart(fields[name], path, name, parent)}`;
  }
  return `${text}}`;
}

function isSorted(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i += 1) if ((names[i - 1] as string) > (names[i] as string)) return false;
  return true;
}

const plainName = /^[A-Za-z_$][\w$-]*$/;
const knownNames = new Map<string, string>();

/** Field names are few, and written again and again. */
function encodeName(name: string): string {
  let text = knownNames.get(name);
  if (text === undefined) {
    text = plainName.test(name) ? name : quote(name);
    if (knownNames.size < mostNames) knownNames.set(name, text);
  }
  return text;
}

/** Of a program that makes up names without end, no more are remembered. */
const mostNames = 10_000;
const special = /[\\'"\u0000-\u001f\u007f-\uffff]/;

/** Single quotes, and escapes for all outside printable ASCII, so that the text can stand in JSON as it is. */
function quote(text: string): string {
  if (!special.test(text)) return `'${text}'`;
  let escaped = "";
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    const character = text.charAt(i);
    if (character === "\\" || character === "'") escaped += `\\${character}`;
    else if (character === '"') escaped += "\\q";
    else if (character === "\n") escaped += "\\n";
    else if (unit >= 0x20 && unit < 0x7f) escaped += character;
    else escaped += `\\u${unit.toString(16).padStart(4, "0")}`;
  }
  return `'${escaped}'`;
}

/** The order of all that is sorted: by code units, the same in every locale. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unusable(path: Path, found: string, remedy: string): UnusableValue {
  return new UnusableValue(path.filter((_, i) => i % 2 === 0).join("."), found, remedy);
}
