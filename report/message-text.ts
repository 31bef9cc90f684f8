import { isCollection, isIndexed, isKeyed, isRecord } from "immutable";
import type { Message } from "../sim/message.js";
import { isNodeId, type NodeId } from "../sim/node-id.js";
import { encode, type Value } from "../sim/value.js";

/** A message as a call, `unfriend(user: ava, friend: bob)`, shortened to about this many characters. */
export function messageText(message: Message, width = 72): string {
  return shorten(valueText(message), width);
}

/**
 * A value for people: plain words without quotes, plain data with a `kind` as a call, a client's call as `ava:0`, and
 * collections by their elements. Not canonical, and never read back.
 */
export function valueText(value: Value): string {
  if (typeof value === "string") return /^[\w.:-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (isNodeId(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (isRecord(value)) return objectText(value.toSeq().toObject());
  if (isCollection(value)) return collectionText(value);
  return Object.getPrototypeOf(value) === Object.prototype ? objectText(value as Fields) : encode(value);
}

export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 1))}…`;
}

type Fields = { readonly [name: string]: Value };

function objectText(fields: Fields): string {
  const call = callText(fields);
  if (call !== undefined) return call;
  const { kind, ...others } = fields;
  if (typeof kind !== "string") return `{${fieldsText(fields)}}`;
  return Object.keys(others).length === 0 ? kind : `${kind}(${fieldsText(others)})`;
}

function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, field]) => `${name}: ${valueText(field)}`)
    .join(", ");
}

/** A client's call, `{ client, index }`, or a sender with one, `{ node, call }`, in short; undefined for other objects. */
function callText(fields: Fields): string | undefined {
  const { client, index, node, call } = fields as { readonly client?: NodeId; readonly index?: number } & Fields;
  const size = Object.keys(fields).length;
  if (size === 2 && client !== undefined && typeof index === "number") return `${valueText(client)}:${index}`;
  if (size === 2 && node !== undefined && typeof call === "object" && call !== null) {
    return (call as Fields).client === node ? valueText(call) : undefined;
  }
  return undefined;
}

function collectionText(value: Value): string {
  if (isKeyed(value))
    return `{${[...value.entries()].map(([key, item]) => `${valueText(key)}: ${valueText(item)}`).join(", ")}}`;
  const items = [...(value as Iterable<Value>)].map(valueText);
  return isIndexed(value) ? `[${items.join(", ")}]` : `{${items.sort().join(", ")}}`;
}
