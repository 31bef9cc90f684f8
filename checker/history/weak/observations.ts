import { encode, type Value } from "../../../sim/value.js";
import { mayMatter } from "../linearizable.js";
import type { History, Operation } from "../operation.js";
import type { AnySpecification, Applied } from "../specification.js";
import { productSpace, type StateSpace } from "../state-space.js";

/** A history as weak models see it: updates, and operations whose answers must be explained by updates. */
export interface Observations {
  /** All that may matter, by invocation; the numbers below are positions in it. */
  readonly operations: readonly Operation[];
  readonly updates: readonly number[];
  readonly observers: readonly number[];
  /** For each operation its place in its process's order, and that process. */
  readonly process: readonly string[];
  readonly space: StateSpace;
  /** Whether a comes before b in program order. */
  precedes(a: number, b: number): boolean;
}

/** Splits a history into updates and observers; an operation that changes and answers is both. */
export function observationsOf(history: History, specification: AnySpecification): Observations {
  const operations = history.filter((operation) => mayMatter(operation, specification));
  const space = answeringSpace(specification, operations);
  const numbers = operations.map((_, i) => i);
  return {
    operations,
    updates: numbers.filter((i) => !space.isRead(i)),
    observers: numbers.filter((i) => operations[i]?.outcome === "ok" && hasAnswer(specification, operations[i])),
    process: operations.map((operation) => operation.process),
    space,
    precedes: (a, b) => a < b && operations[a]?.process === operations[b]?.process && operations[a]?.outcome === "ok",
  };
}

/**
 * Each operation twice: with its answer, as an observer, and at `number + operations.length` without, as others see its
 * effect.
 */
function answeringSpace(specification: AnySpecification, operations: readonly Operation[]): StateSpace {
  const hidden = operations.map((operation): Operation => ({ ...operation, outcome: "info" }));
  return productSpace(specification, [...operations, ...hidden]);
}

/** The effect of an update on others: its own answer is its own affair. */
export function effectOf(observations: Observations, state: number, update: number): number {
  return observations.space.next(state, update + observations.operations.length);
}

/** An operation in words: what, by whom, and where it was recorded. */
export function nameOf({ operations }: Observations, number: number): string {
  const operation = operations[number];
  const line = operation?.place === undefined ? "" : ` (line ${operation.place.line})`;
  return `${operation?.f} ${encode(operation?.value ?? null)} of process ${operation?.process}${line}`;
}

function hasAnswer(specification: AnySpecification, operation: Operation | undefined): boolean {
  if (operation === undefined) return false;
  const applied: Applied<Value> | string = specification.apply(specification.initial as never, operation);
  return typeof applied === "string" || applied.output !== undefined;
}
