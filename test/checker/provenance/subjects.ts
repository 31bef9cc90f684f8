import { Map as IMap, Record, Set as ISet } from "immutable";
import type { Machine } from "../../../checker/provenance/machine.js";
import { counter, type CounterInput } from "../../../bench/machines/counter.js";
import { type Formula, type FormulaInput, formulas, liftedFormulas } from "../../../bench/machines/formula.js";
import { hashChain, type HashChainInput } from "../../../bench/machines/hash-chain.js";
import { keyValue, type KeyValueInput } from "../../../bench/machines/key-value.js";
import { relations, type RelationsInput } from "../../../bench/machines/relations.js";
import { applyClassifier, type ClassifierRequest, ClassifierState } from "../../../nodes/classifier.js";
import { applyCoordination, emptyCoordination } from "../../../nodes/coordination.js";
import type { CoordinationRequest } from "../../../nodes/coordination/request.js";
import { applyDistributedFiles, DistributedFilesState } from "../../../nodes/distributed-files.js";
import type { DistributedFilesRequest } from "../../../nodes/distributed-files/request.js";
import { applyFileSystem, FileSystemState } from "../../../nodes/file-system.js";
import type { FileRequest } from "../../../nodes/file-system/request.js";
import { type LoadBalancerInput, loadBalancerMachine } from "../../../nodes/load-balancer.provenance.js";
import { applyObjectStore, ObjectStoreState } from "../../../nodes/object-store.js";
import type { ObjectStoreRequest } from "../../../nodes/object-store/request.js";
import { applyRelational } from "../../../nodes/relational.js";
import type { RelationalStatement } from "../../../nodes/relational/request.js";
import { emptyRelational } from "../../../nodes/relational/state.js";
import { applyStateless } from "../../../nodes/stateless.js";
import type { PageRequest } from "../../../nodes/stateless/request.js";
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

function machineOf<State, Input, Output>(
  initial: State,
  apply: (state: State, input: Input) => readonly [State, Output],
): Machine<State, Input, Output> {
  return { initial, step: (state, input) => pair(apply(state, input)) };
}

export const redisMachine = machineOf(emptyRedis, (state, input: RedisCommand) => applyRedis(state, input));
export const fileSystemMachine = machineOf(new FileSystemState(), applyFileSystem);
export const objectStoreMachine = machineOf(new ObjectStoreState(), applyObjectStore);
export const coordinationMachine = machineOf(emptyCoordination, applyCoordination);
export const distributedFilesMachine = machineOf(new DistributedFilesState(), applyDistributedFiles);

export function fileWrite(draw: Draw): FileRequest {
  return { kind: "write", file: "f", offset: draw.below(4), bytes: draw.pick(["a", "ab", "b"]) };
}

export function fileRead(draw: Draw): FileRequest {
  return { kind: "read", file: "f", offset: draw.below(2), length: 1 + draw.below(2) };
}

export function objectStoreChange(draw: Draw): ObjectStoreRequest {
  const name = () => ({ bucket: draw.pick(["b", "b", "c"]), object: draw.pick(["o", "p"]) });
  return draw.pick<ObjectStoreRequest>([
    { kind: "create-bucket", bucket: "b" },
    { kind: "create-bucket", bucket: draw.pick(["b", "c"]) },
    { kind: "remove-bucket", bucket: "b" },
    { kind: "put", to: name(), content: draw.pick(["1", "2"]) },
    { kind: "put", to: name(), content: draw.pick(["1", "2"]) },
    { kind: "copy", from: name(), to: name() },
    { kind: "move", from: name(), to: name() },
    { kind: "remove", from: name() },
  ]);
}

export function objectStoreQuestion(draw: Draw): ObjectStoreRequest {
  return draw.pick<ObjectStoreRequest>([
    { kind: "cat", from: { bucket: "b", object: "o" } },
    { kind: "list-objects", bucket: "b" },
    { kind: "list-buckets" },
  ]);
}

export function coordinationChange(draw: Draw): CoordinationRequest {
  const path = draw.pick(["/p", "/p/a", "/p/a"]);
  return draw.pick<CoordinationRequest>([
    { kind: "create", path, data: draw.pick(["1", "2"]) },
    { kind: "create", path: "/p", data: "0" },
    { kind: "write", path, data: draw.pick(["1", "2"]) },
    { kind: "delete", path },
  ]);
}

export function coordinationQuestion(draw: Draw): CoordinationRequest {
  return { kind: draw.pick(["read", "list"]), path: draw.pick(["/p", "/p/a"]) };
}

export function distributedFilesChange(draw: Draw): DistributedFilesRequest {
  const path = draw.pick(["/f", "/d/f"]);
  return draw.pick<DistributedFilesRequest>([
    { kind: "make-directory", path: "/d" },
    { kind: "create", path },
    { kind: "write", path, offset: draw.below(2), bytes: draw.pick(["a", "ab"]) },
    { kind: "write", path, offset: 0, bytes: draw.pick(["a", "b"]) },
    { kind: "move", from: path, to: path === "/f" ? "/d/f" : "/f" },
  ]);
}

export function heartbeat(draw: Draw): LoadBalancerInput {
  return { kind: "heartbeat", server: draw.pick(["s1", "s2", "s3"]), load: draw.below(3) };
}

function example(draw: Draw): readonly number[] {
  return [draw.below(3) - 1, draw.below(3) - 1];
}

