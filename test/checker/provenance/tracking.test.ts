import { isMap, isRecord, List, Map, OrderedMap, Record, Set } from "immutable";
import { describe, expect, test } from "vitest";
import { auditTracking } from "../../../checker/provenance/audit.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import { type Machine, UnusableMachine } from "../../../checker/provenance/machine.js";
import { Transitions } from "../../../checker/provenance/transitions.js";
import { lookupIn } from "../../../checker/provenance/query.js";
import { encode } from "../../../sim/value.js";
import { Draw } from "./random.js";
import { subjects } from "./subjects.js";

class State extends Record({
  items: Map<string, unknown>({ a: 1, b: Map({ c: 2 }) }),
  members: Set<string>(["a", "b"]),
  number: 7,
  list: List([1, 2]),
}) {
  get isBig(): boolean {
    return this.number > 5;
  }
}

/** What one function of the state reads (as paths; `*` is a whole collection), writes, and gives. */
function traced<S>(initial: S, step: (state: S) => readonly [S, unknown]) {
  const machine: Machine<S, null, unknown> = {
    initial,
    step: (state) => {
      const [after, output] = step(state);
      return { state: after, output };
    },
  };
  const transitions = new Transitions(machine);
  const { cells } = transitions;
  const leaf = transitions.execute(transitions.inputId(null), lookupIn(transitions.rowAfter([])));
  const shown = (cell: number): string => cells.path(cell).join(".");
  return {
    reads: leaf.reads
      .map((read) => (read >= 0 ? shown(read) : `${cells.pathOfRegion(-1 - read).join(".")}*`))
      .filter((read) => read !== ""),
    writes: leaf.changes.sets.filter((_, i) => i % 2 === 0).map(shown),
    clears: leaf.changes.clears.filter((region) => (cells.regions[region]?.cells.length ?? 0) > 0).length,
    output: leaf.outcome.kind === "output" ? leaf.outcome.value : leaf.outcome,
  };
}

const ofState = (step: (state: State) => readonly [State, unknown]) => traced(new State(), step);
const asks = (question: (state: State) => unknown) => ofState((state) => [state, question(state)]);
const does = (change: (state: State) => State) => ofState((state) => [change(state), null]);

describe("reads", () => {
  test.each<[string, (state: State) => unknown, string[], unknown]>([
    ["a field", (state) => state.number, ["number"], 7],
    ["a field by get", (state) => state.get("number"), ["number"], 7],
    ["a getter of the author's class", (state) => state.isBig, ["number"], true],
    ["a key", (state) => state.items.get("a"), ["items", "items.a"], 1],
    ["an absent key", (state) => state.items.get("z", "none"), ["items", "items.z"], "none"],
    ["a key by has", (state) => state.items.has("z"), ["items", "items.z"], false],
    ["a path", (state) => state.getIn(["items", "b", "c"]), ["items", "items.b"], 2],
    ["a path that ends nowhere", (state) => state.hasIn(["items", "z", "c"]), ["items", "items.z"], false],
    ["a member", (state) => state.members.has("a"), ["members", "members.a"], true],
    ["size, hence all", (state) => state.items.size, ["items", "items*"], 2],
    ["iteration, hence all", (state) => [...state.members].length, ["members", "members*"], 2],
    ["toString, hence all", (state) => String(state.items), ["items", "items*"], 'Map { "a": 1, "b": Map { "c": 2 } }'],
    ["equals, hence all", (state) => state.members.equals(Set(["a", "b"])), ["members", "members*"], true],
    ["isMap, which reads no key", (state) => isMap(state.items), ["items"], true],
    ["isRecord, which reads nothing", (state) => isRecord(state), [], true],
    ["a List, which is one cell", (state) => state.list.get(1), ["list"], 2],
    ["a collection that is given back", (state) => state.members, ["members", "members*"], Set(["a", "b"])],
  ])("%s", (_, question, reads, output) => {
    const found = asks(question);
    expect(found.reads).toEqual(reads);
    expect(found.writes).toEqual([]);
    expect(encode(found.output)).toBe(encode(output));
  });

  test("all fields, when the Record is turned into something else", () => {
    expect(asks((state) => state.toJS()).reads).toEqual(["items", "items*", "members", "members*", "number", "list"]);
  });
});

