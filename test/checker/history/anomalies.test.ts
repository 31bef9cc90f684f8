import { describe, expect, test } from "vitest";
import type { AnomalyName } from "../../../checker/history/transactions/anomaly.js";
import type { IsolationName } from "../../../checker/history/transactions/isolation.js";
import { judgeTransactions } from "../../../checker/history/transactions/judge-transactions.js";
import type { TransactionModel } from "../../../checker/history/transactions/transaction.js";
import { type History, type HistoryEvent, historyOf } from "../../../checker/history/operation.js";

/**
 * One transaction of a process: `0: ax1 rx[1]` appends 1 to x and reads x as [1], `wx1` writes, `rx` reads null. A `!`
 * at the end aborts it, a `?` leaves it unknown. In a list all are concurrent; `|` separates what comes later in time.
 */
function historyFrom(text: string): History {
  const events: HistoryEvent[] = [];
  for (const stage of text.split("|")) {
    const transactions = stage.split(",").map((part) => {
      const [process = "", steps = ""] = part.trim().split(":");
      const type = steps.endsWith("!") ? "fail" : steps.endsWith("?") ? "info" : "ok";
      return {
        process,
        f: "txn",
        key: null,
        value: steps.replace(/[!?]/g, "").trim().split(" ").map(stepFrom),
        type,
      } as const;
    });
    for (const transaction of transactions) events.push({ ...transaction, type: "invoke" });
    events.push(...transactions);
  }
  return historyOf(events);
}

function stepFrom(text: string): readonly unknown[] {
  const f = { a: "append", w: "w", r: "r" }[text.charAt(0)];
  const rest = text.slice(2);
  const value = rest === "" ? null : rest.startsWith("[") ? [...rest.replace(/\D/g, "")].map(Number) : Number(rest);
  return [f, text.charAt(1), value];
}

interface Example {
  readonly name: AnomalyName;
  readonly model: TransactionModel;
  readonly text: string;
  /** All anomalies that the history has. */
  readonly all: readonly AnomalyName[];
  /** The weakest levels that it excludes. */
  readonly not: readonly IsolationName[];
}

