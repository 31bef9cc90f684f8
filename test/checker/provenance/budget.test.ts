import { Map } from "immutable";
import { describe, expect, test } from "vitest";
import { formulas } from "../../../bench/machines/formula.js";
import { hashChain, type HashChainInput } from "../../../bench/machines/hash-chain.js";
import { relations, type RelationsInput } from "../../../bench/machines/relations.js";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { type ExplainOptions, explainOutput } from "../../../checker/provenance/explain-output.js";
import { type Machine, UnusableMachine } from "../../../checker/provenance/machine.js";
import { verify } from "../../../checker/provenance/verify.js";
import { Draw } from "./random.js";
import { subjects } from "./subjects.js";

const mix = (value: number): HashChainInput => ({ kind: "mix", value });

describe("a budget that is too small", () => {
  test("never gives a wrong answer, and never none: what is called certified is", () => {
    const draw = new Draw(31);
    const statuses = new Set<string>();
    for (let i = 0; i < 600; i += 1) {
      const subject = subjects[i % subjects.length];
      if (subject === undefined) continue;
      const trace = draw.list(draw.below(9), () => subject.input(draw));
      const question = subject.question(draw);
      const budget = { nodesMax: 1 + draw.below(40), valuesMax: 1 + draw.below(6), roundsMax: draw.below(6) };
      const provenance = explainOutput(subject.machine, trace, question, { budget });
      const expected = bruteForce(subject.machine, trace, question);
      statuses.add(provenance.status);
      const texts = expected.witnesses.map(String);
      if (provenance.status === "exact") {
        expect(provenance.witnesses.list(1000).map(String).sort(), subject.name).toEqual([...texts].sort());
        continue;
      }
      expect(expected.isClosed(provenance.support), subject.name).toBe(true);
      expect(
        provenance.core.every((position) => expected.witnesses.every((witness) => witness.includes(position))),
      ).toBe(true);
      if (provenance.status === "partial") {
        expect(provenance.found.length).toBeGreaterThan(0);
        for (const witness of provenance.found) expect(texts, subject.name).toContain(String(witness));
        const cuts = expected.cuts.map(String);
        for (const cut of provenance.cuts) expect(cuts, subject.name).toContain(String(cut));
      }
    }
    expect([...statuses].sort()).toEqual(["exact", "partial", "slice-only"]);
  });

  test("a formula of 12 pairs with few nodes is explained in part, and the parts are verified", () => {
    const names = Array.from({ length: 24 }, (_, i) => `v${i}`);
    const trace = names.map((name) => ({ kind: "set", name }) as const);
    const pairs = Array.from({ length: 12 }, (_, i) => ({ and: [`v${i * 2}`, `v${i * 2 + 1}`] }));
    const question = { kind: "eval", formula: { or: pairs } } as const;
    const provenance = explainOutput(formulas, trace, question, { budget: { nodesMax: 2000, roundsMax: 60 } });
    if (provenance.status !== "partial") throw new Error(provenance.status);
    expect(provenance.found.length).toBeGreaterThan(0);
    for (const witness of provenance.found) expect(witness).toHaveLength(2);
    const exact = explainOutput(formulas, trace, question);
    expect(exact.status === "exact" && exact.witnesses.count).toBe(12n);
  });

  test("being asked to stop at once gives a closed witness all the same", () => {
    const trace = Array.from({ length: 300 }, (_, i) => mix(i));
    const provenance = explainOutput(hashChain, trace, { kind: "bit" }, { budget: { shouldStop: () => true } });
    expect(provenance).toMatchObject({ status: "slice-only", core: [], length: 300 });
    if (provenance.status === "slice-only") expect(provenance.support).toHaveLength(300);
  });

  test("being asked to stop later gives what is certified by then", () => {
    let asked = 0;
    const trace = Array.from({ length: 60 }, (_, i) => mix(i * 7919));
    const shouldStop = () => (asked += 1) > 60;
    const provenance = explainOutput(hashChain, trace, { kind: "bit" }, { budget: { shouldStop, nodesMax: 20_000 } });
    expect(provenance.status).not.toBe("exact");
    expect(provenance.core.length).toBeGreaterThan(10);
  });
});

