import { isAssociative, isCollection, isKeyed, isRecord } from "immutable";
import { isNodeId } from "../../../sim/node-id.js";
import { encode, type Value } from "../../../sim/value.js";

/**
 * Whether a value is another one, or is the same but for parts that are larger: numbers further from zero, texts that go on,
 * collections with more in them. So a state covers an earlier one in well-structured transition systems.
 */
export function covers(more: Value | undefined, less: Value | undefined): boolean {
  if (more === less) return true;
  if (typeof more !== typeof less || more === null || less === null) return false;
  if (typeof more === "number" || typeof more === "bigint") return isFurther(more, less as number | bigint);
  if (typeof more === "string") return more.startsWith(less as string);
  if (typeof more !== "object" || typeof less !== "object" || isNodeId(more) || isNodeId(less)) {
    return isSame(more, less);
  }
  if (isRecord(more) || isRecord(less)) {
    return isRecord(more) && isRecord(less) && coversFields(more.toObject() as Fields, less.toObject() as Fields);
  }
  if (isCollection(more) || isCollection(less)) {
    if (!isCollection(more) || !isCollection(less) || isKeyed(more) !== isKeyed(less)) return false;
    if (!isKeyed(more) || !isAssociative(more)) return coversItems([...more.values()], [...less.values()]);
    return less.every((item, key) => more.has(key) && covers(more.get(key) as Value, item as Value));
  }
  if (Array.isArray(more) || Array.isArray(less)) {
    return Array.isArray(more) && Array.isArray(less) && coversItems(more, less);
  }
  return coversFields(more as Fields, less as Fields);
}

type Fields = { readonly [name: string]: Value };

function isFurther(more: number | bigint, less: number | bigint): boolean {
  return more === less || (less >= 0 ? more > less : more < less);
}

function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return encode(one) === encode(other);
}

function coversFields(more: Fields, less: Fields): boolean {
  const names = Object.keys(more);
  return names.length === Object.keys(less).length && names.every((name) => covers(more[name], less[name]));
}

/** Whether each item has one of its own that covers it, itself if it is there. */
function coversItems(more: readonly Value[], less: readonly Value[]): boolean {
  if (more.length < less.length) return false;
  const left = [...more];
  const changed = less.filter((item) => !take(left, (other) => isSame(other, item)));
  return changed.every((item) => take(left, (other) => covers(other, item)));
}

function take(from: Value[], test: (item: Value) => boolean): boolean {
  const at = from.findIndex(test);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}
