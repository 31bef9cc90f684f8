import { describe, expect, test } from "vitest";
import { counter } from "../../../bench/machines/counter.js";
import { type Formula, formulas, liftedFormulas } from "../../../bench/machines/formula.js";
import { keyValue } from "../../../bench/machines/key-value.js";
import { type Algebra, evaluate, relations, type Row, type Tuple } from "../../../bench/machines/relations.js";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import type { Machine } from "../../../checker/provenance/machine.js";
import type { Positions } from "../../../checker/provenance/witnesses.js";
import { Draw } from "./random.js";

/** All witnesses, with the positions that the paper counts from 1. */
function witnessesOf<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly Input[],
  input: Input,
) {
  const provenance = explainOutput(machine, trace, input);
  if (provenance.status !== "exact") throw new Error(provenance.status);
  return provenance.witnesses.list(1000).map((witness) => witness.map((position) => `a${position + 1}`));
}

const set = (key: string, value: number) => ({ kind: "set", key, value }) as const;
const add = (key: string, by: number) => ({ kind: "add", key, by }) as const;
const get = (key: string) => ({ kind: "get", key }) as const;
const setTrue = (name: string) => ({ kind: "set", name }) as const;
const insert = (relation: string, ...values: string[]) => ({ kind: "insert", tuple: { relation, values } }) as const;

describe("the examples of Whittaker et al., section 3", () => {
  test("3.1: the set of x alone explains the get of x", () => {
    expect(witnessesOf(keyValue, [set("x", 1), set("y", 2)], get("x"))).toEqual([["a1"]]);
  });

  test.each([
    ["plain", formulas],
    ["lifted", liftedFormulas],
  ])("3.2: a formula has two explanations (%s)", (_, machine) => {
    const formula: Formula = { or: [{ and: ["a", "d"] }, { and: ["b", "c"] }] };
    const trace = ["a", "b", "c", "d"].map(setTrue);
    expect(witnessesOf(machine, trace, { kind: "eval", formula })).toEqual([
      ["a1", "a4"],
      ["a2", "a3"],
    ]);
  });

  test.each([
    ["plain", formulas],
    ["lifted", liftedFormulas],
  ])("3.3: a witness that is not closed is no explanation (%s)", (_, machine) => {
    const formula: Formula = { or: [{ and: ["a", { not: "b" }] }, "c"] };
    const trace = ["a", "b", "c"].map(setTrue);
    expect(witnessesOf(machine, trace, { kind: "eval", formula })).toEqual([["a3"]]);
    expect(bruteForce(machine, trace, { kind: "eval", formula }).isWitness([0])).toBe(true);
  });

  test("3.4: equal inputs at different positions differ: the last set of 1 explains, the first does not", () => {
    expect(witnessesOf(keyValue, [set("x", 1), set("x", 2), set("x", 1)], get("x"))).toEqual([["a3"]]);
  });

  const cancelling = [set("x", 42), add("x", 1), add("x", 2), add("x", -3)];

  test("3.5: inputs that cancel each other out are all needed", () => {
    expect(witnessesOf(keyValue, cancelling, get("x"))).toEqual([["a1", "a2", "a3", "a4"]]);
  });

  test("footnote 2: minimising before closing would leave nothing in example 3.5; closing first does", () => {
    const brute = bruteForce(keyValue, cancelling, get("x"));
    const all = subsetsOf(4).filter((positions) => brute.isWitness(positions));
    const minimal = all.filter((one) => !all.some((other) => isProperSubset(other, one)));
    expect(minimal).toEqual([[0]]);
    expect(minimal.filter((positions) => brute.isClosed(positions))).toEqual([]);
    expect(brute.witnesses).toEqual([[0, 1, 2, 3]]);
  });

  test("3.6: the absence from S explains the difference too", () => {
    const trace = [insert("R", "t"), insert("R", "u"), insert("S", "u")];
    const query = { kind: "difference", left: "R", right: "S" } as const;
    expect(explainOutput(relations, trace, query).outcome).toEqual({ kind: "output", value: ["R|t"] });
    expect(witnessesOf(relations, trace, query)).toEqual([["a1", "a3"]]);
  });

  test("figure 1: that Michael Jordan is a friend of Edgar Codd has two explanations", () => {
    const trace = [
      insert("Users", "ecodd", "Edgar Codd"),
      insert("Users", "jumpman", "Michael Jordan"),
      insert("Users", "mlpro", "Michael Jordan"),
      insert("Friends", "ecodd", "jumpman"),
      insert("Friends", "ecodd", "mlpro"),
    ];
    const joined: Algebra = {
      kind: "join",
      left: { kind: "relation", name: "Users" },
      right: { kind: "relation", name: "Friends" },
      leftColumn: 0,
      rightColumn: 1,
    };
    const query: Algebra = {
      kind: "project",
      columns: [1],
      of: { kind: "select", of: joined, column: 2, equals: "ecodd" },
    };
    expect(witnessesOf(relations, trace, { kind: "is-in", row: ["Michael Jordan"], query })).toEqual([
      ["a2", "a4"],
      ["a3", "a5"],
    ]);
  });
});

