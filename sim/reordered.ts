import { isCollection, isKeyed, isOrdered, isRecord, Map, Set } from "immutable";
import { isNodeId } from "./node-id.js";
import { byCodeUnits, type Value } from "./value.js";

/**
 * An equal value that is iterated in another order, where there is one: a Map or Set the other way round, an object with its
 * fields as another one was seen to have them, a zero of the other sign if one of those was seen. The value itself if not.
 *
 * Worlds that are equal by content are one world, so code must not tell these apart; to see that, it is given both.
 */
export function reordered(value: Value): Value {
  if (value === 0) return seen.negativeZero && !Object.is(value, -0) ? -0 : 0;
  if (typeof value !== "object" || value === null || isNodeId(value)) return value;
  if (isRecord(value)) {
    let other: object = value;
    for (const [name, field] of Object.entries(value.toSeq().toObject())) {
      const changed = reordered(field);
      if (!Object.is(changed, field)) other = (other as typeof value).set(name, changed);
    }
    return other;
  }
  if (isCollection(value)) return reorderedCollection(value);
  if (Array.isArray(value)) return unlessSame(value, value.map(reordered));
  return reorderedObject(value as Fields);
}

/** Notes in which orders objects have their fields, and whether there are zeros with a sign. */
export function noteOrders(value: Value): void {
  if (Object.is(value, -0)) seen.negativeZero = true;
  if (typeof value !== "object" || value === null || isNodeId(value)) return;
  if (isRecord(value)) value.toSeq().forEach(noteOrders);
  else if (isCollection(value)) value.forEach((item) => noteOrders(item));
  else if (Array.isArray(value)) value.forEach(noteOrders);
  else {
    const names = Object.keys(value);
    if (names.length > 1) ordersOf(names);
    for (const name of names) noteOrders((value as Fields)[name]);
  }
}

/** Knows of no orders any more: what a run finds must not depend on what ran before. */
export function forgetOrders(): void {
  seen = { negativeZero: false, orders: new globalThis.Map() };
}

/** What is wrong with code that gives something else for a reordered value, and what helps. */
export const dependsOnOrder = {
  is: "depends on the order in which a Map, a Set or an object is iterated: with an equal input in another order",
  remedy: "Equal values must do the same: sort what is taken from them, or use an OrderedMap, OrderedSet or List.",
};

type Fields = { readonly [name: string]: Value };
type Order = readonly string[];

/** Of each list of field names, up to two orders in which the same names were seen. */
let seen = { negativeZero: false, orders: new globalThis.Map<string, Order[]>() };

/** Of a program that makes up names without end, no more are remembered. */
const mostNames = 10_000;

/** The orders in which these names were seen, this one included. */
function ordersOf(names: Order): readonly Order[] {
  const key = names.join("\n");
  const known = seen.orders.get(key);
  if (known !== undefined) return known;
  const sorted = [...names].sort(byCodeUnits).join("\n");
  const orders = seen.orders.get(sorted) ?? [];
  if (orders.length < 2) orders.push(names);
  if (seen.orders.size < mostNames) seen.orders.set(sorted, orders).set(key, orders);
  return orders;
}

function isSameOrder(a: Order, b: Order): boolean {
  return a.every((name, i) => name === b[i]);
}

function reorderedObject(value: Fields): Value {
  const names = Object.keys(value);
  const order = names.length < 2 ? undefined : ordersOf(names).find((other) => !isSameOrder(other, names));
  if (order === undefined && names.every((name) => Object.is(reordered(value[name]), value[name]))) return value;
  const other = Object.create(Object.getPrototypeOf(value) as object | null) as { [name: string]: Value };
  for (const name of order ?? names) {
    Object.defineProperty(other, name, { value: reordered(value[name]), enumerable: true });
  }
  return Object.freeze(other);
}

function reorderedCollection(value: object): Value {
  if (isKeyed(value)) {
    const entries = [...(value as Map<Value, Value>).entries()];
    const others = entries.map(([key, item]) => [key, reordered(item)] as const);
    if (!isOrdered(value) && entries.length > 1) return Map(others.reverse());
    if (others.every(([, item], i) => Object.is(item, entries[i]?.[1]))) return value;
    return (value as Map<Value, Value>).map(reordered);
  }
  const items = [...(value as Iterable<Value>)];
  if (!isOrdered(value)) return items.length > 1 ? Set(items.reverse()) : value;
  const others = items.map(reordered);
  return others.every((item, i) => Object.is(item, items[i])) ? value : (value as Set<Value>).map(reordered);
}

function unlessSame(array: readonly Value[], other: readonly Value[]): readonly Value[] {
  return other.every((item, i) => Object.is(item, array[i])) ? array : Object.freeze(other);
}
