import { expect, test } from "vitest";
import { explainRun } from "../../../checker/explain/explain.js";
import { compile } from "../../../sim/compile.js";
import { reply } from "../../../sim/effect.js";
import type { Message, Sender } from "../../../sim/message.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { outcomeHolds, type Recorded, recordScript, removable, subsetsOf } from "./recorded.js";

interface LockState {
  readonly holder: Sender | null;
  readonly waiting: Sender | null;
}

const lock = nodeId("lock");

/** A lock that one may have, and one may wait for. */
const scenario = defineScenario({
  name: "lock",
  about: "Two clients take a lock, and one gives it back.",
  scope: "Two or three requests.",
  define: () => ({
    nodes: {
      lock: defineNode<LockState, Message>({
        role: "lock",
        start: () => become({ holder: null, waiting: null }),
        onMessage: {
          take: (state: LockState, _message: Message, from: Sender) =>
            state.holder === null
              ? become({ ...state, holder: from }, reply(from, { kind: "taken" }))
              : become({ ...state, waiting: from }),
          give: ({ waiting }: LockState, _message: Message, from: Sender) =>
            become(
              { holder: waiting, waiting: null },
              reply(from, { kind: "given" }),
              ...(waiting === null ? [] : [reply(waiting, { kind: "taken" })]),
            ),
        },
      }),
    },
    workload: {
      ann: inOrder(operation(lock, { kind: "take" }), operation(lock, { kind: "give" })),
      bob: inOrder(operation(lock, { kind: "take" })),
      cat: inOrder(operation(lock, { kind: "take" })),
    },
    properties: [],
    faults: { drop: 1 },
  }),
});

/** Why bob has no answer: the explanations by number of the step, and by brute force over all that may be left out. */
function whyNoAnswer({ trace }: Recorded): readonly (readonly number[])[] {
  const event = trace.choices.findIndex((choice) => choice?.kind === "invoke" && String(choice.client) === "bob");
  const explanation = explainRun(trace, { kind: "no-answer", event });
  expect(explanation.status).toBe("exact");
  expect(explanation.ends?.length).toBeGreaterThan(0);
  const holds = outcomeHolds(trace, explanation);
  const events = removable(trace);
  const changing = subsetsOf(events).filter((subset) => !holds((one) => subset.includes(one)));
  const closed = subsetsOf(events).filter((kept) =>
    changing.every((leftOut) => leftOut.some((one) => kept.includes(one))),
  );
  const minimal = closed.filter((set) => !closed.some((other) => other.length < set.length && isIn(other, set)));
  expect(explanation.alternatives.map(String).sort()).toEqual(minimal.map(String).sort());
  return explanation.alternatives.map((set) => set.map((one) => one - trace.initialEvents + 1));
}

function isIn(small: readonly number[], large: readonly number[]): boolean {
  return small.every((one) => large.includes(one));
}

const annTakes = ["invoke @ann:0", "deliver @ann->@lock"];
const bobAsks = ["invoke @bob:0", "deliver @bob->@lock"];

test("a client that waits for a lock has no answer because another one took it before", () => {
  expect(whyNoAnswer(recordScript(compile(scenario), [...annTakes, ...bobAsks]))).toEqual([[1, 2]]);
});

test("either of two clients that asked before would have kept it waiting", () => {
  const catTakes = ["invoke @cat:0", "deliver @cat->@lock"];
  const explanations = whyNoAnswer(recordScript(compile(scenario), [...annTakes, ...catTakes, ...bobAsks]));

  expect(explanations).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("a request that was not delivered is kept from an answer by nothing that happened", () => {
  expect(whyNoAnswer(recordScript(compile(scenario), [...annTakes, "invoke @bob:0"]))).toEqual([[]]);
});

test("an answer that was dropped is explained by its sending and its loss", () => {
  const run = recordScript(compile(scenario), [...bobAsks, "drop @lock->@bob"]);

  expect(whyNoAnswer(run)).toEqual([[1, 2, 3]]);
});
