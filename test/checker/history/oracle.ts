import { sameValue, type Value } from "../../../sim/value.js";
import type { ConsistencyName } from "../../../checker/history/consistency.js";
import type { History, Operation } from "../../../checker/history/operation.js";
import type { AnySpecification, Specification } from "../../../checker/history/specification.js";

/** Plain definitions, tried over all orders: slow, short, and independent of the checker's algorithms. */
export function holdsByBruteForce(history: History, part: AnySpecification, model: ConsistencyName): boolean {
  const hasKeys = history.some(({ key }) => key !== null);
  const spec = hasKeys ? overAllKeys(part) : part;
  const operations = history.filter((o) => o.outcome !== "fail");
  switch (model) {
    case "linearizable":
      return longestPrefix(operations, spec, (a, b) => a.returned < b.invoked) === completed(operations);
    case "sequential":
      return longestPrefix(operations, spec, inProgramOrder) === completed(operations);
    case "eventual":
      return converges(explanationsOf(history, operations, spec), spec);
    default:
      return hasVisibility(explanationsOf(history, operations, spec), spec, model);
  }
}

/** The object with all its keys: its state is an object with the states of those that were used. */
export function overAllKeys(part: AnySpecification): AnySpecification {
  const spec: Specification<{ readonly [key: string]: Value }> = {
    ...part,
    initial: {},
    apply: (state, request) => {
      const key = String(request.key);
      const applied = part.apply((key in state ? state[key] : part.initial) as never, request);
      return typeof applied === "string" ? applied : { ...applied, state: { ...state, [key]: applied.state } };
    },
  };
  return spec;
}

/** How many completed operations the longest legal prefix has, over all orders that keep `before`. */
export function longestPrefix(
  operations: readonly Operation[],
  spec: AnySpecification,
  before: (a: Operation, b: Operation) => boolean,
): number {
  const extend = (left: readonly Operation[], state: Value, placed: number): number => {
    let longest = placed;
    for (const next of left) {
      if (left.some((other) => other !== next && other.outcome === "ok" && before(other, next))) continue;
      const after = follow(spec, state, next);
      if (after === null) continue;
      const rest = left.filter((other) => other !== next);
      longest = Math.max(longest, extend(rest, after.state, placed + (next.outcome === "ok" ? 1 : 0)));
      if (longest === completed(operations)) return longest;
    }
    return longest;
  };
  return extend(operations, spec.initial, 0);
}

export function completed(operations: readonly Operation[]): number {
  return operations.filter((o) => o.outcome === "ok").length;
}

export function inProgramOrder(a: Operation, b: Operation): boolean {
  return a.process === b.process && a.outcome === "ok" && a.id < b.id;
}

function follow(spec: AnySpecification, state: Value, operation: Operation): { readonly state: Value } | null {
  const applied = spec.apply(state as never, operation);
  if (typeof applied === "string") return null;
  if (operation.outcome === "ok" && applied.output !== undefined) {
    const answer = spec.answer === undefined ? operation.output : spec.answer(operation, operation.output);
    if (!sameValue(applied.output, answer)) return null;
  }
  return applied;
}

const hidden = (operation: Operation): Operation => ({ ...operation, outcome: "info" });

/** The legal orders of some of the updates, their answers not looked at, each with the state that it leads to. */
function legalOrders(spec: AnySpecification, updates: readonly Operation[]): readonly Ordered[] {
  const found: Ordered[] = [];
  const extend = (order: readonly Operation[], state: Value): void => {
    found.push({ order, state });
    for (const next of updates) {
      if (order.includes(next)) continue;
      const after = follow(spec, state, hidden(next));
      if (after !== null) extend([...order, next], after.state);
    }
  };
  extend([], spec.initial);
  return found;
}

/** What no model changes: the updates, the observers, and for each of these the orders that give its answer. */
interface Explanations {
  readonly updates: readonly Operation[];
  readonly observers: readonly Operation[];
  readonly ordersFor: readonly (readonly Ordered[])[];
}

const known = new WeakMap<History, Explanations>();

/** Made once for a history, as all orders are tried for it. */
function explanationsOf(history: History, operations: readonly Operation[], spec: AnySpecification): Explanations {
  const before = known.get(history);
  if (before !== undefined) return before;
  const updates = operations.filter((o) => isUpdate(spec, o));
  const observers = operations.filter((o) => isObserver(spec, o));
  const orders = observers.length === 0 ? [] : legalOrders(spec, updates);
  const ordersFor = observers.map((o) =>
    orders.filter(
      ({ order, state }) => order.every((u) => u !== o && !inProgramOrder(o, u)) && follow(spec, state, o) !== null,
    ),
  );
  const made = { updates, observers, ordersFor };
  known.set(history, made);
  return made;
}

interface Ordered {
  readonly order: readonly Operation[];
  readonly state: Value;
}

function explains(spec: AnySpecification, order: readonly Operation[], observer: Operation): boolean {
  let current: { readonly state: Value } | null = { state: spec.initial };
  for (const update of order) current = current === null ? null : follow(spec, current.state, hidden(update));
  return current !== null && follow(spec, current.state, observer) !== null;
}

