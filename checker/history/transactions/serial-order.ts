import { encode, type Value } from "../../../sim/value.js";
import type { HistoryJudgement, JudgeOptions } from "../judgement.js";
import { linearizable } from "../linearizable.js";
import type { History, Operation } from "../operation.js";
import { sequential } from "../sequential.js";
import type { Specification } from "../specification.js";
import type { Dependency } from "./anomaly.js";
import type { Transaction, TransactionModel } from "./transaction.js";

/** Which order beside the dependencies a serial order must keep. */
export type KeptOrder = "none" | "process" | "realtime";

/**
 * A serial order of the transactions: one that sorts the dependencies, if running the transactions in it gives what
 * they read; otherwise by search, which is exponential.
 *
 * A transaction is an operation of one object that holds all lists or registers, so that strict serializability is its
 * linearizability, and strong session serializability its sequential consistency.
 */
export function serialOrder(
  transactions: readonly Transaction[],
  model: TransactionModel,
  dependencies: readonly Dependency[],
  kept: KeptOrder,
  options: JudgeOptions,
): HistoryJudgement {
  const specification = databaseOf(model);
  const sorted = topological(transactions, dependencies);
  if (sorted !== null && fits(sorted, specification)) {
    return { kind: "holds", order: sorted.map(({ operation }) => operation.id) };
  }
  const history = transactions.map(({ operation }) => withSteps(operation));
  if (kept === "realtime") return linearizable(history, specification, options);
  return sequential(kept === "process" ? history : alone(history), specification, options);
}

type Database = { readonly [key: string]: Value };

/** All lists, or all registers, as one object; a transaction answers with its steps, filled in. */
function databaseOf(model: TransactionModel): Specification<Database> {
  return {
    name: model,
    initial: {},
    refusal: () => null,
    apply: (state, request) => {
      const steps: Value[] = [];
      let after = state;
      for (const [f, key, value] of request.value as readonly (readonly [Value, Value, Value])[]) {
        const name = encode(key);
        const content = after[name] ?? (model === "list-append" ? [] : null);
        if (f === "r") steps.push(["r", key, content]);
        else {
          steps.push([f, key, value]);
          after = { ...after, [name]: f === "append" ? [...(content as readonly Value[]), value] : value };
        }
      }
      return { state: after, output: steps };
    },
    answer: (_, recorded) => (model === "list-append" ? (recorded as readonly Value[]).map(withList) : recorded),
    isRead: (request) => (request.value as readonly (readonly Value[])[]).every(([f]) => f === "r"),
  };
}

/** A recording may give the steps of a transaction at its completion only. */
function withSteps(operation: Operation): Operation {
  return operation.outcome === "ok" ? { ...operation, value: operation.output } : operation;
}

/** A list that was never appended to may be recorded as null. */
function withList(step: Value): Value {
  const [f, key, value = null] = step as readonly Value[];
  return f === "r" ? ["r", key, value ?? []] : [f, key, value];
}

/** Each operation as one of a process of its own, so that no order is kept. */
function alone(history: History): History {
  return history.map((operation) => ({ ...operation, process: String(operation.id), invoked: 0, returned: 1 }));
}

function topological(transactions: readonly Transaction[], dependencies: readonly Dependency[]): Transaction[] | null {
  const byId = new Map(transactions.map((transaction) => [transaction.operation.id, transaction]));
  const waiting = new Map<number, number>();
  const outgoing = new Map<number, number[]>();
  for (const { from, to } of dependencies) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    const known = outgoing.get(from);
    if (known === undefined) outgoing.set(from, [to]);
    else known.push(to);
  }
  const isPart = ({ operation }: Transaction): boolean =>
    operation.outcome === "ok" ||
    (operation.outcome === "info" && (outgoing.has(operation.id) || waiting.has(operation.id)));
  const parts = transactions.filter(isPart);
  const ready = parts.filter(({ operation }) => !waiting.has(operation.id)).reverse();
  const order: Transaction[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    order.push(next);
    for (const to of outgoing.get(next.operation.id) ?? []) {
      const left = (waiting.get(to) ?? 1) - 1;
      waiting.set(to, left);
      const transaction = byId.get(to);
      if (left === 0 && transaction !== undefined) ready.push(transaction);
    }
  }
  return order.length === parts.length ? order : null;
}

function fits(order: readonly Transaction[], specification: Specification<Database>): boolean {
  let state = specification.initial;
  for (const { operation } of order) {
    const applied = specification.apply(state, withSteps(operation));
    if (typeof applied === "string") return false;
    state = applied.state;
    if (operation.outcome !== "ok") continue;
    if (encode(applied.output) !== encode(specification.answer?.(operation, operation.output))) return false;
  }
  return true;
}
