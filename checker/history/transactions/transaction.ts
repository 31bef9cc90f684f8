import { encode, type Value } from "../../../sim/value.js";
import type { History, Operation } from "../operation.js";
import { UnusableHistory } from "../unusable-history.js";

/** The two kinds of transactional histories, after the kinds of objects that they work on. */
export type TransactionModel = "list-append" | "rw-register";

/** One step of a transaction. Keys and values are canonical texts; `value` of a read is null where it is not known. */
export interface MicroOperation {
  readonly kind: "write" | "read";
  readonly key: string;
  /** What is appended or written; of a read of a register what it gave; the empty text for a read of a list. */
  readonly value: string | null;
  /** What a read of a list gave. */
  readonly list?: readonly string[];
}

/** A transaction: an operation whose value is a list of steps. */
export interface Transaction {
  readonly operation: Operation;
  readonly steps: readonly MicroOperation[];
}

/** A register that was never written holds null. */
export const unwritten = encode(null);

/**
 * The transactions of a history, in the order of their invocations. Steps are triples `["append", key, value]`,
 * `["w", key, value]` or `["r", key, result]`.
 *
 * @throws UnusableHistory for steps that the model does not know, and for a value that is written to a key twice, which
 * makes it impossible to tell who was read.
 */
export function transactionsOf(history: History, model: TransactionModel): readonly Transaction[] {
  const transactions = history.map((operation) => ({ operation, steps: stepsOf(operation, model) }));
  const writers = new Map<string, Operation>();
  for (const { operation, steps } of transactions) {
    for (const step of steps) {
      if (step.kind !== "write") continue;
      const name = `${step.key}=${step.value}`;
      const other = writers.get(name);
      if (other !== undefined) throw writtenTwice(operation, step, other);
      if (model === "rw-register" && step.value === unwritten) throw writesNull(operation);
      writers.set(name, operation);
    }
  }
  return transactions;
}

function stepsOf(operation: Operation, model: TransactionModel): readonly MicroOperation[] {
  const steps = operation.outcome === "ok" ? operation.output : operation.value;
  if (!Array.isArray(steps)) {
    throw misfit(operation, model, `the value of ${operation.f} is ${encode(steps)}, and no list of steps`);
  }
  return (steps as readonly Value[]).map((step) => {
    if (!Array.isArray(step) || step.length < 2) throw misfit(operation, model, `${encode(step)} is no step`);
    const [f, key, value = null] = step as readonly Value[];
    const write = model === "list-append" ? "append" : "w";
    if (f === write) return { kind: "write", key: encode(key), value: encode(value) };
    if (f !== "r") throw misfit(operation, model, `it has a step ${encode(f)}`);
    if (operation.outcome !== "ok") return { kind: "read", key: encode(key), value: null };
    if (model === "rw-register") return { kind: "read", key: encode(key), value: encode(value) };
    if (value !== null && !Array.isArray(value))
      throw misfit(operation, model, `a read gave ${encode(value)}, no list`);
    return {
      kind: "read",
      key: encode(key),
      value: "",
      list: ((value ?? []) as readonly Value[]).map((v) => encode(v)),
    };
  });
}

function misfit(operation: Operation, model: TransactionModel, found: string): UnusableHistory {
  const form =
    model === "list-append" ? '["append", key, value] and ["r", key, list]' : '["w", key, value] and ["r", key, value]';
  return new UnusableHistory(
    `the model ${model} does not fit: ${found}`,
    `use steps ${form}, or another --model`,
    operation.place,
  );
}

function writtenTwice(operation: Operation, step: MicroOperation, other: Operation): UnusableHistory {
  const where = other.place === undefined ? "" : ` (also at line ${other.place.line})`;
  return new UnusableHistory(
    `the value ${step.value} is written to key ${step.key} twice${where}, so that nobody can tell which was read`,
    "record histories in which every value is written to a key at most once",
    operation.place,
  );
}

function writesNull(operation: Operation): UnusableHistory {
  return new UnusableHistory(
    "a transaction writes null, which stands for a register that was never written",
    "write other values",
    operation.place,
  );
}
