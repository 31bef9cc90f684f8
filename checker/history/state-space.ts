import { encode, sameValue, type Value } from "../../sim/value.js";
import type { Operation, Request } from "./operation.js";
import type { AnySpecification, Applied } from "./specification.js";
import { TupleTable } from "./tuple-table.js";

/**
 * The states of an object under the operations of one history, numbered. Equal states have equal numbers, and each
 * transition is asked of the specification once.
 */
export interface StateSpace {
  readonly initial: number;
  /** The state after the operation, or -1 if the operation cannot follow with the answer that was recorded. */
  next(state: number, operation: number): number;
  /** Whether the operation, where it is possible, leaves the state as it is. */
  isRead(operation: number): boolean;
  /** Operations of one class do the same in every state. */
  classOf(operation: number): number;
  /** Operations of different parts commute. */
  partOf(operation: number): number;
  /** A guess at when the operation took effect, beside others of its part; all equal where there is none. */
  rankOf(operation: number): number;
  /** Why the operation cannot follow. */
  reason(state: number, operation: number): string;
}

/** The states of one object. */
export function stateSpace(specification: AnySpecification, operations: readonly Operation[]): StateSpace {
  return new SingleSpace(specification, operations);
}

/** The states of an object that is made of independent parts: tuples of the states of the parts. */
export function productSpace(specification: AnySpecification, operations: readonly Operation[]): StateSpace {
  const parts = partition(specification, operations);
  if (parts.length < 2) return stateSpace(specification, operations);
  return new ProductSpace(specification, operations, parts);
}

/** The operations by the part of the state that they work on, in the order of first mention. */
export function partition(specification: AnySpecification, operations: readonly Operation[]): readonly Operation[][] {
  if (specification.partitionBy === undefined) return [[...operations]];
  const parts = new Map<string, Operation[]>();
  for (const operation of operations) {
    const name = encode(specification.partitionBy(operation));
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [operation]);
    else part.push(operation);
  }
  return [...parts.values()];
}

/** The answer of a completed operation in the form that the specification gives. */
export function answerOf(specification: AnySpecification, operation: Operation): Value {
  return specification.answer === undefined ? operation.output : specification.answer(operation, operation.output);
}

const notAsked = -2;
/** Beyond this number of classes, a row per state would be mostly empty. */
const classesOfRowsMax = 512;

class SingleSpace implements StateSpace {
  readonly initial: number;
  readonly #states: Value[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #rows: Int32Array[] = [];
  readonly #sparse = new Map<number, number>();
  readonly #classes: Int32Array;
  readonly #members: Operation[] = [];
  readonly #reads: boolean[] = [];
  readonly #ranks: readonly number[] | undefined;

  constructor(
    readonly specification: AnySpecification,
    readonly operations: readonly Operation[],
  ) {
    this.#classes = new Int32Array(operations.length);
    const numbers = new Map<string, number>();
    operations.forEach((operation, i) => {
      const name = this.#className(operation);
      const known = numbers.get(name) ?? numbers.size;
      if (known === numbers.size) {
        numbers.set(name, known);
        this.#members.push(operation);
        this.#reads.push(this.#classIsRead(operation));
      }
      this.#classes[i] = known;
    });
    this.initial = this.#intern(specification.initial);
    this.#ranks = specification.ranks?.(operations);
  }

  next(state: number, operation: number): number {
    const kind = this.#classes[operation] ?? 0;
    const row = this.#rows[state];
    const known = row === undefined ? (this.#sparse.get(state * this.#members.length + kind) ?? notAsked) : row[kind];
    if (known !== undefined && known !== notAsked) return known;
    const found = this.#ask(state, kind);
    if (row === undefined) this.#sparse.set(state * this.#members.length + kind, found);
    else row[kind] = found;
    return found;
  }

  isRead(operation: number): boolean {
    return this.#reads[this.classOf(operation)] ?? false;
  }

  classOf(operation: number): number {
    return this.#classes[operation] ?? 0;
  }

  partOf(): number {
    return 0;
  }

  rankOf(operation: number): number {
    return this.#ranks?.[operation] ?? Infinity;
  }

  reason(state: number, number: number): string {
    const operation = this.operations[number];
    if (operation === undefined) return "";
    const applied = this.#apply(this.#states[state], operation);
    if (typeof applied === "string") return applied;
    const answer = encode(answerOf(this.specification, operation));
    return `it answered ${answer}, but here the answer is ${encode(applied.output ?? null)}`;
  }

  #ask(state: number, kind: number): number {
    const operation = this.#members[kind];
    if (operation === undefined) return -1;
    const applied = this.#apply(this.#states[state], operation);
    if (typeof applied === "string") return -1;
    if (operation.outcome === "ok" && applied.output !== undefined) {
      if (!sameValue(applied.output, answerOf(this.specification, operation))) return -1;
    }
    return this.#intern(applied.state);
  }

