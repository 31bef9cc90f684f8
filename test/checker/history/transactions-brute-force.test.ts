import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type History, type HistoryEvent, historyOf, type Operation } from "../../../checker/history/operation.js";
import { judgeTransactions } from "../../../checker/history/transactions/judge-transactions.js";
import { implies, isolationNames } from "../../../checker/history/transactions/isolation.js";
import type { TransactionModel } from "../../../checker/history/transactions/transaction.js";
import { encode } from "../../../sim/value.js";

const seed = 20_261_122;
const runs = 10_000;
type Step = readonly ["r" | "w" | "append", string, unknown];
type Database = { readonly [key: string]: unknown };

/** Runs steps one after the other; gives the database after, and the steps as they would be recorded. */
function run(
  database: Database,
  steps: readonly Step[],
): { readonly database: Database; readonly result: readonly Step[] } {
  let after = database;
  const result = steps.map(([f, key, value]): Step => {
    if (f === "r") return [f, key, after[key] ?? null];
    after = { ...after, [key]: f === "append" ? [...((after[key] as readonly unknown[]) ?? []), value] : value };
    return [f, key, value];
  });
  return { database: after, result };
}

/** Whether some order of the transactions explains all reads: all orders are tried. */
function hasSerialOrder(history: History, before: (a: Operation, b: Operation) => boolean): boolean {
  const extend = (left: readonly Operation[], database: Database): boolean =>
    left.every((operation) => operation.outcome === "info") ||
    left.some((next) => {
      if (left.some((other) => other !== next && other.outcome === "ok" && before(other, next))) return false;
      const { database: after, result } = run(database, next.value as readonly Step[]);
      if (next.outcome === "ok" && encode(result) !== encode(next.output)) return false;
      return extend(
        left.filter((other) => other !== next),
        after,
      );
    });
  return extend(
    history.filter((operation) => operation.outcome !== "fail"),
    {},
  );
}

/** Up to six transactions of three processes on two keys; most read what a database would give, some an old or odd value. */
function randomTransactions(model: TransactionModel): fc.Arbitrary<History> {
  const step = fc.record({ isRead: fc.boolean(), key: fc.constantFrom("x", "y") });
  const draw = fc.record({
    process: fc.nat(2),
    steps: fc.array(step, { minLength: 1, maxLength: 2 }),
    outcome: fc.nat(11),
    luck: fc.nat(19),
    old: fc.nat(3),
  });
  return fc.array(draw, { minLength: 1, maxLength: 14, size: "max" }).map((draws) => {
    const events: HistoryEvent[] = [];
    const open = new Map<number, readonly Step[]>();
    const databases: Database[] = [{}];
    let written = 0;
    for (const { process, steps, outcome, luck, old } of draws) {
      const request = { process: String(process), f: "txn", key: null };
      const pending = open.get(process);
      if (pending === undefined) {
        if (events.filter(({ type }) => type === "invoke").length === 6) continue;
        const asked = steps.map(({ isRead, key }): Step => {
          if (isRead) return ["r", key, null];
          written += 1;
          return [model === "list-append" ? "append" : "w", key, written];
        });
        open.set(process, asked);
        events.push({ ...request, value: asked, type: "invoke" });
        continue;
      }
      open.delete(process);
      const type = outcome === 0 ? "fail" : outcome === 1 ? "info" : "ok";
      const base = databases[Math.max(0, databases.length - 1 - (luck < 11 ? 1 + old : 0))] ?? {};
      const { result } = run(base, pending);
      if (type !== "fail" || luck === 0) databases.push(run(databases.at(-1) ?? {}, pending).database);
      events.push({ ...request, value: result, type });
    }
    return historyOf(events);
  });
}

describe.each(["list-append", "rw-register"] as const)(
  `on ${runs} random histories of a %s (seed ${seed})`,
  (model) => {
    test("serializability, of sessions and strict too, is what all orders say, and levels follow from stronger ones", () => {
      const counts = { holds: 0, violated: 0, withoutCycle: 0 };
      fc.assert(
        fc.property(randomTransactions(model), (history) => {
          const orders = {
            serializable: () => false,
            "strong-session-serializable": (a: Operation, b: Operation) => a.process === b.process && a.id < b.id,
            "strict-serializable": (a: Operation, b: Operation) => a.returned < b.invoked,
          };
          for (const [level, before] of Object.entries(orders) as [keyof typeof orders, () => boolean][]) {
            const judged = judgeTransactions(history, model, level);
            const expected = hasSerialOrder(history, before) ? "holds" : "violated";
            if (judged.kind !== expected) throw new Error(`${level}: ${judged.kind}`);
            counts[judged.kind] += 1;
            if (judged.anomalies.some(({ name }) => name.startsWith("no-serial-order"))) counts.withoutCycle += 1;
          }
          const { excluded } = judgeTransactions(history, model, "strict-serializable").isolation;
          for (const weak of excluded) {
            for (const strong of isolationNames) {
              if (implies(strong, weak) && !excluded.includes(strong))
                throw new Error(`${weak} is excluded, ${strong} is not`);
            }
          }
        }),
        { seed, numRuns: runs },
      );
      expect(counts.holds).toBeGreaterThan(3_000);
      expect(counts.violated).toBeGreaterThan(2_000);
      if (model === "rw-register") expect(counts.withoutCycle).toBeGreaterThan(0);
    });
  },
);
