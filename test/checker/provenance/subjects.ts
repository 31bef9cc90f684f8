import type { Machine } from "../../../checker/provenance/machine.js";
import { counter, type CounterInput } from "../../../bench/machines/counter.js";
import { type Formula, type FormulaInput, formulas, liftedFormulas } from "../../../bench/machines/formula.js";
import { hashChain, type HashChainInput } from "../../../bench/machines/hash-chain.js";
import { keyValue, type KeyValueInput } from "../../../bench/machines/key-value.js";
import { relations, type RelationsInput } from "../../../bench/machines/relations.js";
import { applyRedis } from "../../../nodes/redis.js";
import type { RedisCommand } from "../../../nodes/redis/request.js";
import { emptyRedis } from "../../../nodes/redis/state.js";
import type { Draw } from "./random.js";

/** A machine with random inputs and random questions, for the comparison of engines with brute force. */
export interface Subject<State, Input, Output> {
  readonly name: string;
  readonly machine: Machine<State, Input, Output>;
  readonly input: (draw: Draw) => Input;
  readonly question: (draw: Draw) => Input;
}

type AnySubject = Subject<unknown, unknown, unknown>;

function subject<State, Input, Output>(given: Subject<State, Input, Output>): AnySubject {
  return given as unknown as AnySubject;
}

const keys = ["x", "y", "z"] as const;

function keyValueInput(draw: Draw): KeyValueInput {
  return draw.pick<KeyValueInput>([
    { kind: "set", key: draw.pick(keys), value: draw.below(3) },
    { kind: "add", key: draw.pick(keys), by: draw.below(3) - 1 },
    { kind: "add", key: draw.pick(keys), by: 1 },
  ]);
}

function formula(draw: Draw, depth: number): Formula {
  const kind = depth === 0 ? 0 : draw.below(4);
  if (kind === 0) return draw.pick(["a", "b", "c", "d"]);
  if (kind === 1) return { not: formula(draw, depth - 1) };
  const parts = [formula(draw, depth - 1), formula(draw, depth - 1)];
  return kind === 2 ? { and: parts } : { or: parts };
}

const formulaSubject = {
  input: (draw: Draw): FormulaInput => ({
    kind: draw.pick(["set", "set", "clear"]),
    name: draw.pick(["a", "b", "c", "d"]),
  }),
  question: (draw: Draw): FormulaInput => ({ kind: "eval", formula: formula(draw, 3) }),
};

export function redisInput(draw: Draw): RedisCommand {
  const key = draw.pick(keys);
  return draw.pick<RedisCommand>([
    { kind: "set", key, value: draw.pick(["0", "1", "a", "ab"]) },
    { kind: "incr", key },
    { kind: "decr", key },
    { kind: "incrby", key, by: draw.below(3) },
    { kind: "append", key, value: draw.pick(["", "a", "1"]) },
    { kind: "del", keys: draw.pick([[key], ["x", "y"]]) },
  ]);
}

export const subjects: readonly AnySubject[] = [
  subject({
    name: "key-value",
    machine: keyValue,
    input: keyValueInput,
    question: (draw): KeyValueInput => ({ kind: "get", key: draw.pick(keys) }),
  }),
  subject({ name: "formula", machine: formulas, ...formulaSubject }),
  subject({ name: "formula, lifted", machine: liftedFormulas, ...formulaSubject }),
  subject({
    name: "counter",
    machine: counter,
    input: (draw): CounterInput =>
      draw.pick<CounterInput>([
        { kind: "add", by: 1 },
        { kind: "add", by: -1 },
        { kind: "add", by: 2 },
        { kind: "set", to: draw.below(3) },
      ]),
    question: (draw) =>
      draw.pick<CounterInput>([
        { kind: "get" },
        { kind: "at-least", threshold: draw.below(4) },
        { kind: "modulo", by: 3 },
      ]),
  }),
  subject({
    name: "relations",
    machine: relations,
    input: (draw): RelationsInput => ({
      kind: draw.pick(["insert", "insert", "delete"]),
      tuple: { relation: draw.pick(["R", "S"]), values: [draw.pick(["1", "2", "3"])] },
    }),
    question: (draw) =>
      draw.pick<RelationsInput>([
        { kind: "difference", left: "R", right: "S" },
        {
          kind: "is-in",
          row: ["1"],
          query: {
            kind: "project",
            columns: [0],
            of: {
              kind: "join",
              left: { kind: "relation", name: "R" },
              right: { kind: "relation", name: "S" },
              leftColumn: 0,
              rightColumn: 0,
            },
          },
        },
      ]),
  }),
  subject({
    name: "hash chain",
    machine: hashChain,
    input: (draw): HashChainInput => ({ kind: "mix", value: draw.below(4) }),
    question: (draw) => draw.pick<HashChainInput>([{ kind: "read" }, { kind: "bit" }]),
  }),
  subject({
    name: "redis",
    machine: { initial: emptyRedis, step: (state, input: RedisCommand) => pair(applyRedis(state, input)) },
    input: redisInput,
    question: (draw): RedisCommand =>
      draw.pick<RedisCommand>([{ kind: "get", key: "x" }, { kind: "strlen", key: "x" }, redisInput(draw)]),
  }),
];

export function pair<State, Output>([state, output]: readonly [State, Output]): {
  readonly state: State;
  readonly output: Output;
} {
  return { state, output };
}
