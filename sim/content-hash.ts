import { isCollection, isRecord } from "immutable";
import { isNodeId } from "./node-id.js";
import type { Value } from "./value.js";

/**
 * A 32-bit hash of a value's content: equal for equal values, and only good for telling most different ones apart quickly.
 * Collections count by their size alone, since what they hold may compare by reference. O(size of plain data).
 */
export function contentHash(value: Value): number {
  switch (typeof value) {
    case "string":
      return hashText(value);
    case "number":
      return Math.imul((value * 16777619) | 0, 0x85ebca6b) ^ (value | 0);
    case "boolean":
      return value ? 3 : 5;
    case "bigint":
      return Number(BigInt.asIntN(32, value));
    case "object":
      return value === null ? 7 : hashObject(value);
    default:
      return 0;
  }
}

function hashObject(value: object): number {
  // Most are plain, and that is seen at once.
  if (Object.getPrototypeOf(value) === Object.prototype) return hashFields(value);
  if (isNodeId(value)) return value.hashCode();
  if (Array.isArray(value)) {
    let hash = value.length;
    for (const item of value) hash = Math.imul(hash, 31) + contentHash(item);
    return hash | 0;
  }
  if (isCollection(value)) return (value as { readonly size?: number }).size ?? 0;
  return isRecord(value) ? 11 : hashFields(value);
}

function hashFields(value: object): number {
  let hash = 0;
  for (const name in value) {
    const field = contentHash((value as { readonly [name: string]: unknown })[name]);
    // A sum, so that the order of the fields does not matter.
    hash = (hash + Math.imul(hashName(name) ^ field, 0x9e3779b1)) | 0;
  }
  return hash;
}

const names = new Map<string, number>();

/** Field names are few, and asked for again and again. */
function hashName(name: string): number {
  let hash = names.get(name);
  if (hash === undefined) {
    hash = hashText(name);
    names.set(name, hash);
  }
  return hash;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
