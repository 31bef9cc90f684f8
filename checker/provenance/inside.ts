import { getIn, hasIn, updateIn } from "immutable";
import type { Value } from "../../sim/value.js";

/** Paths inside the value of one cell, where nothing is tracked any more. */
type Path = readonly Value[];

export function getInside(value: Value, path: Path, otherwise: Value): Value {
  return getIn(value, path as PropertyKey[], otherwise);
}

export function hasInside(value: Value, path: Path): boolean {
  return hasIn(value, path as PropertyKey[]);
}

export function updateInside(value: Value, path: Path, change: (old: Value) => Value): Value {
  return updateIn(value as { [name: string]: unknown }, path as PropertyKey[], undefined, change);
}
