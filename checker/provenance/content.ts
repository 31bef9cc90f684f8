import { isCollection, isKeyed, isRecord, type Map as IMap } from "immutable";
import { encode, UnusableValue, type Value } from "../../sim/value.js";

/**
 * The canonical text of a value on a hypothetical subtrace. Code that misses an input it relies on may come to `undefined` or
 * NaN, which a run would refuse: here they are values that are equal to themselves.
 *
 * @throws UnusableValue for what does not compare by content at all.
 */
export function contentText(value: Value): string {
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof UnusableValue)) throw error;
    return encode(named(value));
  }
}

/** A value with names in place of what is not equal to itself, or not there. */
function named(value: Value): Value {
  if (value === undefined) return "\0undefined";
  if (Number.isNaN(value)) return "\0NaN";
  if (typeof value !== "object" || value === null) return value;
  if (isRecord(value)) return { record: named(value.toObject()) };
  if (isCollection(value)) {
    if (!isKeyed(value)) return value.map(named);
    return (value as unknown as IMap<Value, Value>).mapEntries(([key, item]) => [named(key), named(item)]);
  }
  if (Array.isArray(value)) return value.map(named);
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, named(item)]));
}
