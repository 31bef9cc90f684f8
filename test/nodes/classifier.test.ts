import { expect, test } from "vitest";
import { explainOutput } from "../../checker/provenance/explain-output.js";
import { applyClassifier, type ClassifierRequest, ClassifierState, classifier } from "../../nodes/classifier.js";
import { statelessService } from "../../nodes/stateless.js";
import { nodeId } from "../../sim/node-id.js";
import { contextOf } from "./context.js";

type Training = Extract<ClassifierRequest, { readonly kind: "train" }>;

const train = (label: 1 | -1, ...features: number[]): Training => ({ kind: "train", features, label });
const classify = (...features: number[]): ClassifierRequest => ({ kind: "classify", features });
const from = { node: nodeId("client") };

test("separable examples are learnt after enough rounds", () => {
  const examples: readonly Training[] = [train(1, 2, 1), train(-1, -1, -2), train(1, 1, 2), train(-1, -2, 0)];
  let state = new ClassifierState();
  for (let round = 0; round < 5; round += 1) for (const example of examples) state = applyClassifier(state, example)[0];
  for (const { features, label } of examples) {
    expect(applyClassifier(state, classify(...features))[1]).toEqual({ kind: "label", label });
  }
});

test("without a specification: each of three examples alone explains the answer", () => {
  const trace = [train(1, 3), train(1, 5), train(-1, -4)];
  const machine = {
    initial: new ClassifierState(),
    step: (before: ClassifierState, input: ClassifierRequest) => {
      const [state, output] = applyClassifier(before, input);
      return { state, output };
    },
  };
  const provenance = explainOutput(machine, trace, classify(-1));
  expect(provenance.outcome).toEqual({ kind: "output", value: { kind: "label", label: -1 } });
  // Nothing learnt gives 1; any one example makes the weight positive and the bias at most 1.
  expect(provenance.status === "exact" && provenance.witnesses.list(9)).toEqual([[0], [1], [2]]);
});

test("the nodes answer the sender", () => {
  const learner = classifier().onMessage.classify(
    new ClassifierState(),
    { kind: "classify", features: [1] },
    from,
    contextOf("classifier", ["c"], "c"),
  );
  expect(learner.effects).toEqual([{ kind: "send", to: from.node, message: { kind: "label", label: 1 } }]);
  const website = statelessService().onMessage.page(
    null,
    { kind: "page", path: "/a" },
    from,
    contextOf("website", ["w"], "w"),
  );
  expect(website.effects).toEqual([
    { kind: "send", to: from.node, message: { kind: "page-content", text: "The page at /a." } },
  ]);
});
