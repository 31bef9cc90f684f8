import { fromJS, Map as ImmutableMap, Set as ImmutableSet } from "immutable";
import type { Value } from "../../../sim/value.js";
import type { Cursor } from "./cursor.js";

/**
 * Reads one EDN value at the cursor (edn-format.org). Keywords and symbols become strings without their colon, lists
 * and vectors arrays, sets immutable Sets, maps with textual keys plain objects and other maps immutable Maps (whose
 * members and keys are immutable too, so that they compare by content); a tag is dropped and its value kept; whole numbers beyond 2^53 become bigints.
 *
 * @throws UnusableHistory with line and column where the text is not EDN.
 */
export function readEdn(cursor: Cursor): Value {
  skipBlank(cursor);
  const start = cursor.position;
  const character = cursor.peek();
  switch (character) {
    case "":
      throw cursor.unusable("the text ends where a value should be", "complete the value");
    case "{":
      return readMap(cursor);
    case "[":
      return readItems(cursor, "]");
    case "(":
      return readItems(cursor, ")");
    case '"':
      return readString(cursor);
    case ":":
      cursor.next();
      return cursor.takeWhile(symbolPart);
    case "\\":
      return readCharacter(cursor);
    case "#":
      return readDispatch(cursor);
    case ")":
    case "]":
    case "}":
      throw cursor.unusable(`"${character}" closes nothing that is open`, "remove it, or add what it should close");
    default:
      return readAtom(cursor, start);
  }
}

/** Goes over white space, commas, comments and discarded values. */
export function skipBlank(cursor: Cursor): void {
  for (;;) {
    cursor.takeWhile(/[\s,]/);
    if (cursor.peek() === ";") cursor.takeWhile(/[^\n]/);
    else if (cursor.text.startsWith("#_", cursor.position)) {
      cursor.position += 2;
      cursor.inside(() => readEdn(cursor));
    } else return;
  }
}

const symbolPart = /[^\s,;"()[\]{}]/;

function readItems(cursor: Cursor, close: string): Value[] {
  const start = cursor.position;
  cursor.next();
  const items: Value[] = [];
  for (;;) {
    skipBlank(cursor);
    if (cursor.atEnd) throw cursor.unusable(`what opens here has no "${close}"`, `add the "${close}"`, start);
    if (cursor.peek() === close) {
      cursor.next();
      return items;
    }
    items.push(cursor.inside(() => readEdn(cursor)));
  }
}

function readMap(cursor: Cursor): Value {
  const start = cursor.position;
  const items = readItems(cursor, "}");
  if (items.length % 2 === 1) {
    throw cursor.unusable("a map with a key that has no value", "give each key a value", start);
  }
  const entries: [Value, Value][] = [];
  for (let i = 0; i < items.length; i += 2) entries.push([items[i], items[i + 1]]);
  if (entries.every(([key]) => typeof key === "string")) return Object.fromEntries(entries);
  return ImmutableMap(entries.map(([key, value]) => [fromJS(key), value]));
}

function readString(cursor: Cursor): string {
  const start = cursor.position;
  cursor.next();
  let text = "";
  for (;;) {
    if (cursor.atEnd) throw cursor.unusable("a string that does not end", "add the closing quote", start);
    const character = cursor.next();
    if (character === '"') return text;
    text += character === "\\" ? readEscape(cursor) : character;
  }
}

function readEscape(cursor: Cursor): string {
  const character = cursor.next();
  switch (character) {
    case "n":
      return "\n";
    case "t":
      return "\t";
    case "r":
      return "\r";
    case "b":
      return "\b";
    case "f":
      return "\f";
    case "u":
      return readUnicode(cursor);
    case '"':
    case "\\":
    case "/":
      return character;
    default:
      throw cursor.unusable(`the escape \\${character} is unknown`, "write \\\\ for a backslash", cursor.position - 2);
  }
}

function readUnicode(cursor: Cursor): string {
  const digits = cursor.text.slice(cursor.position, cursor.position + 4);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
    throw cursor.unusable("\\u without four hexadecimal digits", "write, for example, \\u00e9");
  }
  cursor.position += 4;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

const namedCharacters: { readonly [name: string]: string } = { newline: "\n", space: " ", tab: "\t", return: "\r" };

function readCharacter(cursor: Cursor): string {
  cursor.next();
  const first = cursor.next();
  const name = first + cursor.takeWhile(symbolPart);
  return namedCharacters[name] ?? name.charAt(0);
}

function readDispatch(cursor: Cursor): Value {
  cursor.next();
  if (cursor.peek() === "{") return ImmutableSet(readItems(cursor, "}").map((item) => fromJS(item)));
  const tag = cursor.takeWhile(symbolPart);
  if (tag === "") throw cursor.unusable('"#" without a tag', 'write "#{" for a set, or a tag and its value');
  return cursor.inside(() => readEdn(cursor));
}

function readAtom(cursor: Cursor, start: number): Value {
  const text = cursor.takeWhile(symbolPart);
  if (text === "nil") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^[+-]?\d+[NM]?$/.test(text)) return asInteger(text.replace(/[NM]$/, ""));
  if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(text)) return Number.parseFloat(text);
  if (/^[+-]?\d/.test(text)) throw cursor.unusable(`${text} is no number`, "write a number, or quote it", start);
  return text;
}

function asInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