test("a chain of 500 hashes is explained by all of its inputs", () => {
  const provenance = explainOutput(
    hashChain,
    Array.from({ length: 500 }, (_, i) => mix(i * 31 + 1)),
    { kind: "read" },
  );
  expect(provenance.status === "exact" && provenance.witnesses.count).toBe(1n);
  expect(provenance.core).toHaveLength(500);
});

describe("parts of outputs", () => {
  const difference: RelationsInput = { kind: "difference", left: "R", right: "S" };

  test("a difference that is explained tuple by tuple has the witnesses of the whole", () => {
    const draw = new Draw(32);
    const whole: typeof relations = { initial: relations.initial, step: relations.step };
    for (let i = 0; i < 300; i += 1) {
      const trace = draw.list(draw.below(10), (): RelationsInput => ({
        kind: draw.pick(["insert", "insert", "delete"]),
        tuple: { relation: draw.pick(["R", "S"]), values: [String(draw.below(4))] },
      }));
      expect(listed(relations, trace, difference)).toEqual(listed(whole, trace, difference));
    }
  });

  test("with `part` only that part of an output is explained", () => {
    const both: Machine<Map<string, number>, string, readonly number[]> = {
      initial: Map(),
      step: (state, key) => ({ state: state.set(key, 1), output: [state.get("a", 0), state.get("b", 0)] }),
    };
    expect(listed(both, ["a", "b"], "c")).toEqual(["0,1"]);
    expect(listed(both, ["a", "b"], "c", { part: ([a = 0]) => a })).toEqual(["0"]);
    expect(listed(both, ["a", "b"], "c", { part: () => null })).toEqual([""]);
  });
});

function listed<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly Input[],
  input: Input,
  options?: ExplainOptions<Output>,
): string[] {
  const provenance = explainOutput(machine, trace, input, options);
  if (provenance.status !== "exact") throw new Error(provenance.status);
  return provenance.witnesses.list(1000).map(String).sort();
}

describe("footprints", () => {
  type Input = { readonly kind: "append" | "get"; readonly key: string };
  const log: Machine<Map<string, string>, Input, string> = {
    initial: Map(),
    step: (state, { kind, key }) => {
      const text = state.get(key, "");
      return {
        state: kind === "append" ? state.set(key, text.length % 2 === 0 ? `${text}a` : `b${text}`) : state,
        output: text,
      };
    },
  };
  const asked: Input = { kind: "get", key: "x" };
  const confined: typeof log = { ...log, footprint: ({ key }) => [[key]] };

  test("let a slice leave out keys whose values are too many to list", () => {
    const trace = Array.from({ length: 60 }, (_, i): Input => ({ kind: "append", key: i % 3 === 0 ? "x" : "y" }));
    const budget = { valuesMax: 10 };
    const provenance = explainOutput(confined, trace, asked, { budget });
    expect(provenance.status).toBe("exact");
    expect(provenance.core).toHaveLength(20);
    const witness = provenance.status === "exact" ? provenance.witnesses.smallest() : [];
    expect(verify(confined, trace, asked, witness)).toMatchObject({
      isClosed: true,
      isMinimal: true,
    });
  });

  test("give the witnesses that brute force gives", () => {
    const draw = new Draw(33);
    for (let i = 0; i < 300; i += 1) {
      const trace = draw.list(draw.below(9), (): Input => ({ kind: "append", key: draw.pick(["x", "y"]) }));
      const found = explainOutput(confined, trace, asked, { budget: { valuesMax: 2 } });
      if (found.status !== "exact") throw new Error(found.status);
      expect(found.witnesses.list(1000).map(String).sort()).toEqual(
        bruteForce(confined, trace, asked).witnesses.map(String).sort(),
      );
    }
  });

  test("are kept: a step that touches another cell is refused with its name", () => {
    const other: Input = { kind: "append", key: "y" };
    const wrong: typeof log = { ...log, footprint: () => [["x"]] };
    expect(() => explainOutput(wrong, [other], asked)).toThrow(UnusableMachine);
    expect(() => explainOutput(wrong, [other], asked)).toThrow(
      /touches the cell \['y'\], which is not in its footprint/,
    );
  });
});
