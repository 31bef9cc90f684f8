import type { NodeId } from "./node-id.js";

/** The faults that a budget can be given for. `give-up` is the client's own: it stops waiting for an answer. */
export const faultKinds = ["drop", "duplicate", "delay", "error", "crash", "recover", "partition", "give-up"] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How many of each fault there may be: a count, or `any` for no limit. 0 where nothing is said. */
export type FaultBudget = { readonly [kind in FaultKind]?: number | "any" };

/** What is left of each fault, in the order of `faultKinds`; `unlimited` is never counted down. */
export type BudgetLeft = readonly number[];
export const unlimited = -1;

export const faultNumber: { readonly [kind in FaultKind]: number } = {
  drop: 0,
  duplicate: 1,
  delay: 2,
  error: 3,
  crash: 4,
  recover: 5,
  partition: 6,
  "give-up": 7,
};

/** The budget of a whole run. @throws for a negative or fractional count, with its name. */
export function fullBudget(budget: FaultBudget): BudgetLeft {
  return faultKinds.map((kind) => {
    const count = Object.hasOwn(budget, kind) ? budget[kind] : 0;
    if (count === "any") return unlimited;
    if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number;
    throw new Error(`The fault budget ${kind}=${count} cannot be used: give a whole number from 0, or "any".`);
  });
}

/** A way to cut the network: while it lasts, messages on the cut links wait. */
export interface Partition {
  readonly name: string;
  /** Directed cuts: what `from` sends does not reach `to`. */
  readonly cuts: readonly { readonly from: NodeId; readonly to: NodeId }[];
}

/** Cuts a group of nodes off from others, in both directions. */
export function split(name: string, group: readonly NodeId[], others: readonly NodeId[]): Partition {
  const cuts = group.flatMap((a) =>
    others.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
  return { name, cuts };
}

/** A declared boundary at which requests may be answered by an error instead of being handled. */
export interface ErrorBoundary {
  /** Requests to nodes of this role … */
  readonly role: string;
  /** … of these kinds … */
  readonly kinds: readonly string[];
  /** … are answered with this message. */
  readonly reply: { readonly kind: string };
}
