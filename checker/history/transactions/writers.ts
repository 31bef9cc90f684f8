import type { Transaction } from "./transaction.js";

/** Who wrote a value, with which of its steps, and whether it was its last write to that key. */
export interface Writer {
  readonly transaction: Transaction;
  readonly value: string;
  readonly position: number;
  readonly isLast: boolean;
}

/** The writes of a history by key and value; every value is written to a key at most once. */
export class Writers {
  readonly #byKey = new Map<string, Map<string, Writer>>();

  constructor(transactions: readonly Transaction[]) {
    for (const transaction of transactions) {
      const last = new Map<string, number>();
      transaction.steps.forEach((step, i) => {
        if (step.kind === "write") last.set(step.key, i);
      });
      transaction.steps.forEach((step, position) => {
        const ofKey = this.#byKey.get(step.key) ?? new Map<string, Writer>();
        this.#byKey.set(step.key, ofKey);
        if (step.kind !== "write" || step.value === null) return;
        ofKey.set(step.value, { transaction, value: step.value, position, isLast: last.get(step.key) === position });
      });
    }
  }

  /** Every key that was read or written. */
  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  of(key: string, value: string): Writer | undefined {
    return this.#byKey.get(key)?.get(value);
  }

  /** The last writes to a key of the transactions that surely took effect. */
  committedOf(key: string): readonly Writer[] {
    return [...(this.#byKey.get(key)?.values() ?? [])].filter(
      ({ transaction, isLast }) => transaction.operation.outcome === "ok" && isLast,
    );
  }

  /** The last writes to a key that took effect: of transactions that committed, or of whose write something is known. */
  effective(key: string, wasRead: (value: string) => boolean): readonly Writer[] {
    return [...(this.#byKey.get(key)?.values() ?? [])].filter(({ transaction, value, isLast }) => {
      const { outcome } = transaction.operation;
      return isLast && (outcome === "ok" || (outcome === "info" && wasRead(value)));
    });
  }

  /** Whether a committed transaction reads the key and writes it after. */
  readsThenWrites(transaction: Transaction, key: string): boolean {
    const first = transaction.steps.findIndex((step) => step.key === key);
    return (
      transaction.operation.outcome === "ok" &&
      transaction.steps[first]?.kind === "read" &&
      transaction.steps.some((step, i) => i > first && step.kind === "write" && step.key === key)
    );
  }
}

/** A transaction by the name of its client and its line. */
export function clientOf(transaction: Transaction): string {
  const { process, place } = transaction.operation;
  return `the transaction of process ${process}${place === undefined ? "" : ` (line ${place.line})`}`;
}
