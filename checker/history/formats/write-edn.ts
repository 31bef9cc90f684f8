import { isCollection, isKeyed, Set as ImmutableSet } from "immutable";
import { type Value, UnusableValue } from "../../../sim/value.js";

/** A value as EDN text on one line, read back by `readEdn` as an equal value. */
export function writeEdn(value: Value): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "bigint":
      return `${value}N`;
    case "number":
      return writeNumber(value);
    case "boolean":
      return String(value);
    default:
      return value === null ? "nil" : writeCollection(value);
  }
}

function writeNumber(value: number): string {
  // Whole numbers beyond 2^53 would be read back as bigints.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential();
  if (Number.isFinite(value)) return String(value);
  throw new UnusableValue("", String(value), "EDN has finite numbers only; use a string");
}

function writeString(text: string): string {
  const escapes: { readonly [character: string]: string } = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
  };
  return `"${text.replace(/[\n\t\r"\\]/g, (character) => escapes[character] ?? character)}"`;
}

function writeCollection(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(writeEdn).join(" ")}]`;
  if (isCollection(value)) {
    if (isKeyed(value)) return writeEntries([...value.entries()]);
    const items = [...value.values()].map(writeEdn).join(" ");
    return ImmutableSet.isSet(value) ? `#{${items}}` : `[${items}]`;
  }
  return writeEntries(Object.entries(value as object));
}

function writeEntries(entries: readonly (readonly [Value, Value])[]): string {
  return `{${entries.map(([key, item]) => `${writeEdn(key)} ${writeEdn(item)}`).join(", ")}}`;
}
