import type { AbsenceEnd } from "../checker/explain/absence.js";
import { eventsOf } from "../checker/explain/answer.js";
import type { Explanation, ViolationExplanation } from "../checker/explain/explanation.js";
import type { Graph, Vertex } from "../checker/explain/graph.js";
import { eventOf } from "../checker/explain/question.js";
import type { SpecificationVerdict } from "../checker/provenance/specification.js";
import type { Trace } from "../sim/trace.js";
import { type EdgeJson, edgesInto, type EventJson, eventJson } from "./event-json.js";
import { numberOfEvent } from "./event-text.js";
import { questionText } from "./question-text.js";

/** An explanation as the document of `why`; counts too large for a number are strings of digits. */
export function explanationJson(trace: Trace, explanation: Explanation) {
  const events = (list: readonly number[]) => list.map((event) => eventJson(trace, event));
  const { outcome, core, smallest, violation, closure, graph, ends } = explanation;
  return {
    status: explanation.status,
    mode: explanation.mode,
    asked: outcome.kind,
    outcome: eventJson(trace, outcome.event),
    core: core === null ? null : events(core),
    smallest: smallest === null ? null : events(smallest),
    count: countJson(explanation.count),
    alternatives: explanation.alternatives.map((one) => one.map((event) => numberOfEvent(trace, event))),
    responsibility: explanation.responsibility.map(({ event, value, others }) => ({
      id: numberOfEvent(trace, event),
      value,
      others: others === null ? null : others.map((other) => numberOfEvent(trace, other)),
    })),
    causalPast: events(explanation.causalPast),
    chain: events(explanation.chain),
    violation: violation === null ? null : violationJson(trace, violation),
    closure:
      closure === null
        ? null
        : { ...closure, counterexample: closure.counterexample === null ? null : events(closure.counterexample) },
    rules: (graph?.checkedRules ?? []).map(({ event, verdict }) => ruleJson(trace, event, verdict)),
    ends: ends === null ? null : ends.map((end) => endJson(trace, end)),
    graph: graph === null ? causalGraph(trace, explanation.causalPast) : graphJson(trace, graph),
  };
}

function countJson(count: bigint | null): number | string | null {
  if (count === null) return null;
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : String(count);
}

function violationJson(trace: Trace, violation: ViolationExplanation) {
  return {
    property: violation.property,
    status: violation.status,
    core: violation.core.map((event) => eventJson(trace, event)),
    smallest: violation.smallest.map((event) => eventJson(trace, event)),
    count: countJson(violation.count),
  };
}

function ruleJson(trace: Trace, event: number, verdict: SpecificationVerdict) {
  const numbered = (events: readonly number[]) => events.map((one) => numberOfEvent(trace, one));
  const counterexample = verdict.kind === "unsound" ? numbered(verdict.counterexample) : null;
  const superfluous = verdict.kind === "not-minimal" ? numberOfEvent(trace, verdict.superfluous) : null;
  const missing = verdict.kind === "incomplete" ? numbered(verdict.missing) : null;
  return { id: numberOfEvent(trace, event), verdict: verdict.kind, counterexample, superfluous, missing };
}

function endJson(trace: Trace, end: AbsenceEnd) {
  return { kind: end.kind, event: eventJson(trace, end.event), text: end.kind === "in-flight" ? end.text : null };
}

function causalGraph(trace: Trace, past: readonly number[]): { readonly edges: readonly EdgeJson[] } {
  return { edges: past.flatMap((event) => edgesInto(trace, event)) };
}

/** The AND/OR graph: questions with their alternatives, and events that lead to questions. */
function graphJson(trace: Trace, graph: Graph) {
  const vertices = graph.vertices();
  const numbers = new Map(vertices.map((vertex, number) => [vertex, number]));
  const behind = (event: number): number | "frontier" | null => {
    const found = graph.behind(event);
    if (found === undefined) return null;
    return found.vertex === undefined ? "frontier" : (numbers.get(found.vertex) as number);
  };
  const events = new Set([
    ...graph.required,
    ...vertices.flatMap((vertex) => [...vertex.required, ...eventsOf(vertex.answer)]),
  ]);
  return {
    outcome: {
      events: graph.required.map((event) => numberOfEvent(trace, event)),
      questions: graph.roots.map((root) => {
        const vertex = graph.vertex(root);
        return vertex === undefined ? "frontier" : (numbers.get(vertex) as number);
      }),
    },
    questions: vertices.map((vertex, number) => ({ number, ...vertexJson(trace, vertex) })),
    /** Each event, with the question that it leads to. */
    events: [...events]
      .sort((a, b) => a - b)
      .map((event): EventJson & { readonly question: number | "frontier" | null } => ({
        ...eventJson(trace, event),
        question: behind(event),
      })),
    frontier: graph.frontier().map((question) => questionText(trace, question)),
    edges: vertices.flatMap((vertex) => edgesOf(trace, vertex)),
  };
}

function vertexJson(trace: Trace, { question, required, answer }: Vertex) {
  const numbered = (events: Iterable<number>) => [...events].map((event) => numberOfEvent(trace, event));
  return {
    text: questionText(trace, question),
    status: answer.status,
    required: numbered(required),
    core: numbered(answer.core),
    union: numbered([...eventsOf(answer)].sort((a, b) => a - b)),
    count: countJson(answer.count),
    smallest: answer.some[0] === undefined ? null : numbered(answer.some[0]),
  };
}

/** From each event that some alternative has to the event that it explains. */
function edgesOf(trace: Trace, { question, answer }: Vertex): EdgeJson[] {
  const to = eventOf(question);
  if (!Number.isFinite(to)) return [];
  return [...eventsOf(answer)].map((event) => ({
    from: numberOfEvent(trace, event),
    to: numberOfEvent(trace, to),
    via: "state",
  }));
}