type OddInput =
  | { readonly kind: "put"; readonly key: string; readonly value: number }
  | { readonly kind: "keep"; readonly above: number }
  | { readonly kind: "clear" | "drop" | "copy" | "sum" | "saved" }
  | { readonly kind: "throw"; readonly when: number }
  | { readonly kind: "move"; readonly from: string; readonly to: string }
  | { readonly kind: "remember"; readonly member: string }
  | { readonly kind: "look"; readonly key: string };

class OddState extends Record<{ items: IMap<string, number> | null; members: ISet<string>; saved: unknown }>({
  items: IMap(),
  members: ISet(),
  saved: null,
}) {
  get total(): number {
    return this.items?.reduce((sum, item) => sum + item, 0) ?? -1;
  }
}

/** Uses whole collections, replaces them, stores one inside a cell, gives one back, throws, and changes a field's kind. */
const oddMachine: Machine<OddState, OddInput, unknown> = {
  initial: new OddState(),
  step: (state, input) => {
    const { items } = state;
    switch (input.kind) {
      case "put":
        return { state: state.setIn(["items", input.key], input.value), output: null };
      case "keep":
        return {
          state: state.set("items", items?.filter((item) => item > input.above) ?? null),
          output: items?.size ?? null,
        };
      case "clear":
        return { state: state.set("items", IMap()), output: null };
      case "drop":
        return { state: state.merge({ items: null }), output: null };
      case "copy":
        return { state: new OddState({ items, members: state.members, saved: { items: state.items } }), output: null };
      case "throw":
        if ((items?.get("x") ?? 0) > input.when) throw new Error(`x is over ${input.when}`);
        return { state: state.update("items", (old) => old?.delete("y") ?? null), output: null };
      case "move": {
        const value = items?.get(input.from);
        if (items === null || value === undefined) return { state, output: "nothing to move" };
        return { state: state.set("items", items.delete(input.from).set(input.to, value)), output: null };
      }
      case "remember":
        return {
          state: state.updateIn(["members"], (members) => (members as ISet<string>).add(input.member)),
          output: null,
        };
      case "look":
        return {
          state,
          output: [
            items?.has(input.key) ?? null,
            state.getIn(["items", input.key]) ?? null,
            state.members.has(input.key),
          ],
        };
      case "sum":
        return { state, output: [state.total, state.members] };
      case "saved":
        return { state, output: state.saved };
    }
  },
};

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
    machine: redisMachine,
    input: redisInput,
    question: (draw): RedisCommand =>
      draw.pick<RedisCommand>([{ kind: "get", key: "x" }, { kind: "strlen", key: "x" }, redisInput(draw)]),
  }),
  subject({
    name: "relational store",
    machine: machineOf(emptyRelational, (state, input: RelationalStatement) => applyRelational(state, input)),
    input: (draw): RelationalStatement => ({
      kind: draw.pick(["insert", "insert", "delete"]),
      table: draw.pick(["R", "S"]),
      row: { id: draw.below(2) },
    }),
    question: (draw): RelationalStatement => ({
      kind: "query",
      query: { kind: "table", name: draw.pick(["R", "S"]) },
    }),
  }),
  subject({ name: "file system", machine: fileSystemMachine, input: fileWrite, question: fileRead }),
  subject({
    name: "object store",
    machine: objectStoreMachine,
    input: objectStoreChange,
    question: objectStoreQuestion,
  }),
  subject({
    name: "coordination",
    machine: coordinationMachine,
    input: coordinationChange,
    question: coordinationQuestion,
  }),
  subject({
    name: "distributed files",
    machine: distributedFilesMachine,
    input: distributedFilesChange,
    question: (draw): DistributedFilesRequest => ({
      kind: "read",
      path: draw.pick(["/f", "/d/f"]),
      offset: 0,
      length: 1 + draw.below(2),
    }),
  }),
  ...([null, 0] as const).map((unheard) =>
    subject({
      name: `load balancer, unheard servers ${unheard === null ? "absent" : "idle"}`,
      machine: loadBalancerMachine({ servers: ["s1", "s2", "s3"], unheard }),
      input: heartbeat,
      question: (): LoadBalancerInput => ({ kind: "route" }),
    }),
  ),
  subject({
    name: "stateless",
    machine: machineOf(null, applyStateless),
    input: (draw): PageRequest => ({ kind: "page", path: draw.pick(["/a", "/b"]) }),
    question: (draw): PageRequest => ({ kind: "page", path: draw.pick(["/a", "/b"]) }),
  }),
  subject({
    name: "classifier",
    machine: machineOf(new ClassifierState(), applyClassifier),
    input: (draw): ClassifierRequest => ({ kind: "train", features: example(draw), label: draw.pick([1, -1]) }),
    question: (draw): ClassifierRequest => ({ kind: "classify", features: example(draw) }),
  }),
  subject({
    name: "everything at once",
    machine: oddMachine,
    input: (draw): OddInput =>
      draw.pick<OddInput>([
        { kind: "put", key: draw.pick(keys), value: draw.below(3) },
        { kind: "put", key: draw.pick(keys), value: draw.below(3) },
        { kind: "keep", above: draw.below(3) },
        { kind: "clear" },
        { kind: "drop" },
        { kind: "copy" },
        { kind: "throw", when: draw.below(3) },
        { kind: "move", from: draw.pick(keys), to: draw.pick(keys) },
        { kind: "remember", member: draw.pick(keys) },
      ]),
    question: (draw): OddInput =>
      draw.pick<OddInput>([
        { kind: "sum" },
        { kind: "look", key: draw.pick(keys) },
        { kind: "throw", when: 1 },
        { kind: "saved" },
      ]),
  }),
];

export function pair<State, Output>([state, output]: readonly [State, Output]): {
  readonly state: State;
  readonly output: Output;
} {
  return { state, output };
}
