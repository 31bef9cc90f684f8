import { isCollection, isKeyed, isRecord } from "immutable";
import { encode, type Value } from "./value.js";

/** Where two values differ first: the path, and the texts on both sides (empty where one side has nothing). */
export interface Difference {
  readonly path: string;
  readonly left: string;
  readonly right: string;
}

/** The first place, in the order of paths, at which two values differ; undefined when they are equal. */
export function firstDifference(left: Value, right: Value): Difference | undefined {
  return differenceAt("", left, right);
}

function differenceAt(path: string, left: Value, right: Value): Difference | undefined {
  const [leftText, rightText] = [textOrNothing(left), textOrNothing(right)];
  if (leftText === rightText) return undefined;
  const [leftParts, rightParts] = [partsOf(left), partsOf(right)];
  if (leftParts !== undefined && rightParts !== undefined) {
    for (const key of [...new Set([...leftParts.keys(), ...rightParts.keys()])].sort()) {
      const found = differenceAt(path === "" ? key : `${path}.${key}`, leftParts.get(key), rightParts.get(key));
      if (found !== undefined) return found;
    }
  }
  return { path, left: leftText, right: rightText };
}

function textOrNothing(value: Value): string {
  return value === undefined ? "" : encode(value);
}

/** The parts of a collection, Record, object or array by name; undefined for a value without parts. */
function partsOf(value: Value): Map<string, Value> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isRecord(value)) return new Map(Object.entries(value.toSeq().toObject()));
  if (isCollection(value)) {
    const parts = new Map<string, Value>();
    if (isKeyed(value)) value.forEach((item, key) => parts.set(encode(key), item));
    else [...value.values()].forEach((item, i) => parts.set(String(i), item));
    return parts;
  }
  if (Array.isArray(value)) return new Map(value.map((item, i) => [String(i), item]));
  return Object.getPrototypeOf(value) === Object.prototype ? new Map(Object.entries(value)) : undefined;
}
