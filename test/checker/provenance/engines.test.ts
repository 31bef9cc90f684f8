import { Map, Record } from "immutable";
import { expect, test } from "vitest";
import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import type { Engine } from "../../../checker/provenance/group.js";
import type { Machine } from "../../../checker/provenance/machine.js";
import { verify } from "../../../checker/provenance/verify.js";
import { firstDifference } from "./against-brute-force.js";
import { casesOf } from "./cases.js";
import { nodeCases } from "./node-cases.js";
import { subjects } from "./subjects.js";

const rows = subjects.map((subject) => [subject.name, casesOf(subject)] as const);
const nodes = nodeCases.map((source) => [source.name, source] as const);

test.each(rows)(
  "%s: on 1,200 short traces each engine in turn finds exactly the witnesses and cuts of the definition",
  (_, source) => {
    expect(
      firstDifference(source, { seed: 20181011, count: 1200, lengths: [0, 7], engines: "in turn" }),
    ).toBeUndefined();
  },
);

test.each(rows)(
  "%s: on traces of 8 to 12 inputs all engines find exactly the witnesses and cuts of the definition",
  (_, source) => {
    expect(firstDifference(source, { seed: 20181013, count: 8, lengths: [8, 12], engines: "all" })).toBeUndefined();
  },
);

test.each(nodes)(
  "%s: given what happened to them in runs, each engine in turn finds exactly the witnesses and cuts of the definition",
  (_, source) => {
    expect(firstDifference(source, { seed: 20181014, count: 80, lengths: [0, 5], engines: "in turn" })).toBeUndefined();
    expect(firstDifference(source, { seed: 20181015, count: 2, lengths: [6, 8], engines: "all" })).toBeUndefined();
  },
);

class Notes extends Record({ items: Map<string, number>(), log: 0 }) {}

/** Notes how many items there are; found by the soak test. */
const notes: Machine<Notes, "put" | "note" | "clear" | "read", number> = {
  initial: new Notes(),
  step: (state, input) => {
    if (input === "put") return { state: state.setIn(["items", "z"], 1), output: 0 };
    if (input === "clear") return { state: state.set("items", Map()), output: 0 };
    if (input === "note") return { state: state.set("log", state.log * 2 + state.items.size), output: 0 };
    return { state, output: state.log };
  },
};

test.each<Engine>(["auto", "diagram", "summaries", "joint", "lazy"])(
  "%s: a collection that a needed input cleared is empty for those who read it whole, although the slice leaves the clearing out",
  (engine) => {
    const provenance = explainOutput(notes, ["put", "put", "note", "clear", "note"], "read", { engine });
    expect(provenance.status === "exact" && provenance.witnesses.list(9).map(String).sort()).toEqual([
      "0,2,3,4",
      "1,2,3,4",
    ]);
  },
);

/** Relies on the number being there before it is doubled: without it, it remembers NaN, and what was never there. */
const careless: Machine<Map<string, unknown>, "put" | "double" | "read", unknown> = {
  initial: Map<string, unknown>(),
  step: (state, input) => {
    const number = state.get("number") as number;
    if (input === "put") return { state: state.set("number", 2), output: null };
    if (input === "double") return { state: state.set("doubled", [2 * number, number]), output: null };
    return { state, output: state.get("doubled") ?? null };
  },
};

test.each<Engine>(["auto", "diagram", "summaries", "joint", "lazy"])(
  "%s: values that no run could keep are told apart on subtraces that never were",
  (engine) => {
    const trace = ["put", "double", "double"] as const;
    const provenance = explainOutput(careless, trace, "read", { engine });
    const witnesses = provenance.status === "exact" ? provenance.witnesses.list(9) : [];
    expect(witnesses.map(String).sort()).toEqual(["0,1", "0,2"]);
    expect(bruteForce(careless, trace, "read").witnesses.map(String)).toEqual(["0,1", "0,2"]);
    expect(witnesses.map((witness) => verify(careless, trace, "read", witness).isClosed)).toEqual([true, true]);
  },
);
