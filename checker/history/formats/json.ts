import { fromJS, isCollection, isKeyed, Map as ImmutableMap, Set as ImmutableSet } from "immutable";
import type { Value } from "../../../sim/value.js";
import type { Cursor } from "./cursor.js";

/**
 * Reads one JSON value at the cursor. What JSON lacks is written as an object with one field: `{"$set": [...]}`,
 * `{"$map": [[key, value], ...]}`, `{"$bigint": "..."}`, and `{"$number": "..."}` for whole numbers beyond 2^53 that
 * are no bigints.
 *
 * @throws UnusableHistory with line and column where the text is not JSON.
 */
export function readJson(cursor: Cursor): Value {
  skipSpace(cursor);
  const character = cursor.peek();
  if (character === "{") return decoded(readObject(cursor));
  if (character === "[") return readArray(cursor);
  if (character === '"') return readString(cursor);
  return readAtom(cursor);
}

/** Goes over white space. */
export function skipSpace(cursor: Cursor): void {
  cursor.takeWhile(/\s/);
}

/** A value as JSON text on one line, read back by `readJson` as an equal value. */
export function writeJson(value: Value): string {
  return JSON.stringify(encoded(value));
}

function readObject(cursor: Cursor): { readonly [name: string]: Value } {
  const fields: [string, Value][] = [];
  readSequence(cursor, "}", () => {
    if (cursor.peek() !== '"') throw expected(cursor, "a field's name in double quotes");
    const name = readString(cursor);
    skipSpace(cursor);
    if (cursor.peek() !== ":") throw expected(cursor, `":" after the field's name "${name}"`);
    cursor.next();
    fields.push([name, readJson(cursor)]);
  });
  return Object.fromEntries(fields);
}

function readArray(cursor: Cursor): Value[] {
  const items: Value[] = [];
  readSequence(cursor, "]", () => items.push(readJson(cursor)));
  return items;
}

function readSequence(cursor: Cursor, close: string, readItem: () => void): void {
  cursor.next();
  skipSpace(cursor);
  if (cursor.peek() === close) {
    cursor.next();
    return;
  }
  for (;;) {
    skipSpace(cursor);
    cursor.inside(readItem);
    skipSpace(cursor);
    if (cursor.peek() === close) {
      cursor.next();
      return;
    }
    if (cursor.peek() !== ",") throw expected(cursor, `"," or "${close}"`);
    cursor.next();
  }
}

const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const atomToken = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readString(cursor: Cursor): string {
  return String(JSON.parse(token(cursor, stringToken, "a string with its closing quote and JSON's escapes")));
}

function readAtom(cursor: Cursor): Value {
  const text = token(cursor, atomToken, "a JSON value");
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return BigInt(text);
  return JSON.parse(text) as Value;
}

function token(cursor: Cursor, pattern: RegExp, what: string): string {
  pattern.lastIndex = cursor.position;
  const match = pattern.exec(cursor.text);
  if (match === null) throw expected(cursor, what);
  cursor.position += match[0].length;
  return match[0];
}

function expected(cursor: Cursor, what: string): Error {
  const found = cursor.atEnd ? "the end of the text" : JSON.stringify(cursor.peek());
  return cursor.unusable(`found ${found} where ${what} should be`, "correct the JSON there");
}

function decoded(object: { readonly [name: string]: Value }): Value {
  if (Object.keys(object).length !== 1) return object;
  const { $set, $map, $bigint, $number } = object;
  if (Array.isArray($set)) return ImmutableSet($set.map((item) => fromJS(item)));
  if (Array.isArray($map))
    return ImmutableMap(($map as readonly [Value, Value][]).map(([key, item]) => [fromJS(key), item]));
  if (typeof $number === "string") return Number($number);
  return typeof $bigint === "string" ? BigInt($bigint) : object;
}

function encoded(value: Value): unknown {
  if (typeof value === "bigint") return { $bigint: value.toString() };
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return { $number: String(value) };
  if (Array.isArray(value)) return value.map(encoded);
  if (isCollection(value)) {
    if (isKeyed(value)) return { $map: [...value.entries()].map(([key, item]) => [encoded(key), encoded(item)]) };
    const items = [...value.values()].map(encoded);
    return ImmutableSet.isSet(value) ? { $set: items } : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, encoded(field)]));
}
