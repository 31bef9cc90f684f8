import { Map as IMap } from "immutable";
import type { Value } from "../../sim/value.js";

/**
 * Paths that lead into the value of one cell. The operation runs on a Map with this cell alone, so that whatever
 * immutable-js does there, down to the texts of its errors, happens here too.
 */
export interface Inside {
  has(key: Value): boolean;
  get(key: Value): Value;
}

type Path = readonly Value[];

function around(owner: Inside, key: Value): IMap<Value, Value> {
  return owner.has(key) ? IMap([[key, owner.get(key)]]) : IMap();
}

export function getInside(owner: Inside, path: Path, otherwise: Value): Value {
  return around(owner, path[0]).getIn(path, otherwise);
}

export function hasInside(owner: Inside, path: Path): boolean {
  return around(owner, path[0]).hasIn(path);
}

/** The cell after a change inside it, or `same`. */
export function changeInside(
  owner: Inside,
  path: Path,
  change: (around: IMap<Value, Value>) => IMap<Value, Value>,
): Value {
  const before = around(owner, path[0]);
  const after = change(before);
  return after === before ? same : after.get(path[0]);
}

/** Stands for a change that left the cell as it was. */
export const same = Symbol("same");
