import { describe, expect, test } from "vitest";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { defaultBudget } from "../../../checker/provenance/effort.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import { HittingSets } from "../../../checker/provenance/hitting-sets.js";
import { lookupIn, Query } from "../../../checker/provenance/query.js";
import { selfSupportingSlice } from "../../../checker/provenance/slice.js";
import { Transitions } from "../../../checker/provenance/transitions.js";
import { verify } from "../../../checker/provenance/verify.js";
import type { Positions } from "../../../checker/provenance/witnesses.js";
import type { RedisCommand } from "../../../nodes/redis/request.js";
import { Draw } from "./random.js";
import { redisInput, redisMachine, type Subject, subjects } from "./subjects.js";

interface Case {
  readonly subject: Subject<unknown, unknown, unknown>;
  readonly trace: readonly unknown[];
  readonly question: unknown;
}

/** Random traces of all machines in turn. */
function cases(seed: number, count: number, lengthMax: number): readonly Case[] {
  const draw = new Draw(seed);
  return Array.from({ length: count }, (_, i) => {
    const subject = subjects[i % subjects.length] as Case["subject"];
    const trace = draw.list(draw.below(lengthMax + 1), () => subject.input(draw));
    return { subject, trace, question: subject.question(draw) };
  });
}

/** The minimal sets that meet each of the given sets, by trying all. */
function minimalTransversals(sets: readonly Positions[], n: number): Positions[] {
  const masks = sets.map((set) => set.reduce((mask, position) => mask | (1 << position), 0));
  const meets = (mask: number): boolean => masks.every((other) => (other & mask) !== 0);
  const found: Positions[] = [];
  for (let mask = 0; mask < 2 ** n; mask += 1) {
    if (!meets(mask)) continue;
    const members = Array.from({ length: n }, (_, i) => i).filter((i) => (mask & (1 << i)) !== 0);
    if (members.every((member) => !meets(mask & ~(1 << member)))) found.push(members);
  }
  return found;
}

function sorted(sets: readonly Positions[]): string[] {
  return sets.map(String).sort();
}

test("the witnesses are the minimal transversals of the cuts, and the other way round", () => {
  for (const { subject, trace, question } of cases(21, 500, 7)) {
    const provenance = explainOutput(subject.machine, trace, question);
    if (provenance.status !== "exact") throw new Error(provenance.status);
    const witnesses = provenance.witnesses.list(10_000);
    const cuts = provenance.witnesses.cuts(10_000);
    if (cuts === "unknown") throw new Error("out of budget");
    expect(sorted(minimalTransversals(cuts, trace.length)), subject.name).toEqual(sorted(witnesses));
    expect(sorted(minimalTransversals(witnesses, trace.length)), subject.name).toEqual(sorted(cuts));
  }
});

test("core, union, membership, order and responsibility agree with the lists of brute force", () => {
  for (const { subject, trace, question } of cases(22, 500, 7)) {
    const expected = bruteForce(subject.machine, trace, question);
    const provenance = explainOutput(subject.machine, trace, question);
    if (provenance.status !== "exact") throw new Error(provenance.status);
    const { witnesses } = provenance;
    const positions = trace.map((_, k) => k);
    expect(witnesses.core).toEqual(positions.filter((k) => expected.witnesses.every((witness) => witness.includes(k))));
    expect(witnesses.union()).toEqual(
      positions.filter((k) => expected.witnesses.some((witness) => witness.includes(k))),
    );
    expect(witnesses.list(3).map(({ length }) => length)).toEqual(
      expected.witnesses.slice(0, 3).map(({ length }) => length),
    );
    expect(witnesses.smallest().length).toBe(expected.witnesses[0]?.length);
    expect(expected.witnesses.every((witness) => witnesses.has(witness))).toBe(true);
    expect(witnesses.has(positions)).toBe(expected.witnesses.some((witness) => witness.length === positions.length));
    for (const k of positions) {
      const through = expected.cuts.filter((cut) => cut.includes(k)).map(({ length }) => length);
      expect(witnesses.responsibility(k)).toBe(through.length === 0 ? 0 : 1 / Math.min(...through));
    }
  }
});

test("the self-supporting slice is closed", () => {
  for (const { subject, trace, question } of cases(23, 1000, 7)) {
    const transitions = new Transitions(subject.machine);
    const inputs = trace.map((input) => transitions.inputId(input));
    const query = new Query(
      transitions,
      transitions.inputId(question),
      undefined,
      undefined,
      lookupIn(transitions.rowAfter(inputs)),
    );
    const slice = selfSupportingSlice(transitions, inputs, [query], defaultBudget);
    if (slice === undefined) throw new Error("out of budget");
    expect(bruteForce(subject.machine, trace, question).isClosed(slice), subject.name).toBe(true);
  }
});

test("an input that matters to nothing may be added anywhere: the witnesses are the same, moved", () => {
  const draw = new Draw(24);
  for (let i = 0; i < 250; i += 1) {
    const trace = draw.list(draw.below(30), () => redisInput(draw));
    const question: RedisCommand = { kind: "get", key: "x" };
    const at = draw.below(trace.length + 1);
    const longer = [...trace.slice(0, at), { kind: "append", key: "other", value: "1" } as const, ...trace.slice(at)];
    const moved = witnessesOf(trace, question).map((witness) =>
      witness.map((position) => (position < at ? position : position + 1)),
    );
    expect(sorted(witnessesOf(longer, question))).toEqual(sorted(moved));
  }
});

