import { List, Record } from "immutable";
import { reply } from "../sim/effect.js";
import type { Sender } from "../sim/message.js";
import { become, defineNode, type NodeDefinition, type Reaction } from "../sim/node.js";

export type ClassifierRequest =
  /** A training example; whole numbers keep the arithmetic exact. */
  | { readonly kind: "train"; readonly features: readonly number[]; readonly label: 1 | -1 }
  | { readonly kind: "classify"; readonly features: readonly number[] };

export type ClassifierReply = { readonly kind: "ok" } | { readonly kind: "label"; readonly label: 1 | -1 };

/** A linear separator. */
export class ClassifierState extends Record({ weights: List<number>(), bias: 0 }) {}

/**
 * An online linear classifier that learns from its margin errors (the perceptron with a margin; Crammer et al. 2006 for the
 * family that online support vector machines belong to): an example that is not at least `margin` on its side is added.
 * It has no provenance specification: what supports an answer depends on all that was learnt before.
 */
export function applyClassifier(
  state: ClassifierState,
  request: ClassifierRequest,
): readonly [ClassifierState, ClassifierReply] {
  const score = scoreOf(state, request.features);
  if (request.kind === "classify") return [state, { kind: "label", label: score >= 0 ? 1 : -1 }];
  const { features, label } = request;
  if (label * score >= margin) return [state, { kind: "ok" }];
  const weights = List(features.map((feature, i) => (state.weights.get(i) ?? 0) + label * feature));
  return [new ClassifierState({ weights, bias: state.bias + label }), { kind: "ok" }];
}

const margin = 1;

function scoreOf({ weights, bias }: ClassifierState, features: readonly number[]): number {
  return features.reduce((sum, feature, i) => sum + feature * (weights.get(i) ?? 0), bias);
}

/** A node that learns from labelled examples and classifies others. */
export function classifier({
  role = "classifier",
}: {
  readonly role?: string;
} = {}): NodeDefinition<ClassifierState, ClassifierRequest> {
  return defineNode<ClassifierState, ClassifierRequest>({
    role,
    start: () => become(new ClassifierState()),
    onMessage: { train: answer, classify: answer },
  });
}

function answer(state: ClassifierState, request: ClassifierRequest, from: Sender): Reaction<ClassifierState> {
  const [after, response] = applyClassifier(state, request);
  return become(after, reply(from, response));
}
