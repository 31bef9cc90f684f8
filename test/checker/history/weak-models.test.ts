import { describe, expect, test } from "vitest";
import { consistencyNames, type ConsistencyName, judgeConsistency } from "../../../checker/history/consistency.js";
import { modelOf, type ModelName } from "../../../checker/history/models/models.js";
import { type History, historyOf } from "../../../checker/history/operation.js";
import type { Value } from "../../../sim/value.js";

/** Operations one after the other in time, so that only the weaker models can accept what is out of order. */
function inTurn(
  ...operations: readonly (readonly [process: string, f: string, key: Value, value: Value, output?: Value])[]
): History {
  return historyOf(
    operations.flatMap(([process, f, key, value, output]) => [
      { process, f, key, value, type: "invoke" as const },
      { process, f, key, value: output ?? value, type: "ok" as const },
    ]),
  );
}

/** The litmus tests of the literature, each with all the models that accept it. */
const litmus: readonly (readonly [
  name: string,
  model: ModelName,
  history: History,
  accepted: readonly ConsistencyName[],
])[] = [
  [
    "a stale read by another process: sequential, not linearizable (Herlihy and Wing)",
    "register",
    inTurn(["a", "write", null, 1], ["b", "read", null, null, null]),
    [
      "sequential",
      "causal+",
      "causal",
      "read-your-writes",
      "monotonic-reads",
      "monotonic-writes",
      "writes-follow-reads",
    ],
  ],
  [
    "store buffering: both miss the other's write: causal+, not sequential (Lamport)",
    "register",
    inTurn(
      ["a", "write", "x", 1],
      ["a", "read", "y", null, null],
      ["b", "write", "y", 1],
      ["b", "read", "x", null, null],
    ),
    ["causal+", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  ],
  [
    "two readers see two concurrent writes in opposite orders: causal, not causal+ (Bouajjani et al.)",
    "register",
    inTurn(
      ["a", "write", null, 1],
      ["b", "write", null, 2],
      ["c", "read", null, null, 1],
      ["d", "read", null, null, 2],
      ["c", "read", null, null, 2],
      ["d", "read", null, null, 1],
    ),
    ["causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  ],
  [
    "a process does not see its own write: read your writes (Terry et al.)",
    "register",
    inTurn(["a", "write", null, 1], ["a", "read", null, null, null]),
    ["monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  ],
  [
    "a process sees a write and then no longer: monotonic reads",
    "register",
    inTurn(["a", "write", null, 1], ["b", "read", null, null, 1], ["b", "read", null, null, null]),
    ["read-your-writes", "monotonic-writes", "writes-follow-reads"],
  ],
  [
    "ZardozBook: the post is shown without the unfriending that its author did before: monotonic writes",
    "set",
    inTurn(["ava", "add", null, "unfriend Bob"], ["ava", "add", null, "post"], ["bob", "read", null, null, ["post"]]),
    ["read-your-writes", "monotonic-reads", "writes-follow-reads"],
  ],
  [
    "an answer is shown without the question that its author had read: writes follow reads",
    "set",
    inTurn(
      ["ava", "add", null, "question"],
      ["bob", "read", null, null, ["question"]],
      ["bob", "add", null, "answer"],
      ["carl", "read", null, null, ["answer"]],
    ),
    ["read-your-writes", "monotonic-reads", "monotonic-writes"],
  ],
  [
    "the same in two reads, which each guarantee alone allows: not causal",
    "key-value",
    inTurn(
      ["ava", "put", "question", "why?"],
      ["bob", "get", "question", null, "why?"],
      ["bob", "put", "answer", "because"],
      ["carl", "get", "answer", null, "because"],
      ["carl", "get", "question", null, ""],
    ),
    ["read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  ],
];

describe("litmus tests", () => {
  test.each(litmus)("%s", (_, model, history, accepted) => {
    const specification = modelOf(model);

    const weak = consistencyNames.filter((name) => name !== "eventual");
    const holds = weak.filter((name) => judgeConsistency(history, specification, name).kind === "holds");

    expect(holds).toEqual(weak.filter((name) => accepted.includes(name)));
  });

  test("final reads that differ do not converge, though every process is served in order", () => {
    const history = inTurn(
      ["a", "write", null, 1],
      ["b", "write", null, 2],
      ["a", "read", null, null, 1],
      ["b", "read", null, null, 2],
    );

    expect(judgeConsistency(history, modelOf("register"), "eventual").kind).toBe("violated");
    expect(judgeConsistency(history, modelOf("register"), "causal").kind).toBe("holds");
  });

  test("a violation says which read cannot be, and what it must have seen", () => {
    const history = inTurn(["a", "write", null, 1], ["b", "read", null, null, 1], ["b", "read", null, null, null]);

    const judged = judgeConsistency(history, modelOf("register"), "monotonic-reads");

    expect(judged).toMatchObject({
      kind: "violated",
      culprits: [{ operation: 2, reason: "it must have seen write 1 of process a, which overwrites what it read" }],
    });
  });

  test("of answers that are no reads of cells, a smallest set that cannot be explained is named", () => {
    const history = inTurn(
      ["a", "add", null, 1],
      ["b", "read", null, null, [1]],
      ["b", "read", null, null, []],
      ["c", "read", null, null, [1]],
    );

    const judged = judgeConsistency(history, modelOf("set"), "monotonic-reads");

    expect(judged.kind === "violated" && judged.culprits.map(({ operation }) => operation)).toEqual([1, 2]);
  });
});
