import { isAssociative, isCollection, isKeyed, isRecord } from "immutable";
import { isNodeId } from "../../../sim/node-id.js";
import { encode, type Value } from "../../../sim/value.js";

/** How far into a value one looks: what grows is found near the top, or as the size of what holds it. */
const depthMax = 5;

/**
 * Tells how large each part of a value is, by its path: a number's absolute value, a collection's size (as `path.size`), a
 * text's length (as `path.length`). The items of Lists and Sets have one path together, `path[]`.
 */
export function measure(value: Value, tell: (path: string, size: number) => void): void {
  measureAt("", value, depthMax, tell);
}

function measureAt(path: string, value: Value, depth: number, tell: (path: string, size: number) => void): void {
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  if (typeof value === "number") return tell(path, Math.abs(value));
  if (typeof value === "bigint") return tell(path, Math.abs(Number(value)));
  if (typeof value === "string") return tell(at("length"), value.length);
  if (typeof value !== "object" || value === null || isNodeId(value) || depth === 0) return;
  if (isRecord(value)) return measureFields(value.toSeq().toObject(), at, depth, tell);
  if (isCollection(value)) {
    tell(at("size"), [...value.keys()].length);
    const isNamed = isKeyed(value) && isAssociative(value);
    value.forEach((item, key) => measureAt(isNamed ? at(encode(key)) : `${path}[]`, item, depth - 1, tell));
  } else if (Array.isArray(value)) {
    tell(at("length"), value.length);
    for (const item of value) measureAt(`${path}[]`, item, depth - 1, tell);
  } else measureFields(value as { readonly [name: string]: Value }, at, depth, tell);
}

function measureFields(
  fields: { readonly [name: string]: Value },
  at: (name: string) => string,
  depth: number,
  tell: (path: string, size: number) => void,
): void {
  for (const [name, item] of Object.entries(fields)) measureAt(at(name), item, depth - 1, tell);
}