describe("writes", () => {
  test.each<[string, (state: State) => State, string[], string[]]>([
    ["a field", (state) => state.set("number", 8), [], ["number"]],
    ["a key, unseen", (state) => state.set("items", state.items.set("a", 5)), ["items"], ["items.a"]],
    ["a key by a path, unseen", (state) => state.setIn(["items", "a"], 5), ["items"], ["items.a"]],
    ["inside a key", (state) => state.setIn(["items", "b", "c"], 5), ["items", "items.b"], ["items.b"]],
    ["a removed key", (state) => state.removeIn(["items", "a"]), ["items"], ["items.a"]],
    [
      "an updated key",
      (state) => state.update("items", (map) => map.update("a", (a) => Number(a) + 1)),
      ["items", "items.a"],
      ["items.a"],
    ],
    [
      "merged keys",
      (state) => state.update("items", (map) => map.merge({ a: 3, z: 4 })),
      ["items"],
      ["items.a", "items.z"],
    ],
    ["merged fields", (state) => state.merge({ number: 3 }), [], ["number"]],
    [
      "a member",
      (state) => state.update("members", (set) => set.add("z").remove("a")),
      ["members"],
      ["members.z", "members.a"],
    ],
    [
      "only what differs, after a filter",
      (state) => state.update("members", (set) => set.filter((member) => member !== "a")),
      ["members", "members*"],
      ["members.a"],
    ],
    [
      "nothing, when an updater gives back the old value",
      (state) => state.updateIn(["items", "a"], (a) => a),
      ["items", "items.a"],
      [],
    ],
    [
      "nothing, when the value read is written back",
      (state) => state.setIn(["items", "a"], state.items.get("a")),
      ["items", "items.a"],
      [],
    ],
    [
      "a rebuilt Record",
      (state) => new State({ items: state.items, members: state.members, number: 9, list: state.list }),
      ["items", "members", "list"],
      ["number"],
    ],
  ])("%s", (_, change, reads, writes) => {
    const found = does(change);
    expect(found.reads.filter((read) => read !== "number")).toEqual(reads);
    expect(found.writes).toEqual(writes);
    expect(found.clears).toBe(0);
  });

  test("a collection that is replaced unseen is cleared, and none of its keys is read", () => {
    const found = does((state) => state.set("items", Map({ z: 1 })));
    expect(found).toMatchObject({ reads: [], writes: ["items", "items.z"], clears: 1 });
  });

  test("a wrapped collection that is put elsewhere is unwrapped, however deep", () => {
    const machine: Machine<State, string, unknown> = {
      initial: new State(),
      step: (state, input) =>
        input === "show"
          ? { state, output: state.items.get("z") ?? null }
          : { state: state.setIn(["items", "z"], List([{ kept: state.members }])), output: null },
    };
    const { outcome, status } = explainOutput(machine, ["store"], "show");
    expect(status).toBe("exact");
    expect(encode(outcome)).toBe(encode({ kind: "output", value: List([{ kept: Set(["a", "b"]) }]) }));
  });
});

describe("the shape of a state", () => {
  test("a Map at the top has a cell for each key", () => {
    expect(traced(Map({ a: 1, b: 2 }), (state) => [state.set("b", 3), state.get("a")])).toMatchObject({
      reads: ["a"],
      writes: ["b"],
    });
  });

  test("an OrderedMap is one cell, because its order is part of it", () => {
    expect(traced(OrderedMap({ a: 1 }), (state) => [state, state.get("a")])).toMatchObject({
      reads: [],
      writes: [],
      output: 1,
    });
  });

  test("keys are found by content, and 1 is another key than '1'", () => {
    const initial = Map<unknown, number>([
      [List([1]), 5],
      [1, 6],
      ["1", 7],
    ]);
    const found = traced(initial, (state) => [state, [state.get(List([1])), state.get(1), state.get("1")]]);
    expect(found.output).toEqual([5, 6, 7]);
    expect(found.reads).toHaveLength(3);
  });

  test("a plain object as a key is found by identity, as immutable-js does, and reads all", () => {
    const key = { id: 1 };
    const found = traced(Map<object, number>([[key, 5]]), (state) => [
      state,
      [state.get(key) ?? null, state.get({ id: 1 }) ?? null],
    ]);
    expect(found.output).toEqual([5, null]);
    expect(found.reads).toEqual(["*"]);
  });
});

