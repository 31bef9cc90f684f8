import type { Anomaly, Dependency } from "./anomaly.js";
import type { MicroOperation, Transaction } from "./transaction.js";
import { clientOf, type Writer, Writers } from "./writers.js";

/** What was inferred from a history: anomalies that need no cycle, and the dependencies in which to look for cycles. */
export interface Inference {
  readonly anomalies: readonly Anomaly[];
  readonly dependencies: readonly Dependency[];
}

/**
 * Infers dependencies and anomalies of transactions that append unique values to lists and read whole lists: the
 * longest list that was read of a key is the order of its versions (Kingsbury and Alvaro, "Elle", 2020). What was
 * surely appended and never read comes after it. Linear in the size of the history, apart from repeated reads.
 */
export function inferFromLists(transactions: readonly Transaction[]): Inference {
  const writers = new Writers(transactions);
  const anomalies: Anomaly[] = [];
  for (const transaction of transactions) {
    if (transaction.operation.outcome === "ok") anomalies.push(...judgeReads(transaction, writers));
  }
  const reads = externalReads(transactions);
  const versions = new Map<string, readonly string[]>();
  for (const [key, ofKey] of reads) {
    const { longest, incompatible } = versionOrder(key, ofKey);
    versions.set(key, longest);
    anomalies.push(...incompatible, ...dirtyUpdates(key, longest, writers));
  }
  anomalies.push(...lostUpdates(reads, writers));
  return { anomalies, dependencies: dependenciesOf(reads, versions, writers) };
}

/** A list that a transaction read of a key before it appended to it, or with its own appends taken off the end. */
interface ExternalRead {
  readonly transaction: Transaction;
  readonly list: readonly string[];
}

function externalReads(transactions: readonly Transaction[]): ReadonlyMap<string, readonly ExternalRead[]> {
  const reads = new Map<string, ExternalRead[]>();
  for (const transaction of transactions) {
    const own = new Map<string, number>();
    for (const step of transaction.steps) {
      if (step.kind === "write") own.set(step.key, (own.get(step.key) ?? 0) + 1);
      else if (step.list !== undefined) {
        const list = step.list.slice(0, Math.max(0, step.list.length - (own.get(step.key) ?? 0)));
        const ofKey = reads.get(step.key) ?? [];
        reads.set(step.key, ofKey);
        ofKey.push({ transaction, list });
      }
    }
  }
  return reads;
}

function judgeReads(transaction: Transaction, writers: Writers): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const view = new Map<string, { readonly base: readonly string[] | null; readonly own: readonly string[] }>();
  const id = transaction.operation.id;
  const who = clientOf(transaction);
  for (const [position, step] of transaction.steps.entries()) {
    const known = view.get(step.key) ?? { base: null, own: [] };
    if (step.kind === "write") {
      view.set(step.key, { ...known, own: [...known.own, step.value ?? ""] });
      continue;
    }
    const list = step.list ?? [];
    const wanted = known.base === null ? known.own : [...known.base, ...known.own];
    const tail = known.base === null ? list.slice(Math.max(0, list.length - known.own.length)) : list;
    if (!same(tail, wanted)) {
      const sentence = `${who} read key ${step.key} as ${show(list)}, but by its own steps before it should end with ${show(wanted)}.`;
      anomalies.push({ name: "internal", operations: [id], sentences: [sentence] });
    }
    view.set(step.key, { base: list.slice(0, Math.max(0, list.length - known.own.length)), own: known.own });
    anomalies.push(...judgeElements(transaction, step, position, writers));
  }
  return anomalies;
}

function judgeElements(reader: Transaction, step: MicroOperation, position: number, writers: Writers): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const list = step.list ?? [];
  const id = reader.operation.id;
  const read = `${clientOf(reader)} read key ${step.key} as ${show(list)}`;
  const repeated = list.find((element, i) => list.indexOf(element) < i);
  if (repeated !== undefined) {
    anomalies.push({ name: "duplicate-elements", operations: [id], sentences: [`${read}, with ${repeated} twice.`] });
  }
  for (const element of list) {
    const writer = writers.of(step.key, element);
    if (writer === undefined) {
      anomalies.push({
        name: "garbage-read",
        operations: [id],
        sentences: [`${read}, and nobody appended ${element}.`],
      });
    } else if (writer.transaction.operation.outcome === "fail") {
      const sentence = `${read}, and ${element} was appended by ${clientOf(writer.transaction)}, which aborted.`;
      anomalies.push({ name: "G1a", operations: [id, writer.transaction.operation.id], sentences: [sentence] });
    } else if (writer.transaction === reader && writer.position > position) {
      const sentence = `${read}, and it appended ${element} only later.`;
      anomalies.push({ name: "future-read", operations: [id], sentences: [sentence] });
    }
  }
  const last = list.at(-1);
  const writer = last === undefined ? undefined : writers.of(step.key, last);
  if (writer !== undefined && !writer.isLast && writer.transaction !== reader) {
    const sentence = `${read}, in the middle of ${clientOf(writer.transaction)}, which appended more to it.`;
    anomalies.push({ name: "G1b", operations: [id, writer.transaction.operation.id], sentences: [sentence] });
  }
  return anomalies;
}

