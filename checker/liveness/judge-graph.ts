import { isReached, isTrue, judgeHolds } from "../../sim/judge.js";
import type { Property, PropertyOf } from "../../sim/property.js";
import type { System } from "../../sim/system.js";
import type { View } from "../../sim/view.js";
import type { InSlices, Pace } from "../pace.js";
import type { Witness } from "../verdict.js";
import { mayStop } from "./fair-components.js";
import { fairActions } from "./fairness.js";
import type { StateGraph } from "./graph.js";
import { decide, type Obligation } from "./obligation.js";
import { judgeRefinement } from "./refinement.js";
import { canReach, shortestPath } from "./shortest-path.js";
import { StateQuestion } from "./state-question.js";
import { counted, lassoDetail, witnessOf } from "./witness-of.js";

/** The properties that are decided on the whole state graph. */
export type GraphProperty = PropertyOf<"at-quiescence" | "eventually" | "leads-to" | "stays-reachable" | "refines">;

/** What the graph says of a property. */
export interface Judged {
  readonly witness?: Witness;
  /** Nothing reachable puts it to the test. */
  readonly isVacuous: boolean;
}

export function isGraphProperty(property: Property): property is GraphProperty {
  switch (property.kind) {
    case "always":
    case "step":
    case "sometimes":
      return false;
    case "at-quiescence":
    case "eventually":
    case "leads-to":
    case "stays-reachable":
    case "refines":
      return true;
  }
}

/**
 * Decides a property on all states of a system and all steps between them.
 *
 * @throws NodeFailure when the property's code throws.
 */
export function* judgeOnGraph(
  system: System,
  graph: StateGraph,
  property: GraphProperty,
  pace: Pace,
): InSlices<Judged> {
  const question = <T>(ask: (view: View) => T) => new StateQuestion(system, graph, ask, pace);
  switch (property.kind) {
    case "at-quiescence":
      return yield* judgeQuiescence(system, graph, property, pace);
    case "eventually": {
      const reached = question((view) => isReached(property, view));
      const begins = (_: number, isFirst: boolean): boolean => isFirst;
      const obligation = { begins, isDischarged: (state: number) => reached.of(state) };
      return yield* judgeObligation(system, graph, property, obligation, pace);
    }
    case "leads-to": {
      const from = question((view) => isTrue(property, (seen) => property.from(seen(view))));
      const to = question((view) => isTrue(property, (seen) => property.to(seen(view))));
      const obligation = {
        begins: (state: number) => from.of(state),
        isDischarged: (state: number) => to.of(state),
      };
      return yield* judgeObligation(system, graph, property, obligation, pace);
    }
    case "stays-reachable":
      return yield* judgeReachability(system, graph, property, pace);
    case "refines":
      return yield* judgeRefinement(system, graph, property, pace);
  }
}

function* judgeObligation(
  system: System,
  graph: StateGraph,
  property: PropertyOf<"eventually" | "leads-to">,
  obligation: Obligation,
  pace: Pace,
): InSlices<Judged> {
  const actions = fairActions(system, property.fairness, graph.choices);
  const { lasso, isExercised } = yield* decide(graph, actions, obligation, pace);
  if (lasso === undefined) return { isVacuous: !isExercised };
  const { stem, loop } = lasso;
  const witness = witnessOf(graph, property, lassoDetail(stem.length, loop.length), [...stem, ...loop]);
  return { isVacuous: false, witness: loop.length === 0 ? witness : { ...witness, loop: stem.length } };
}

function* judgeReachability(
  system: System,
  graph: StateGraph,
  property: PropertyOf<"stays-reachable">,
  pace: Pace,
): InSlices<Judged> {
  const reached = new StateQuestion(system, graph, (view) => isReached(property, view), pace);
  const reaches = yield* canReach(graph, (state) => reached.of(state), pace);
  pace.begin("the nearest state that does not lead there", graph.size);
  const lost = yield* shortestPath(graph, (state) => reaches[state] === 0, pace);
  if (lost === undefined) {
    // Where every state satisfies it, no way back is ever needed.
    pace.begin("a state from which there is a way to go", graph.size);
    return { isVacuous: (yield* shortestPath(graph, (state) => !reached.of(state), pace)) === undefined };
  }
  const detail =
    lost.edges.length === 0
      ? "no state that can be reached satisfies it"
      : `after ${counted(lost.edges.length, "step")} no choices lead there any more`;
  return { isVacuous: false, witness: witnessOf(graph, property, detail, lost.edges) };
}

function* judgeQuiescence(
  system: System,
  graph: StateGraph,
  property: PropertyOf<"at-quiescence">,
  pace: Pace,
): InSlices<Judged> {
  const actions = fairActions(system, { weak: [], strong: [] }, graph.choices);
  const judgement = new StateQuestion(system, graph, (view) => judgeHolds(property, view), pace);
  let isVacuous = true;
  const isBroken = (state: number): boolean => {
    if (!mayStop(graph, actions, state)) return false;
    isVacuous = false;
    return judgement.of(state) !== undefined;
  };
  pace.begin("the states where runs may end", graph.size);
  const found = yield* shortestPath(graph, isBroken, pace);
  if (found === undefined) return { isVacuous };
  return { isVacuous, witness: witnessOf(graph, property, judgement.of(found.node)?.detail ?? "", found.edges) };
}