function isUpdate(spec: AnySpecification, operation: Operation): boolean {
  const answer = spec.answer === undefined ? operation.output : spec.answer(operation, operation.output);
  return spec.isRead?.(operation, operation.outcome === "ok" ? answer : undefined) !== true;
}

function isObserver(spec: AnySpecification, operation: Operation): boolean {
  if (operation.outcome !== "ok") return false;
  const applied = spec.apply(spec.initial as never, operation);
  return typeof applied === "string" || applied.output !== undefined;
}

type Pair = readonly [Operation, Operation];

function hasVisibility(explanations: Explanations, spec: AnySpecification, model: ConsistencyName): boolean {
  const all = model === "causal" || model === "causal+";
  const { updates, observers, ordersFor } = explanations;
  // Only sets that explain the answer in some order at all: the rest cannot be chosen anyway.
  const viable = ordersFor.map((orders) => distinctSets(orders, updates));
  const choose = (seen: readonly (readonly Operation[])[]): boolean => {
    const options = viable[seen.length];
    if (options === undefined) return isAllowed(seen);
    return options.some((set) => choose([...seen, set]));
  };
  const isAllowed = (seen: readonly (readonly Operation[])[]): boolean => {
    const together: Pair[] = [];
    if (all || model === "monotonic-writes") {
      for (const a of updates) for (const b of updates) if (inProgramOrder(a, b)) together.push([a, b]);
    }
    if (all || model === "writes-follow-reads") {
      observers.forEach((observer, i) => {
        for (const b of updates) {
          if (observer === b || inProgramOrder(observer, b)) for (const a of seen[i] ?? []) together.push([a, b]);
        }
      });
    }
    const keepsWrites = seen.every((set) => together.every(([a, b]) => !set.includes(b) || set.includes(a)));
    if (!keepsWrites) return false;
    if (all || model === "read-your-writes") {
      const own = observers.every((o, i) => updates.every((u) => !inProgramOrder(u, o) || seen[i]?.includes(u)));
      if (!own) return false;
    }
    if (all || model === "monotonic-reads") {
      const again = observers.every((a, i) =>
        observers.every((b, j) => !inProgramOrder(a, b) || (seen[i] ?? []).every((u) => seen[j]?.includes(u))),
      );
      if (!again) return false;
    }
    const keeps = (order: readonly Operation[]): boolean =>
      together.every(([a, b]) => !order.includes(a) || !order.includes(b) || order.indexOf(a) < order.indexOf(b));
    if (model !== "causal+") {
      return observers.every((_, i) =>
        ordersFor[i]?.some(({ order }) => sameSet(order, seen[i] ?? []) && keeps(order)),
      );
    }
    const everything = updates.filter((u) => seen.some((set) => set.includes(u)));
    return somePermutation(
      everything,
      (order) =>
        keeps(order) &&
        observers.every((o, i) =>
          explains(
            spec,
            order.filter((u) => seen[i]?.includes(u)),
            o,
          ),
        ),
    );
  };
  return choose([]);
}

function sameSet(some: readonly Operation[], others: readonly Operation[]): boolean {
  return some.length === others.length && others.every((other) => some.includes(other));
}

function distinctSets(orders: readonly Ordered[], updates: readonly Operation[]): readonly (readonly Operation[])[] {
  const sets = orders.map(({ order }) => updates.filter((u) => order.includes(u)));
  return [...new Map(sets.map((set) => [set.map(({ id }) => id).join(), set])).values()];
}

function converges({ updates, observers, ordersFor }: Explanations, spec: AnySpecification): boolean {
  const reads = observers.filter((o) => !updates.includes(o));
  const settled = Math.max(-1, ...updates.map((u) => u.returned));
  const late = reads.filter((r) => r.invoked > settled);
  const finals = late.filter((r) => !late.some((other) => inProgramOrder(r, other)));
  const certain = updates.filter((u) => u.outcome === "ok");
  const unknown = updates.filter((u) => u.outcome !== "ok");
  // An answer that no order of no set gives needs no further look.
  if (!ordersFor.every((orders) => orders.length > 0)) return false;
  return somePermutation(updates, (order) =>
    subsets(unknown).some((chosen) => {
      const final = order.filter((u) => certain.includes(u) || chosen.includes(u));
      return observers.every((o) =>
        finals.includes(o)
          ? explains(spec, final, o)
          : subsets(order.filter((u) => u !== o && !inProgramOrder(o, u))).some((set) => explains(spec, set, o)),
      );
    }),
  );
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.reduce<readonly (readonly T[])[]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]]);
}

function somePermutation<T>(items: readonly T[], fits: (order: readonly T[]) => boolean): boolean {
  const extend = (order: readonly T[], left: readonly T[]): boolean =>
    left.length === 0
      ? fits(order)
      : left.some((next) =>
          extend(
            [...order, next],
            left.filter((item) => item !== next),
          ),
        );
  return extend([], items);
}
