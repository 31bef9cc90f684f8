import { isCollection, isKeyed } from "immutable";
import { isNodeId } from "../../sim/node-id.js";
import type { Value } from "../../sim/value.js";

/**
 * A value as JSON for queries: Records and Maps as objects, other collections as arrays, nodes by their names, bigints as
 * their digits. Not canonical, and never read back.
 */
export function valueJson(value: Value): string {
  return JSON.stringify(plain(value));
}

function plain(value: Value): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (isNodeId(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (isCollection(value)) {
    if (!isKeyed(value)) return [...(value as Iterable<Value>)].map(plain);
    return Object.fromEntries([...value.entries()].map(([key, item]) => [String(key), plain(item)]));
  }
  const fields = "toSeq" in value ? (value as { toSeq(): { toObject(): object } }).toSeq().toObject() : value;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)]));
}
