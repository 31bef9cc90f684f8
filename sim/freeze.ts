import { isCollection, isRecord } from "immutable";
import { isNodeId } from "./node-id.js";
import { depthMax, type Value } from "./value.js";

/**
 * Freezes plain data, so that changing it after handing it over throws where it is done. What is nested too deep stays
 * as it is: it is refused when it is encoded.
 */
export function freeze(value: Value, depth = 0): void {
  if (depth > depthMax || typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    Object.freeze(value);
    for (const item of value) freeze(item, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    Object.freeze(value);
    for (const name in value) freeze((value as { readonly [name: string]: unknown })[name], depth + 1);
  }
}

/**
 * Freezes all plain data in a value that can be encoded, in collections and in what is frozen already too: of what stands
 * for all equal values from now on. Takes as long as encoding it.
 */
export function freezeWhole(value: Value): void {
  if (typeof value !== "object" || value === null || isNodeId(value)) return;
  if (isRecord(value)) value.toSeq().forEach(freezeWhole);
  else if (isCollection(value)) value.forEach((item) => freezeWhole(item));
  else {
    Object.freeze(value);
    if (Array.isArray(value)) value.forEach(freezeWhole);
    else for (const name in value) freezeWhole((value as { readonly [name: string]: unknown })[name]);
  }
}
