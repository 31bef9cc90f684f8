import { performance } from "node:perf_hooks";
import { readFileSync } from "node:fs";
import { readHistory } from "../checker/history/formats/read-history.js";
import { linearizable } from "../checker/history/linearizable.js";
import { modelOf, type ModelName } from "../checker/history/models/models.js";
import { type History, type HistoryEvent, historyOf, type Request } from "../checker/history/operation.js";
import { type Random, stream } from "../sim/random.js";
import { median, table } from "./table.js";

const secondsMax = 60;
const operationCounts = [1_000, 10_000];
const concurrencies = [5, 10, 20];
const models: readonly ModelName[] = ["register", "cas-register", "key-value", "queue", "set"];

/**
 * Linearizability of generated histories in operations per second, and how long the longest is that ends within a
 * minute: on registers of 5 values, a key-value store of one key, a queue and a set of 10 members, where all processes
 * are busy all the time. Then the recorded histories.
 */
export async function bench(): Promise<void> {
  const rows: string[][] = [];
  for (const model of models) {
    for (const concurrency of concurrencies) {
      const cells = operationCounts.map((count) => rate(model, count, concurrency));
      rows.push([model, String(concurrency), ...cells, largest(model, concurrency)]);
    }
  }
  table(["model", "concurrency", "1,000: op/s", "10,000: op/s", `largest in ${secondsMax} s`], rows);
  table(
    ["recorded", "reading ms", "judging ms"],
    [recorded("etcd, 12 files", "cas-register", true), ...keyValueRows()],
  );
  await Promise.resolve();
}

/** The median of three histories; of none if one of them took too long. */
function rate(model: ModelName, count: number, concurrency: number): string {
  const seconds: number[] = [];
  for (const seed of [1, 2, 3]) {
    const taken = judge(generate(model, count, concurrency, seed), model);
    if (taken === null) return `> ${secondsMax} s`;
    seconds.push(taken);
  }
  return Math.round(count / median(seconds)).toLocaleString("en");
}

/** Doubles the length until a history takes more than the limit, or has 640,000 operations. */
function largest(model: ModelName, concurrency: number): string {
  let best = 0;
  for (let count = 1_250; count <= 640_000; count *= 2) {
    if (judge(generate(model, count, concurrency, 1), model) === null) return best.toLocaleString("en");
    best = count;
  }
  return `>= ${best.toLocaleString("en")}`;
}

/** Seconds, or null when it took too long. */
function judge(history: History, model: ModelName): number | null {
  const started = performance.now();
  const shouldStop = (): boolean => performance.now() - started > secondsMax * 1000;
  const { kind } = linearizable(history, modelOf(model), { shouldStop });
  if (kind === "violated") throw new Error(`A generated history of a ${model} is not linearizable.`);
  return kind === "unknown" ? null : (performance.now() - started) / 1000;
}

/** A history of one object whose operations take effect at a random moment between invocation and return. */
function generate(model: ModelName, count: number, concurrency: number, seed: number): History {
  const random = stream(seed, `history of a ${model}`);
  const specification = modelOf(model);
  const events: HistoryEvent[] = [];
  const pending = new Map<number, { readonly request: Request; readonly output?: unknown; readonly isDone: boolean }>();
  let state = specification.initial;
  let invoked = 0;
  while (invoked < count || pending.size > 0) {
    const process = random.between(0, concurrency - 1);
    const open = pending.get(process);
    if (open === undefined) {
      if (invoked === count) continue;
      const request = { process: String(process), key: null, ...ask(model, random, invoked) };
      invoked += 1;
      pending.set(process, { request, isDone: false });
      events.push({ ...request, type: "invoke" });
    } else if (!open.isDone) {
      const applied = specification.apply(state as never, open.request);
      if (typeof applied === "string") continue;
      state = applied.state;
      pending.set(process, { request: open.request, output: applied.output ?? null, isDone: true });
    } else {
      pending.delete(process);
      events.push({ ...open.request, value: open.output, type: "ok" });
    }
  }
  return historyOf(events);
}

function ask(model: ModelName, random: Random, index: number): { readonly f: string; readonly value: unknown } {
  const read = random.between(0, 1) === 0;
  switch (model) {
    case "cas-register":
      if (random.between(0, 2) === 0) return { f: "cas", value: [random.between(0, 4), random.between(0, 4)] };
      return read ? { f: "read", value: null } : { f: "write", value: random.between(0, 4) };
    case "key-value":
      return read ? { f: "get", value: null } : { f: "put", value: random.between(0, 4) };
    case "queue":
      return read ? { f: "dequeue", value: null } : { f: "enqueue", value: index };
    case "set":
      if (read) return { f: "read", value: null };
      return { f: random.between(0, 1) === 0 ? "add" : "remove", value: random.between(0, 9) };
    default:
      return read ? { f: "read", value: null } : { f: "write", value: random.between(0, 4) };
  }
}

function keyValueRows(): string[][] {
  return ["c10-ok", "c10-bad"].flatMap((name) => [
    recorded(`kv/${name}.txt`, "key-value", true),
    recorded(`kv/${name}.txt`, "key-value", false),
  ]);
}

/** The median of seven judgements in a warm process. */
function recorded(name: string, model: ModelName, partition: boolean): string[] {
  const numbers = ["000", "001", "002", "005", "007", "010", "018", "025", "031", "040", "050", "060"];
  const files = name.startsWith("kv/") ? [name] : numbers.map((number) => `etcd/etcd_${number}.log`);
  const texts = files.map((file) => readFileSync(`test/data/histories/${file}`, "utf8"));
  const runs = [1, 2, 3, 4, 5, 6, 7].map(() => {
    const started = performance.now();
    const histories = texts.map((text) => readHistory(text));
    const read = performance.now();
    for (const history of histories) linearizable(history, modelOf(model), { partition });
    return { reading: read - started, judging: performance.now() - read };
  });
  const figures = [median(runs.map(({ reading }) => reading)), median(runs.map(({ judging }) => judging))];
  return [`${name}${partition ? "" : " --no-partition"}`, ...figures.map((figure) => figure.toFixed(1))];
}