/** The smallest histories that we know of; the definitions are Adya's, and those of the paper on Elle. */
const examples: readonly Example[] = [
  // Two transactions append to x and y, and the lists show opposite orders.
  {
    name: "G0",
    model: "list-append",
    text: "0: ax1 ay1, 1: ax2 ay2 | 2: rx[12] ry[21]",
    all: ["G0"],
    not: ["read-uncommitted"],
  },
  { name: "G1a", model: "list-append", text: "0: ax1! | 1: rx[1]", all: ["G1a"], not: ["read-committed"] },
  { name: "G1a", model: "rw-register", text: "0: wx1! | 1: rx1", all: ["G1a"], not: ["read-committed"] },
  {
    name: "G1b",
    model: "list-append",
    text: "0: ax1 ax2, 1: rx[1]",
    all: ["G1b", "G-single"],
    not: ["read-committed"],
  },
  { name: "G1b", model: "rw-register", text: "0: wx1 wx2, 1: rx1", all: ["G1b"], not: ["read-committed"] },
  // Each reads what the other wrote.
  { name: "G1c", model: "list-append", text: "0: ax1 ry[1], 1: ay1 rx[1]", all: ["G1c"], not: ["read-committed"] },
  { name: "G1c", model: "rw-register", text: "0: wx1 ry1, 1: wy1 rx1", all: ["G1c"], not: ["read-committed"] },
  // Read skew: the new y and the old x of one transaction.
  {
    name: "G-single",
    model: "list-append",
    text: "0: ax1 ay1, 1: rx[] ry[1]",
    all: ["G-single"],
    not: ["consistent-view", "repeatable-read"],
  },
  {
    name: "G-single",
    model: "rw-register",
    text: "0: wx1 wy1, 1: rx ry1",
    all: ["G-single"],
    not: ["consistent-view", "repeatable-read"],
  },
  // Long fork: two readers see two independent writes in opposite orders.
  {
    name: "G-nonadjacent",
    model: "list-append",
    text: "0: ax1, 1: ay1, 2: rx[1] ry[], 3: rx[] ry[1]",
    all: ["G-nonadjacent"],
    not: ["repeatable-read", "snapshot-isolation"],
  },
  {
    name: "G-nonadjacent",
    model: "rw-register",
    text: "0: wx1, 1: wy1, 2: rx1 ry, 3: rx ry1",
    all: ["G-nonadjacent"],
    not: ["repeatable-read", "snapshot-isolation"],
  },
  // Write skew: each reads what the other is about to write.
  {
    name: "G2-item",
    model: "list-append",
    text: "0: ax1 ry[], 1: ay1 rx[]",
    all: ["G2-item"],
    not: ["repeatable-read"],
  },
  { name: "G2-item", model: "rw-register", text: "0: wx1 ry, 1: wy1 rx", all: ["G2-item"], not: ["repeatable-read"] },
  {
    name: "lost-update",
    model: "list-append",
    text: "0: rx[] ax1, 1: rx[] ax2",
    all: ["G2-item", "lost-update"],
    not: ["cursor-stability", "update-atomic"],
  },
  {
    name: "lost-update",
    model: "rw-register",
    text: "0: rx wx1, 1: rx wx2",
    all: ["G2-item", "lost-update"],
    not: ["cursor-stability", "update-atomic"],
  },
  { name: "internal", model: "list-append", text: "0: ax1 rx[]", all: ["internal"], not: ["read-atomic"] },
  { name: "internal", model: "rw-register", text: "0: rx wx1 rx", all: ["internal"], not: ["read-atomic"] },
  { name: "future-read", model: "list-append", text: "0: rx[1] ax1", all: ["future-read"], not: ["read-committed"] },
  { name: "future-read", model: "rw-register", text: "0: rx1 wx1", all: ["future-read"], not: ["read-committed"] },
  { name: "garbage-read", model: "list-append", text: "0: rx[7]", all: ["garbage-read"], not: ["read-committed"] },
  { name: "garbage-read", model: "rw-register", text: "0: rx7", all: ["garbage-read"], not: ["read-committed"] },
  {
    name: "duplicate-elements",
    model: "list-append",
    text: "0: ax1 | 1: rx[11]",
    all: ["duplicate-elements"],
    not: ["read-uncommitted"],
  },
  {
    name: "incompatible-order",
    model: "list-append",
    text: "0: ax1, 1: ax2, 2: rx[1], 3: rx[2]",
    all: ["incompatible-order"],
    not: ["read-committed"],
  },
  {
    name: "dirty-update",
    model: "list-append",
    text: "0: ax1!, 1: ax2 | 2: rx[12]",
    all: ["G1a", "dirty-update"],
    not: ["read-committed"],
  },
  {
    name: "cyclic-versions",
    model: "rw-register",
    text: "0: rx2 wx1, 1: rx1 wx2",
    all: ["G0", "G1c", "cyclic-versions"],
    not: ["read-uncommitted"],
  },
  // A process, or real time, closes the cycle.
  {
    name: "G0-process",
    model: "list-append",
    text: "0: ax1 | 0: ax2 | 1: rx[21]",
    all: ["G0-process"],
    not: ["strong-session-read-uncommitted"],
  },
  {
    name: "G0-realtime",
    model: "list-append",
    text: "0: ax1 | 1: ax2 | 2: rx[21]",
    all: ["G0-realtime"],
    not: ["strong-read-uncommitted"],
  },
  {
    name: "G1c-process",
    model: "rw-register",
    text: "0: rx1 | 0: wx1",
    all: ["G1c-process"],
    not: ["strong-session-read-committed"],
  },
  {
    name: "G1c-realtime",
    model: "rw-register",
    text: "0: rx1 | 1: wx1",
    all: ["G1c-realtime"],
    not: ["strong-read-committed"],
  },
  {
    name: "G-single-process",
    model: "rw-register",
    text: "0: wx1 | 0: rx",
    all: ["G-single-process"],
    not: ["strong-session-snapshot-isolation"],
  },
  {
    name: "G-single-realtime",
    model: "rw-register",
    text: "0: wx1 | 1: rx",
    all: ["G-single-realtime"],
    not: ["strong-snapshot-isolation"],
  },
];

describe("the smallest example of each anomaly", () => {
  test.each(examples)("$name of a $model: $text", ({ name, model, text, all, not }) => {
    const judged = judgeTransactions(historyFrom(text), model, "strict-serializable");

    expect(judged.kind).toBe("violated");
    expect(judged.anomalies.map((anomaly) => anomaly.name)).toEqual(expect.arrayContaining([name]));
    expect(new Set(judged.anomalies.map((anomaly) => anomaly.name))).toEqual(new Set(all));
    expect(judged.isolation.weakestExcluded).toEqual(not);
  });
});
