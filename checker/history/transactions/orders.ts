import type { Dependency } from "./anomaly.js";
import type { Transaction } from "./transaction.js";

/** That each process's committed transactions come one after the other. */
export function processOrder(transactions: readonly Transaction[]): readonly Dependency[] {
  const last = new Map<string, Transaction>();
  const order: Dependency[] = [];
  for (const transaction of transactions) {
    if (transaction.operation.outcome === "fail") continue;
    const { id, process, outcome } = transaction.operation;
    const before = last.get(process);
    const because = `process ${process} ran {from} before {to}`;
    if (before !== undefined) order.push({ kind: "process", from: before.operation.id, to: id, because });
    if (outcome === "ok") last.set(process, transaction);
  }
  return order;
}

/**
 * That a transaction which returned before another was invoked comes before it; only what does not follow from the
 * rest. O(transactions * concurrency).
 */
export function realTimeOrder(transactions: readonly Transaction[]): readonly Dependency[] {
  const moments = transactions
    .filter(({ operation }) => operation.outcome !== "fail")
    .flatMap(({ operation }) => [
      { at: operation.invoked, operation, isReturn: false },
      { at: operation.returned, operation, isReturn: true },
    ])
    .filter(({ at }) => at !== Infinity)
    .sort((a, b) => a.at - b.at);
  let latest: Transaction["operation"][] = [];
  const order: Dependency[] = [];
  for (const { operation, isReturn } of moments) {
    if (isReturn) latest = [...latest.filter((other) => other.returned >= operation.invoked), operation];
    else {
      for (const other of latest) {
        const because = "{from} had returned before {to} was invoked";
        order.push({ kind: "realtime", from: other.id, to: operation.id, because });
      }
    }
  }
  return order;
}
