import { isCollection, isKeyed, isList, isOrdered, isRecord, isStack } from "immutable";
import { isNodeId, type NodeId } from "../../../sim/node-id.js";
import { encode, type Value } from "../../../sim/value.js";

/**
 * What remains of a value when alike participants are made anonymous: a hash of its shape, and for each of them that it
 * mentions, a hash of where and how. Renaming a value renames the keys of `feet` and changes nothing else. Different values
 * may have equal digests: then something else has to tell them apart.
 */
export interface Digest {
  readonly shape: number;
  readonly feet: ReadonlyMap<number, number>;
}

/** What is told of a participant that may change its place: its number, and a label that all alike ones share. */
export type Anonymous = (id: NodeId) => { readonly number: number; readonly label: number } | undefined;

const nobody: ReadonlyMap<number, number> = new Map();

/** The digest of any value. Linear in its size. */
export function digestOf(value: Value, anonymous: Anonymous): Digest {
  if (typeof value !== "object" || value === null) return leaf(value === undefined ? "nothing" : encode(value));
  if (isNodeId(value)) {
    const known = anonymous(value);
    if (known === undefined) return leaf(encode(value));
    return { shape: mix(known.label, 1), feet: new Map([[known.number, 1]]) };
  }
  const inside = (item: Value): Digest => digestOf(item, anonymous);
  if (isRecord(value))
    return unordered(Object.entries(value.toSeq().toObject()).map((entry) => ordered(entry.map(inside))));
  if (isCollection(value)) {
    if (isList(value) || isStack(value)) return ordered([...value].map(inside));
    const items = isKeyed(value)
      ? [...value.entries()].map((entry) => ordered(entry.map(inside)))
      : [...value.values()].map(inside);
    return isOrdered(value) ? ordered(items) : unordered(items);
  }
  if (Array.isArray(value)) return ordered(value.map(inside));
  return unordered(Object.entries(value).map((entry) => ordered(entry.map(inside))));
}

/** The digest of parts in an order that matters. */
export function ordered(parts: readonly Digest[]): Digest {
  return joined(parts, (i) => i + 1);
}

/** The digest of parts of which the order is of no account. */
export function unordered(parts: readonly Digest[]): Digest {
  return joined(parts, () => 0);
}

function joined(parts: readonly Digest[], label: (i: number) => number): Digest {
  let shape = parts.length;
  const feet = new Map<number, number>();
  parts.forEach((part, i) => {
    const own = mix(label(i), part.shape);
    shape = (shape + own) | 0;
    for (const [number, foot] of part.feet) feet.set(number, ((feet.get(number) ?? 0) + mix(own, foot)) | 0);
  });
  shape = mix(shape, 0x51ed270b);
  if (feet.size === 0) return { shape, feet: nobody };
  for (const [number, foot] of feet) feet.set(number, mix(shape, foot));
  return { shape, feet };
}

function leaf(text: string): Digest {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return { shape: mix(hash, 2), feet: nobody };
}

/** Two hashes made one (Murmur3's mixing steps); their order matters. */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b, 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