test("renaming the keys changes no witness", () => {
  const draw = new Draw(25);
  const names: { readonly [key: string]: string } = { x: "a", y: "x", z: "y" };
  const renamed = (input: RedisCommand): RedisCommand =>
    input.kind === "del"
      ? { ...input, keys: input.keys.map((key) => names[key] ?? key) }
      : "key" in input
        ? { ...input, key: names[input.key] ?? input.key }
        : input;
  for (let i = 0; i < 250; i += 1) {
    const trace = draw.list(draw.below(30), () => redisInput(draw));
    const question: RedisCommand = { kind: "get", key: "x" };
    expect(sorted(witnessesOf(trace.map(renamed), renamed(question)))).toEqual(sorted(witnessesOf(trace, question)));
  }
});

function witnessesOf(trace: readonly RedisCommand[], question: RedisCommand): Positions[] {
  const provenance = explainOutput(redisMachine, trace, question);
  if (provenance.status !== "exact") throw new Error(provenance.status);
  return provenance.witnesses.list(1000);
}

describe("certificates", () => {
  test("each witness is verified, also on traces too long for brute force", () => {
    const draw = new Draw(26);
    for (const subject of subjects.filter(({ name }) => name !== "hash chain")) {
      for (let i = 0; i < 4; i += 1) {
        const trace = draw.list(20, () => subject.input(draw));
        const question = subject.question(draw);
        const provenance = explainOutput(subject.machine, trace, question);
        if (provenance.status !== "exact") throw new Error(`${subject.name}: ${provenance.status}`);
        for (const witness of provenance.witnesses.list(3)) {
          expect(verify(subject.machine, trace, question, witness), subject.name).toEqual({
            isClosed: true,
            isMinimal: true,
          });
        }
      }
    }
  });

  test("a random set of positions is judged as brute force judges it, with a run that proves it", () => {
    const draw = new Draw(27);
    for (const { subject, trace, question } of cases(28, 600, 7)) {
      const expected = bruteForce(subject.machine, trace, question);
      const guess = trace.map((_, k) => k).filter(() => draw.below(2) === 0);
      const certificate = verify(subject.machine, trace, question, guess);
      expect(certificate.isClosed, subject.name).toBe(expected.isClosed(guess));
      if (certificate.counterexample !== undefined) {
        expect(expected.isWitness(certificate.counterexample)).toBe(false);
        expect(guess.every((position) => certificate.counterexample?.includes(position))).toBe(true);
      }
      if (certificate.isClosed === true) {
        expect(certificate.isMinimal).toBe(expected.witnesses.some((witness) => String(witness) === String(guess)));
      }
      if (certificate.superfluous !== undefined) {
        expect(expected.isClosed(guess.filter((position) => position !== certificate.superfluous))).toBe(true);
      }
    }
  });

  test("a witness among 200 keys is verified by slicing, where plain states are too many", () => {
    const draw = new Draw(29);
    const trace = draw.list(400, (): RedisCommand => ({
      kind: draw.pick(["incr", "decr"]),
      key: `k${draw.below(40)}`,
    }));
    const question: RedisCommand = { kind: "get", key: "k0" };
    const provenance = explainOutput(redisMachine, trace, question);
    if (provenance.status !== "exact") throw new Error(provenance.status);
    const witness = provenance.witnesses.smallest();
    expect(witness.length).toBeGreaterThan(3);
    expect(verify(redisMachine, trace, question, witness, { budget: { nodesMax: 50_000 } })).toEqual({
      isClosed: true,
      isMinimal: true,
    });
    expect(verify(redisMachine, trace, question, witness.slice(1), { budget: { nodesMax: 50_000 } }).isClosed).toBe(
      false,
    );
  });

  test("positions that are not in the trace are refused", () => {
    expect(() => verify(redisMachine, [], { kind: "get", key: "x" }, [0])).toThrow(/Position 0 is not in the trace/);
  });
});

test("brute force refuses traces of more than 16 inputs", () => {
  const trace = Array.from({ length: 17 }, (): RedisCommand => ({ kind: "incr", key: "x" }));
  expect(() => bruteForce(redisMachine, trace, { kind: "get", key: "x" })).toThrow(
    /needs 2\^17 runs; it is limited to 16/,
  );
});

test("hitting sets: all and only the sets that meet what is required and hold nothing forbidden are found", () => {
  const draw = new Draw(30);
  for (let i = 0; i < 300; i += 1) {
    const size = 1 + draw.below(6);
    const someSet = (): number[] =>
      Array.from({ length: size }, (_, member) => member).filter(() => draw.below(2) === 0);
    const required = draw.list(draw.below(4), someSet);
    const forbidden = draw.list(draw.below(4), someSet);
    const sets = new HittingSets(size, 10_000);
    for (const set of required) sets.require(set);
    for (const set of forbidden) sets.forbid(set);
    const isModel = (mask: number): boolean =>
      required.every((set) => set.some((member) => (mask & (1 << member)) !== 0)) &&
      forbidden.every((set) => set.some((member) => (mask & (1 << member)) === 0));
    const exists = Array.from({ length: 2 ** size }, (_, mask) => mask).some(isModel);
    const found = sets.next();
    expect(found !== undefined).toBe(exists);
    if (found !== undefined) expect(isModel(found.reduce((mask, member) => mask | (1 << member), 0))).toBe(true);
  }
});
