import { type JudgeOptions, stopped } from "../judgement.js";
import type { History } from "../operation.js";
import { type Anomaly, type AnomalyName, type CycleName, cycleNames, type Dependency } from "./anomaly.js";
import { findCycles } from "./cycles.js";
import { excludedBy, implies, type IsolationName, type IsolationVerdict } from "./isolation.js";
import { inferFromLists } from "./list-append.js";
import { processOrder, realTimeOrder } from "./orders.js";
import { inferFromRegisters } from "./rw-register.js";
import { type KeptOrder, serialOrder } from "./serial-order.js";
import { type TransactionModel, transactionsOf } from "./transaction.js";

/** What is said of a history of transactions: the anomalies found, and what follows for isolation levels. */
export interface TransactionJudgement {
  readonly kind: "holds" | "violated" | "unknown";
  /** One instance of each anomaly, the worst first. */
  readonly anomalies: readonly Anomaly[];
  readonly isolation: IsolationVerdict;
  /** A serial order that explains all reads, where one was looked for and found. */
  readonly order: readonly number[] | null;
  /** Where the verdict is unknown: which limit was reached. */
  readonly limit: string | null;
}

/**
 * Judges a history of transactions against an isolation level, by the anomalies in its dependencies (Adya, 1999;
 * Kingsbury and Alvaro, "Elle", 2020).
 *
 * For serializability and what is stronger, the absence of a known cycle is not taken for a proof: a serial order is
 * looked for, and if the search for it ends at a limit the verdict is unknown. Weaker levels hold when no anomaly that
 * contradicts them was found; for registers, whose version order is mostly unknown, that is all that can be said.
 *
 * @throws UnusableHistory where the model does not fit the operations.
 */
export function judgeTransactions(
  history: History,
  model: TransactionModel,
  level: IsolationName,
  options: JudgeOptions = {},
): TransactionJudgement {
  const transactions = transactionsOf(history, model);
  const { anomalies, dependencies } =
    model === "list-append" ? inferFromLists(transactions) : inferFromRegisters(transactions);
  const orders = { none: [], process: processOrder(transactions), realtime: realTimeOrder(transactions) };
  const cyclic = cyclicAnomalies(history, dependencies, orders);
  const found = firstOfEach([...cyclic, ...anomalies]);
  const isolation = excludedBy(found.map(({ name }) => name));
  const judgement = { anomalies: found, isolation, order: null, limit: null };
  if (isolation.excluded.includes(level)) return { ...judgement, kind: "violated" };
  if (!implies(level, "serializable")) return { ...judgement, kind: "holds" };
  const kept: KeptOrder =
    level === "serializable" ? "none" : level === "strong-session-serializable" ? "process" : "realtime";
  const serial = serialOrder(transactions, model, [...dependencies, ...orders[kept]], kept, options);
  switch (serial.kind) {
    case "holds":
      return { ...judgement, kind: "holds", order: serial.order };
    case "unknown":
      return { ...judgement, kind: "unknown", limit: stopped };
    case "violated": {
      const all = [
        ...found,
        withoutOrder(
          kept,
          serial.culprits.map(({ operation }) => operation),
        ),
      ];
      return { ...judgement, kind: "violated", anomalies: all, isolation: excludedBy(all.map(({ name }) => name)) };
    }
  }
}

/** Each shape with as little of order as it needs: none, that of processes, or real time. */
function cyclicAnomalies(
  history: History,
  dependencies: readonly Dependency[],
  orders: { readonly [kept in KeptOrder]: readonly Dependency[] },
): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const done = new Set<CycleName>();
  for (const kept of ["none", "process", "realtime"] as const) {
    const cycles = findCycles([...dependencies, ...orders[kept]]);
    for (const name of cycleNames) {
      const cycle = cycles.get(name);
      if (cycle === undefined || done.has(name)) continue;
      done.add(name);
      const suffixed: AnomalyName = kept === "none" ? name : `${name}-${kept}`;
      anomalies.push({
        name: suffixed,
        operations: cycle.map(({ from }) => from),
        sentences: tell(history, cycle),
        cycle,
      });
    }
  }
  return anomalies;
}

/** The cycle in sentences: who is who, why each comes before the next, and that this cannot be. */
function tell(history: History, cycle: readonly Dependency[]): readonly string[] {
  const names = new Map(cycle.map(({ from }, i) => [from, `T${i + 1}`]));
  const name = (id: number): string => names.get(id) ?? "";
  const introductions = cycle.map(({ from }) => {
    const operation = history[from];
    const where = operation?.place === undefined ? "" : `, line ${operation.place.line}`;
    return `${name(from)} is operation ${from} (process ${operation?.process}${where}).`;
  });
  const steps = cycle.map((dependency, i) => {
    const because = dependency.because
      .replaceAll("{from}", name(dependency.from))
      .replaceAll("{to}", name(dependency.to));
    const end = i === cycle.length - 1 ? ": a contradiction." : ".";
    return `${name(dependency.from)} comes before ${name(dependency.to)} (${dependency.kind}), because ${because}${end}`;
  });
  return [...introductions, ...steps];
}

function withoutOrder(kept: KeptOrder, operations: readonly number[]): Anomaly {
  const name = kept === "none" ? "no-serial-order" : (`no-serial-order-${kept}` as const);
  const what = { none: "", process: " that keeps the order of each process", realtime: " that keeps real time" }[kept];
  return { name, operations, sentences: [`No serial order of the transactions${what} gives what they read.`] };
}

function firstOfEach(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const names = new Set<AnomalyName>();
  return anomalies.filter(({ name }) => !names.has(name) && names.add(name));
}