test.each(subjects.map((subject) => [subject.name, subject] as const))(
  "%s: a step depends on no cell that it does not seem to read",
  (_, subject) => {
    const draw = new Draw(4);
    for (let i = 0; i < 60; i += 1) {
      const trace = [...draw.list(8, () => subject.input(draw)), subject.question(draw)];
      expect(auditTracking(subject.machine, trace, { choose: draw.below, rounds: 3 })).toBeUndefined();
    }
  },
);

test("the audit finds a step that knows more than the tracker saw", () => {
  const states: Map<string, number>[] = [];
  const spying: Machine<Map<string, number>, string, number> = {
    initial: Map(),
    step: (state, key) => {
      states.push(state);
      return { state: state.set(key, 1), output: states.length };
    },
  };
  expect(auditTracking(spying, ["a", "b"], { choose: () => 0, rounds: 1 })).toMatch(
    /Position 0: the tracked step gives/,
  );
});

test("a step that reads other cells in an equal state is refused with a sentence", () => {
  let times = 0;
  const unsteady: Machine<Map<string, number>, string, number> = {
    initial: Map(),
    step: (state, input) => {
      times += 1;
      const value = state.get(`${input}${times}`, 0) + state.get("x", 0);
      return { state: state.set("x", value + times), output: value };
    },
  };
  expect(() => explainOutput(unsteady, ["a", "a", "a"], "a")).toThrow(UnusableMachine);
  expect(() => explainOutput(unsteady, ["a", "a", "a"], "a")).toThrow(/reads different cells in equal states/);
});

describe("plain objects and nested Records", () => {
  interface Plain {
    readonly number: number;
    readonly other: number;
    readonly items: Map<string, number>;
  }
  const plain: Plain = { number: 1, other: 2, items: Map({ a: 1 }) };

  test.each<[string, (state: Plain) => readonly [Plain, unknown], readonly string[], readonly string[]]>([
    ["a field that is read alone", (state) => [state, state.number], ["number"], []],
    ["a key of a field", (state) => [state, state.items.get("a")], ["items", "items.a"], []],
    [
      "an object built anew, of which one field differs",
      ({ number, other, items }) => [{ number: number + 1, other, items }, null],
      ["number", "other", "items"],
      ["number"],
    ],
    [
      "a spread, of which one key of a field differs",
      (state) => [{ ...state, items: state.items.set("b", 2) }, null],
      ["items", "number", "other"],
      ["items.b"],
    ],
  ])("%s", (_, step, reads, writes) => {
    const seen = traced(plain, step);

    expect([...seen.reads].sort()).toEqual([...reads].sort());
    expect(seen.writes).toEqual(writes);
  });

  test("a nested Record is followed to its keys, and only where the machine says so", () => {
    class Outer extends Record({ inner: new State(), counter: 0 }) {}
    const machine: Machine<Outer, "inc" | "see", number> = {
      initial: new Outer(),
      nested: ["inner"],
      step: (state, input) => ({
        state: input === "inc" ? state.set("inner", state.inner.set("number", 7)) : state,
        output: Number(state.inner.items.get("a", 0)),
      }),
    };
    const readsOf = (one: typeof machine) => {
      const transitions = new Transitions(one);
      return transitions
        .execute(transitions.inputId("inc"), lookupIn(transitions.rowAfter([])))
        .reads.map((read) => transitions.cells.path(read).join("."));
    };

    expect(readsOf(machine)).toEqual(["", "inner", "inner.items", "inner.items.a"]);
    const { nested, ...whole } = machine;
    expect(nested).toEqual(["inner"]);
    expect(readsOf(whole)).toEqual(["", "inner"]);
  });
});
