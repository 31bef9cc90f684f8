import { bruteForce } from "../checker/provenance/brute-force.js";
import { explainOutput, type Provenance } from "../checker/provenance/explain-output.js";
import type { Machine } from "../checker/provenance/machine.js";
import { applyRedis } from "../nodes/redis.js";
import type { RedisCommand } from "../nodes/redis/request.js";
import { emptyRedis, type RedisState } from "../nodes/redis/state.js";
import { random } from "./generator.js";
import { counter, type CounterInput } from "./machines/counter.js";
import { type Formula, type FormulaInput, liftedFormulas } from "./machines/formula.js";
import { hashChain, type HashChainInput } from "./machines/hash-chain.js";
import { relations, type RelationsInput } from "./machines/relations.js";
import { median, table } from "./table.js";

const rounds = 5;
const bruteLength = 20;

/** A machine, and a random trace with a question of any length. */
interface Row {
  readonly name: string;
  readonly length: number;
  readonly target: string;
  explain(length: number): Provenance<unknown>;
  brute(length: number): number;
}

function row<State, Input, Output>(
  name: string,
  length: number,
  target: string,
  machine: Machine<State, Input, Output>,
  make: (length: number) => readonly [readonly Input[], Input],
): Row {
  return {
    name,
    length,
    target,
    explain: (n) => explainOutput(machine, ...make(n)),
    brute: (n) => bruteForce(machine, ...make(n), { lengthMax: bruteLength }).witnesses.length,
  };
}

const redis: Machine<RedisState, RedisCommand, unknown> = {
  initial: emptyRedis,
  step: (state, input) => {
    const [after, output] = applyRedis(state, input);
    return { state: after, output };
  },
};

function redisTrace(keyCount: (length: number) => number): (length: number) => readonly [RedisCommand[], RedisCommand] {
  return (length) => {
    const below = random(7);
    const keys = Math.max(1, keyCount(length));
    const trace = Array.from({ length }, (): RedisCommand => {
      const key = `k${below(keys)}`;
      const kinds: readonly RedisCommand[] = [
        { kind: "set", key, value: String(below(10)) },
        { kind: "incr", key },
        { kind: "decr", key },
        { kind: "incrby", key, by: below(5) },
        { kind: "del", keys: [key] },
      ];
      return kinds[below(kinds.length)] ?? { kind: "incr", key };
    });
    return [trace, { kind: "get", key: "k0" }];
  };
}

function pairs(length: number): readonly [FormulaInput[], FormulaInput] {
  const below = random(11);
  const count = Math.max(1, Math.floor(length / 4));
  const terms = Array.from({ length: count }, (_, i): Formula => ({ and: [`a${i}`, `b${i}`] }));
  const trace = Array.from({ length }, (): FormulaInput => {
    const name = `${below(2) === 0 ? "a" : "b"}${below(count)}`;
    return { kind: below(4) === 0 ? "clear" : "set", name };
  });
  return [trace, { kind: "eval", formula: { or: terms } }];
}

function difference(length: number): readonly [RelationsInput[], RelationsInput] {
  const below = random(13);
  const count = Math.max(1, Math.floor(length / 8));
  const trace = Array.from({ length }, (): RelationsInput => {
    const tuple = {
      relation: below(2) === 0 ? "R" : "S",
      values: [String(below(count))],
    };
    return { kind: below(4) === 0 ? "delete" : "insert", tuple };
  });
  return [trace, { kind: "difference", left: "R", right: "S" }];
}

const increments = (length: number): readonly [CounterInput[], CounterInput] => [
  Array.from({ length }, () => ({ kind: "add", by: 1 })),
  { kind: "at-least", threshold: Math.floor(length / 8) },
];

const mixing = (length: number): readonly [HashChainInput[], HashChainInput] => {
  const below = random(17);
  return [Array.from({ length }, () => ({ kind: "mix", value: below(1_000_000) })), { kind: "read" }];
};

const rows: readonly Row[] = [
  row(
    "redis, 200 keys, get",
    2000,
    "0.1 s",
    redis,
    redisTrace((length) => Math.floor(length / 10)),
  ),
  row(
    "redis, 3 keys, get",
    2000,
    "1 s",
    redis,
    redisTrace(() => 3),
  ),
  row("counter, x >= n/8", 500, "3 s", counter, increments),
  row("relational R - S, n/8 tuples", 500, "3 s", relations, difference),
  row("formula, n/4 pairs", 1000, "3 s", liftedFormulas, pairs),
  row("hash chain, full output", 2000, "10 s", hashChain, mixing),
];

/**
 * Explanations with all their witnesses, in CPU seconds (median), beside running all 2^20 subtraces of the same machine
 * with 20 inputs.
 */
export async function bench(): Promise<void> {
  const lines = rows.map((each) => {
    const explained = timed(rounds, () => each.explain(each.length));
    const small = timed(rounds, () => each.explain(bruteLength));
    const brute = timed(1, () => each.brute(bruteLength));
    const answer = explained.result;
    if (small.result.status === "exact" && small.result.witnesses.count !== BigInt(brute.result)) {
      throw new Error(
        `${each.name}: ${small.result.witnesses.count} witnesses, but brute force finds ${brute.result}.`,
      );
    }
    const count = answer.status === "exact" ? shortened(answer.witnesses.count) : "-";
    return [
      each.name,
      String(each.length),
      seconds(explained.cpu),
      each.target,
      answer.status,
      count,
      String(answer.nodes),
      seconds(small.cpu),
      seconds(brute.cpu),
    ];
  });
  table(["machine and question", "n", "CPU s", "goal", "status", "|Wat|", "nodes", "n=20", "brute n=20"], lines);
}

function timed<T>(times: number, work: () => T): { readonly result: T; readonly cpu: number } {
  const measured: number[] = [];
  let result = work();
  for (let i = 0; i < times; i += 1) {
    const before = process.cpuUsage();
    result = work();
    const { user, system } = process.cpuUsage(before);
    measured.push((user + system) / 1e6);
  }
  return { result, cpu: median(measured) };
}

function seconds(value: number): string {
  return value.toFixed(4);
}

function shortened(count: bigint): string {
  const digits = String(count);
  return digits.length < 10 ? digits : `${digits[0]}.${digits.slice(1, 3)}e${digits.length - 1}`;
}