function versionOrder(key: string, reads: readonly ExternalRead[]) {
  let longest: ExternalRead | undefined;
  for (const read of reads) if (longest === undefined || read.list.length > longest.list.length) longest = read;
  const order = longest?.list ?? [];
  const incompatible: Anomaly[] = [];
  const odd = reads.find(({ list }) => list.some((element, i) => order[i] !== element));
  if (odd !== undefined && longest !== undefined) {
    const sentence =
      `${clientOf(odd.transaction)} read key ${key} as ${show(odd.list)} and ${clientOf(longest.transaction)} as ` +
      `${show(order)}: neither is the beginning of the other.`;
    const operations = [odd.transaction.operation.id, longest.transaction.operation.id];
    incompatible.push({ name: "incompatible-order", operations, sentences: [sentence] });
  }
  return { longest: order, incompatible };
}

function dirtyUpdates(key: string, versions: readonly string[], writers: Writers): Anomaly[] {
  const outcome = (element: string) => writers.of(key, element)?.transaction.operation.outcome;
  const aborted = versions.findIndex((element) => outcome(element) === "fail");
  const after = versions.findIndex((element, i) => aborted >= 0 && i > aborted && outcome(element) === "ok");
  const [first, second] = [writers.of(key, versions[aborted] ?? ""), writers.of(key, versions[after] ?? "")];
  if (after < 0 || first === undefined || second === undefined) return [];
  const sentence =
    `${clientOf(second.transaction)} committed ${versions[after]} on key ${key} on top of ${versions[aborted]}, which ` +
    `${clientOf(first.transaction)} appended before it aborted.`;
  const operations = [first.transaction.operation.id, second.transaction.operation.id];
  return [{ name: "dirty-update", operations, sentences: [sentence] }];
}

/** Two committed transactions that read the same version of a list and then both appended to it. */
function lostUpdates(reads: ReadonlyMap<string, readonly ExternalRead[]>, writers: Writers): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const [key, ofKey] of reads) {
    const updaters = new Map<string, Transaction>();
    for (const { transaction, list } of ofKey) {
      if (!writers.readsThenWrites(transaction, key)) continue;
      const version = list.join("\n");
      const other = updaters.get(version);
      if (other === undefined) updaters.set(version, transaction);
      else if (other !== transaction) {
        const sentence = `${clientOf(other)} and ${clientOf(transaction)} both read key ${key} as ${show(list)} and appended to it.`;
        const operations = [other.operation.id, transaction.operation.id];
        anomalies.push({ name: "lost-update", operations, sentences: [sentence] });
      }
    }
  }
  return anomalies;
}

function dependenciesOf(
  reads: ReadonlyMap<string, readonly ExternalRead[]>,
  versions: ReadonlyMap<string, readonly string[]>,
  writers: Writers,
): readonly Dependency[] {
  const dependencies: Dependency[] = [];
  const add = (kind: Dependency["kind"], from: Transaction, to: Transaction, because: string): void => {
    if (from !== to) dependencies.push({ kind, from: from.operation.id, to: to.operation.id, because });
  };
  for (const key of writers.keys()) {
    const order = versions.get(key) ?? [];
    const chain = order.flatMap((element, index) => {
      const writer = writers.of(key, element);
      return writer === undefined || writer.transaction.operation.outcome === "fail" ? [] : [{ ...writer, index }];
    });
    const seen = new Set(order);
    const later = writers.committedOf(key).filter(({ value }) => !seen.has(value));
    const last = chain.at(-1);
    for (const [i, to] of chain.entries()) {
      const from = chain[i - 1];
      if (from !== undefined) add("ww", from.transaction, to.transaction, overwrites(key, from.value, to.value));
    }
    for (const to of last === undefined ? [] : later) {
      add("ww", (last as Writer).transaction, to.transaction, overwrites(key, last?.value ?? "", to.value));
    }
    const firstFrom = firstAtOrAfter(chain, order.length);
    for (const { transaction, list } of reads.get(key) ?? []) {
      const element = list.at(-1);
      const source = element === undefined ? undefined : writers.of(key, element)?.transaction;
      if (source !== undefined && source.operation.outcome !== "fail") {
        add("wr", source, transaction, `{to} read from key ${key} the ${element} that {from} appended`);
      }
      if (list.some((read, i) => read !== order[i])) continue;
      const next = firstFrom[list.length];
      for (const to of next === undefined ? later : [next]) {
        add(
          "rw",
          transaction,
          to.transaction,
          `{from} read key ${key} as ${show(list)}, without the ${to.value} that {to} appended`,
        );
      }
    }
  }
  return dependencies;
}

function overwrites(key: string, earlier: string, later: string): string {
  return `{to} appended ${later} to key ${key} after {from} had appended ${earlier}`;
}

/** For each length of a list, the first of the versions beyond it. */
function firstAtOrAfter<T extends { readonly index: number }>(
  chain: readonly T[],
  length: number,
): readonly (T | undefined)[] {
  const first = new Array<T | undefined>(length + 1);
  let next = chain.length - 1;
  for (let at = length; at >= 0; at -= 1) {
    while (next >= 0 && (chain[next]?.index ?? 0) >= at) next -= 1;
    first[at] = chain[next + 1];
  }
  return first;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i]);
}

function show(list: readonly string[]): string {
  return `[${list.join(" ")}]`;
}
