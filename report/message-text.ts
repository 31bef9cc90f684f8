import { isCollection, isRecord } from "immutable";
import type { Message } from "../sim/message.js";
import { encode, type Value } from "../sim/value.js";

/** A message in a few words: its kind and its fields, shortened to about this many characters. */
export function messageText(message: Message, width = 60): string {
  const fields = isRecord(message) ? message.toSeq().toObject() : message;
  const parts = Object.entries(fields as { readonly [name: string]: Value })
    .filter(([name]) => name !== "kind")
    .map(([name, value]) => `${name} ${valueText(value)}`);
  return shorten(parts.length === 0 ? message.kind : `${message.kind} (${parts.join(", ")})`, width);
}

/** A value for people: strings without quotes where they are plain words, collections by their canonical text. */
export function valueText(value: Value): string {
  if (typeof value === "string") return /^[\w.:-]+$/.test(value) ? value : encode(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value === "object" && value !== null && !isCollection(value) && !isRecord(value)) {
    if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
    const fields = Object.entries(value).map(([name, field]) =>
      name === "kind" ? valueText(field) : `${name} ${valueText(field)}`,
    );
    return `{${fields.join(", ")}}`;
  }
  return encode(value);
}

export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
