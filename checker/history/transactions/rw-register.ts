import type { Anomaly, Dependency } from "./anomaly.js";
import type { Inference } from "./list-append.js";
import { type Transaction, unwritten } from "./transaction.js";
import { clientOf, type Writer, Writers } from "./writers.js";

/**
 * Infers dependencies and anomalies of transactions that write unique values to registers and read them. Of the order
 * of versions only this is known: null comes first, and a transaction's write comes after what it read of that register
 * ("Elle", 2020, section on registers); so fewer cycles are seen than with lists.
 */
export function inferFromRegisters(transactions: readonly Transaction[]): Inference {
  const writers = new Writers(transactions);
  const anomalies: Anomaly[] = [];
  const reads: ExternalRead[] = [];
  for (const transaction of transactions) {
    if (transaction.operation.outcome !== "ok") continue;
    const view = new Map<string, string>();
    transaction.steps.forEach((step, position) => {
      const { key, value } = step;
      if (value === null) return;
      const known = view.get(key);
      if (step.kind === "read" && known === undefined) reads.push({ transaction, key, value });
      if (step.kind === "read" && known !== undefined && known !== value) {
        const sentence = `${clientOf(transaction)} read ${value} from key ${key}, which by its own steps before it held ${known}.`;
        anomalies.push({ name: "internal", operations: [transaction.operation.id], sentences: [sentence] });
      }
      if (step.kind === "read") anomalies.push(...judgeSource(transaction, key, value, position, writers));
      view.set(key, value);
    });
  }
  anomalies.push(...lostUpdates(reads, writers));
  const successors = versionSuccessors(reads, writers);
  anomalies.push(...cyclicVersions(successors, writers));
  return { anomalies, dependencies: dependenciesOf(reads, successors, writers) };
}

/** What a transaction read of a register before it wrote it. */
interface ExternalRead {
  readonly transaction: Transaction;
  readonly key: string;
  readonly value: string;
}

function judgeSource(reader: Transaction, key: string, value: string, position: number, writers: Writers): Anomaly[] {
  if (value === unwritten) return [];
  const id = reader.operation.id;
  const read = `${clientOf(reader)} read ${value} from key ${key}`;
  const writer = writers.of(key, value);
  if (writer === undefined)
    return [{ name: "garbage-read", operations: [id], sentences: [`${read}, which nobody wrote.`] }];
  const operations = [id, writer.transaction.operation.id];
  const source = clientOf(writer.transaction);
  if (writer.transaction.operation.outcome === "fail") {
    return [{ name: "G1a", operations, sentences: [`${read}, written by ${source}, which aborted.`] }];
  }
  if (writer.transaction === reader) {
    if (writer.position < position) return [];
    return [{ name: "future-read", operations: [id], sentences: [`${read}, which it wrote only later.`] }];
  }
  if (writer.isLast) return [];
  return [{ name: "G1b", operations, sentences: [`${read}, in the middle of ${source}, which wrote it again.`] }];
}

function lostUpdates(reads: readonly ExternalRead[], writers: Writers): Anomaly[] {
  const updaters = new Map<string, Transaction>();
  return reads.flatMap(({ transaction, key, value }): Anomaly[] => {
    if (!writers.readsThenWrites(transaction, key)) return [];
    const version = `${key}=${value}`;
    const other = updaters.get(version);
    if (other === undefined) updaters.set(version, transaction);
    if (other === undefined || other === transaction) return [];
    const sentence = `${clientOf(other)} and ${clientOf(transaction)} both read ${value} from key ${key} and wrote it.`;
    return [{ name: "lost-update", operations: [other.operation.id, transaction.operation.id], sentences: [sentence] }];
  });
}

/** For each key, the writes that are known to come after a version: of `unwritten`, all that surely took effect. */
function versionSuccessors(reads: readonly ExternalRead[], writers: Writers): ReadonlyMap<string, readonly Writer[]> {
  const successors = new Map<string, Writer[]>();
  const seen = new Set(reads.map(({ key, value }) => `${key}=${value}`));
  for (const key of writers.keys()) {
    successors.set(`${key}=${unwritten}`, [...writers.effective(key, (value) => seen.has(`${key}=${value}`))]);
  }
  for (const { transaction, key, value } of reads) {
    const isOwn = writers.of(key, value)?.transaction === transaction;
    if (value === unwritten || isOwn || !writers.readsThenWrites(transaction, key)) continue;
    const own = writers.committedOf(key).filter((writer) => writer.transaction === transaction);
    const name = `${key}=${value}`;
    successors.set(name, [...(successors.get(name) ?? []), ...own]);
  }
  return successors;
}

function cyclicVersions(successors: ReadonlyMap<string, readonly Writer[]>, writers: Writers): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const done = new Set<string>();
  for (const key of writers.keys()) {
    for (const start of writers.committedOf(key)) {
      const path: Writer[] = [];
      let at: Writer | undefined = start;
      while (at !== undefined && !path.includes(at) && !done.has(`${key}=${at.value}`)) {
        path.push(at);
        at = successors.get(`${key}=${at.value}`)?.[0];
      }
      for (const { value } of path) done.add(`${key}=${value}`);
      const cycle = at === undefined ? [] : path.slice(path.indexOf(at));
      if (at === undefined || !path.includes(at)) continue;
      const values = [...cycle, at].map(({ value }) => value).join(" before ");
      const sentences = [`By what transactions read and then wrote, key ${key} held ${values}.`];
      anomalies.push({ name: "cyclic-versions", operations: cycle.map((w) => w.transaction.operation.id), sentences });
    }
  }
  return anomalies;
}

function dependenciesOf(
  reads: readonly ExternalRead[],
  successors: ReadonlyMap<string, readonly Writer[]>,
  writers: Writers,
): readonly Dependency[] {
  const dependencies: Dependency[] = [];
  const add = (kind: Dependency["kind"], from: Transaction, to: Transaction, because: string): void => {
    if (from !== to) dependencies.push({ kind, from: from.operation.id, to: to.operation.id, because });
  };
  for (const { transaction, key, value } of reads) {
    const source = writers.of(key, value)?.transaction;
    if (source !== undefined && source.operation.outcome !== "fail") {
      add("wr", source, transaction, `{to} read from key ${key} the ${value} that {from} wrote`);
    }
    for (const next of successors.get(`${key}=${value}`) ?? []) {
      add(
        "rw",
        transaction,
        next.transaction,
        `{from} read ${value} from key ${key}, which {to} overwrote with ${next.value}`,
      );
      if (source !== undefined && source.operation.outcome !== "fail") {
        add(
          "ww",
          source,
          next.transaction,
          `{to} overwrote with ${next.value} the ${value} that {from} had written to key ${key}`,
        );
      }
    }
  }
  return dependencies;
}
