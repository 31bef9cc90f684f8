import { expect, test } from "vitest";
import { clientObjects } from "../../../checker/history/in-search/client-objects.js";
import { history } from "../../../checker/history/in-search/history-property.js";
import { clientEvents, historyOfEvents } from "../../../checker/history/in-search/run-history.js";
import { modelOf } from "../../../checker/history/models/models.js";
import { register as scenario, registerServer } from "../../../scenarios/register.js";
import type { ClientHistory } from "../../../sim/client-history.js";
import { compile } from "../../../sim/compile.js";
import { enabledChoices } from "../../../sim/enabled.js";
import type { Message } from "../../../sim/message.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { run } from "../../../sim/run.js";
import { namesOf } from "../../../sim/schedule.js";
import { firstInOrder } from "../../../sim/strategy/listing.js";
import { anyOf, operation } from "../../../sim/workload.js";

const server = nodeId("server");
const write = operation(server, { kind: "write", value: 1 } as Message);
const asked = () => ({ f: "write", value: 1 });
const answer = () => null;

function writing(history: unknown) {
  return compile(
    defineScenario({
      name: "writing",
      about: "A client writes twice.",
      scope: "Finite.",
      define: () => ({
        nodes: { server: registerServer },
        workload: { ann: anyOf([write], { budget: 2 }) },
        errors: [{ role: "register", kinds: ["write"], reply: { kind: "overloaded" } }],
        faults: { error: 1 },
        properties: [],
        history: history as ClientHistory,
      }),
    }),
  );
}

test.each([
  [
    { specification: modelOf("register") },
    "its `history` does not tell how requests and replies are to be read; give it { specification, asked(request), answer(reply, request) }.",
  ],
  [
    { specification: { name: "mine" }, asked, answer },
    'the specification of its `history` lacks name, initial, apply or refusal; give one of Hindcast\'s, such as modelOf("register"), or one of your own with all of these.',
  ],
  [
    { specification: modelOf("register"), asked: () => ({ f: "push" }), answer },
    "what its clients do cannot be read as operations of a register: `asked` reads the request {kind:'write',value:1} of ann as push(), but the model register knows read, write, and found push; correct `asked` and `answer`, or give another specification.",
  ],
  [
    { specification: modelOf("register"), asked: () => "write", answer },
    "what its clients do cannot be read as operations of a register: `asked` reads the request {kind:'write',value:1} of ann as no operation: return { f, key, value }, with a function's name as f, or null for a request that is none of the object's; correct `asked` and `answer`, or give another specification.",
  ],
  [
    {
      specification: modelOf("register"),
      asked: () => {
        throw new Error("no idea");
      },
      answer,
    },
    "what its clients do cannot be read as operations of a register: no idea; correct `asked` and `answer`, or give another specification.",
  ],
])("a history that cannot be used is refused with what to do", (history, problem) => {
  expect(() => clientObjects(writing(history))).toThrow(problem);
});

test.each([
  [
    [{ specification: modelOf("register"), asked, answer }],
    'the history property "mine" asks for no consistency model; give one of linearizable, sequential, ',
  ],
  [["linearisable", { specification: modelOf("register"), asked, answer }], 'asks for "linearisable"; give one of '],
  [["causal"], 'the history property "mine" does not tell how requests and replies are to be read; give it '],
  [
    ["causal", { specification: {}, asked, answer }],
    'the specification of the history property "mine" lacks name, initial, apply or refusal',
  ],
])("a history property that cannot be used is refused where it is made: %j", (rest, problem) => {
  expect(() => history("mine", ...(rest as [never, never]))).toThrow(problem);
});

test("a reply that tells nothing leaves its operation of unknown outcome", () => {
  const system = writing({
    specification: modelOf("register"),
    asked,
    answer: (reply: Message) => (reply.kind === "overloaded" ? undefined : null),
  });
  const choices = ["invoke", "error", "deliver", "invoke", "deliver", "deliver"];
  let step = 0;
  const { choices: taken } = run(
    system,
    () => ({
      name: "by kind",
      next: (world) => {
        const wanted = choices[step];
        step += 1;
        return enabledChoices(system, world).find(({ kind }) => kind === wanted);
      },
    }),
    { maxSteps: choices.length },
  );
  const [object] = clientObjects(system);

  const history = object === undefined ? [] : historyOfEvents(clientEvents(system, namesOf(taken)), object);

  expect(history.map(({ outcome }) => outcome)).toEqual(["info", "ok"]);
});

test("the history of a run has its operations in the order in which they were invoked and returned", () => {
  const system = compile(scenario);
  const { choices } = run(system, firstInOrder(), { maxSteps: 100 });
  const [object] = clientObjects(system);

  const history = object === undefined ? [] : historyOfEvents(clientEvents(system, namesOf(choices)), object);

  expect(history).toHaveLength(4);
  expect(history.every(({ outcome, invoked, returned }) => outcome === "ok" && invoked < returned)).toBe(true);
  expect(
    history
      .filter(({ f }) => f === "read")
      .map(({ process }) => process)
      .sort(),
  ).toEqual(["c1", "c2"]);
});