  #apply(state: Value, request: Request): Applied<Value> | string {
    return this.specification.apply(state as never, request);
  }

  #intern(state: Value): number {
    const text = encode(state);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#states.length;
    this.#numbers.set(text, number);
    this.#states.push(state);
    if (this.#members.length <= classesOfRowsMax) this.#rows.push(new Int32Array(this.#members.length).fill(notAsked));
    return number;
  }

  #className(operation: Operation): string {
    const { f, key, value, outcome, process } = operation;
    const who = this.specification.usesProcess === true ? process : null;
    const answer = outcome === "ok" ? `=${encode(answerOf(this.specification, operation))}` : "";
    return `${encode(f)} ${encode(key)} ${encode(value)} ${encode(who)} ${answer}`;
  }

  #classIsRead(operation: Operation): boolean {
    if (operation.outcome !== "ok") return this.specification.isRead?.(operation, undefined) ?? false;
    return this.specification.isRead?.(operation, answerOf(this.specification, operation)) ?? false;
  }
}

class ProductSpace implements StateSpace {
  readonly initial: number;
  readonly #spaces: readonly SingleSpace[];
  readonly #parts: Int32Array;
  readonly #within: Int32Array;
  readonly #firstClass: number[] = [];
  readonly #tuples: TupleTable;
  readonly #scratch: Int32Array;

  constructor(specification: AnySpecification, operations: readonly Operation[], parts: readonly Operation[][]) {
    this.#spaces = parts.map((part) => new SingleSpace(specification, part));
    this.#parts = new Int32Array(operations.length);
    this.#within = new Int32Array(operations.length);
    const positions = new Map(operations.map((operation, position) => [operation, position]));
    let classes = 0;
    parts.forEach((part, p) => {
      this.#firstClass.push(classes);
      classes += part.length;
      part.forEach((operation, i) => {
        const position = positions.get(operation) ?? 0;
        this.#parts[position] = p;
        this.#within[position] = i;
      });
    });
    this.#tuples = new TupleTable(parts.length);
    this.#scratch = Int32Array.from(this.#spaces, (space) => space.initial);
    this.initial = this.#tuples.add(this.#scratch);
  }

  next(state: number, operation: number): number {
    const part = this.partOf(operation);
    const before = this.#tuples.at(state, part);
    const after = this.#space(part).next(before, this.#within[operation] ?? 0);
    if (after < 0 || after === before) return after < 0 ? -1 : state;
    for (let i = 0; i < this.#spaces.length; i += 1) this.#scratch[i] = this.#tuples.at(state, i);
    this.#scratch[part] = after;
    return this.#tuples.add(this.#scratch);
  }

  isRead(operation: number): boolean {
    return this.#space(this.partOf(operation)).isRead(this.#within[operation] ?? 0);
  }

  classOf(operation: number): number {
    const part = this.partOf(operation);
    return (this.#firstClass[part] ?? 0) + this.#space(part).classOf(this.#within[operation] ?? 0);
  }

  partOf(operation: number): number {
    return this.#parts[operation] ?? 0;
  }

  rankOf(operation: number): number {
    return this.#space(this.partOf(operation)).rankOf(this.#within[operation] ?? 0);
  }

  reason(state: number, operation: number): string {
    const part = this.partOf(operation);
    return this.#space(part).reason(this.#tuples.at(state, part), this.#within[operation] ?? 0);
  }

  #space(part: number): SingleSpace {
    const space = this.#spaces[part];
    if (space === undefined) throw new Error(`There is no part ${part}: this is a bug of the checker.`);
    return space;
  }
}