function subsetsOf(n: number): Positions[] {
  return Array.from({ length: 2 ** n }, (_, mask) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => (mask & (1 << i)) !== 0),
  );
}

function isProperSubset(a: Positions, b: Positions): boolean {
  return a.length < b.length && a.every((position) => b.includes(position));
}

test("claim 1, for rows that are in the result: on 300 random monotone queries the witnesses are the minimal why-provenance", () => {
  const draw = new Draw(1);
  let met = 0;
  while (met < 300) {
    const tuples = different(
      draw.list(3 + draw.below(5), (): Tuple => ({
        relation: draw.pick(["R", "S"]),
        values: [draw.pick(["1", "2", "3"]), draw.pick(["1", "2", "3"])],
      })),
    );
    const query = monotoneQuery(draw, 2);
    const result = evaluate(query, instanceOf(tuples));
    const row = result[draw.below(Math.max(result.length, 1))];
    if (row === undefined) continue;
    met += 1;
    const provenance = explainOutput(
      relations,
      tuples.map((tuple) => ({ kind: "insert", tuple })),
      { kind: "is-in", row, query },
    );
    const witnesses =
      provenance.status === "exact" ? provenance.witnesses.list(1000).map(String).sort() : [provenance.status];
    expect(witnesses).toEqual(minimalWhy(query, tuples, row).map(String).sort());
  }
});

function different(tuples: readonly Tuple[]): Tuple[] {
  return [...new Map(tuples.map((tuple) => [JSON.stringify(tuple), tuple])).values()];
}

function instanceOf(tuples: readonly Tuple[]): ReadonlyMap<string, readonly Row[]> {
  return new Map(
    ["R", "S"].map((name) => [name, tuples.filter(({ relation }) => relation === name).map(({ values }) => values)]),
  );
}

/** Every query here has two columns, so that they can be put together freely. */
function monotoneQuery(draw: Draw, depth: number): Algebra {
  const part = () => monotoneQuery(draw, depth - 1);
  switch (depth === 0 ? 0 : draw.below(5)) {
    case 1:
      return { kind: "select", of: part(), column: draw.below(2), equals: draw.pick(["1", "2"]) };
    case 2:
      return {
        kind: "project",
        of: part(),
        columns: draw.pick([
          [1, 0],
          [0, 0],
        ]),
      };
    case 3:
      return { kind: "union", left: part(), right: part() };
    case 4: {
      const join: Algebra = {
        kind: "join",
        left: part(),
        right: part(),
        leftColumn: draw.below(2),
        rightColumn: draw.below(2),
      };
      return { kind: "project", of: join, columns: [draw.below(2), 2 + draw.below(2)] };
    }
    default:
      return { kind: "relation", name: draw.pick(["R", "S"]) };
  }
}

/** The minimal subinstances that have the row in the result. */
function minimalWhy(query: Algebra, tuples: readonly Tuple[], row: Row): Positions[] {
  const sufficient = subsetsOf(tuples.length).filter((positions) =>
    evaluate(query, instanceOf(tuples.filter((_, i) => positions.includes(i)))).some(
      (other) => other.join() === row.join(),
    ),
  );
  return sufficient.filter((one) => !sufficient.some((other) => isProperSubset(other, one)));
}

test("a trivial workload, one set and one get, has one explanation of one entry", () => {
  expect(witnessesOf(keyValue, [set("x", 1)], get("x"))).toEqual([["a1"]]);
});

test("a threshold of 62 among 500 equal increments has C(500, 62) explanations, counted and not listed", () => {
  const trace = Array.from({ length: 500 }, () => ({ kind: "add", by: 1 }) as const);
  const provenance = explainOutput(counter, trace, { kind: "at-least", threshold: 62 });
  if (provenance.status !== "exact") throw new Error(provenance.status);
  const { witnesses } = provenance;
  expect(witnesses.count).toBe(binomial(500n, 62n));
  expect(witnesses.smallest()).toHaveLength(62);
  expect(new Set(witnesses.list(50).map(String)).size).toBe(50);
  expect(witnesses.union()).toHaveLength(500);
  expect(witnesses.core).toEqual([]);
  expect(witnesses.responsibility(17)).toBe(1 / (500 - 62 + 1));
  expect(witnesses.has(Array.from({ length: 62 }, (_, i) => i * 3))).toBe(true);
  expect(witnesses.has(Array.from({ length: 63 }, (_, i) => i * 3))).toBe(false);
});

function binomial(n: bigint, k: bigint): bigint {
  let result = 1n;
  for (let i = 1n; i <= k; i += 1n) result = (result * (n - k + i)) / i;
  return result;
}
