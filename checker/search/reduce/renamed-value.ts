import { isCollection, isKeyed, isList, isRecord, isStack, type Map, type Set } from "immutable";
import { isNodeId, type NodeId } from "../../../sim/node-id.js";
import type { Value } from "../../../sim/value.js";

/** A value with other NodeIds in it. Linear in its size. */
export function renamedValue(value: Value, rename: (id: NodeId) => NodeId): Value {
  if (typeof value !== "object" || value === null) return value;
  if (isNodeId(value)) return rename(value);
  const inside = (item: Value): Value => renamedValue(item, rename);
  if (isRecord(value)) {
    let record = value;
    for (const [name, item] of Object.entries(value.toSeq().toObject()))
      record = record.set(name as never, inside(item) as never);
    return record;
  }
  if (isCollection(value)) {
    if (isList(value) || isStack(value)) return value.map(inside);
    if (isKeyed(value)) return (value as Map<Value, Value>).mapEntries(([key, item]) => [inside(key), inside(item)]);
    return (value as Set<Value>).map(inside);
  }
  if (Array.isArray(value)) return Object.freeze(value.map(inside));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inside(item as Value)])));
}

/** Tells each NodeId in a value, as often as it occurs. */
export function eachId(value: Value, tell: (id: NodeId) => void): void {
  renamedValue(value, (id) => {
    tell(id);
    return id;
  });
}
