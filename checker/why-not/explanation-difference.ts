import { eventsOf } from "../explain/answer.js";
import type { Explanation } from "../explain/explanation.js";
import type { Graph, Vertex } from "../explain/graph.js";
import { eventOf, nameOf } from "../explain/question.js";
import { seenIn } from "./counterpart-outcome.js";
import type { RunDifference } from "./run-difference.js";

/** An event of the recorded run and the one of the same causal identity in the other, by their numbers in their runs. */
export interface SharedEvent {
  readonly recorded: number;
  readonly other: number;
}

/** A place of both explanations whose answers differ: the frontier at which the two graphs part. */
export interface Parting {
  /** The outcome, an event that did something which led to it in both runs, or the memory of a node that was looked at. */
  readonly at: ({ readonly kind: "event" } & SharedEvent) | { readonly kind: "memory"; readonly node: number };
  /** Events that it hangs on in the recorded run, and their counterparts, if any, not in the other. */
  readonly recorded: readonly number[];
  /** Events that it hangs on in the other run alone, by their numbers there. */
  readonly other: readonly number[];
  /** Recorded events, both of which it hangs on in both runs, that come in the other order in the other run. */
  readonly turned: readonly { readonly earlier: number; readonly later: number }[];
}

/** The difference of two explanations: of an outcome, and of what is in its place in another run. */
export interface ExplanationDifference {
  readonly recorded: Explanation;
  readonly other: Explanation;
  /** Events of both explanations. */
  readonly shared: readonly SharedEvent[];
  /** Events of the recorded explanation whose counterparts are not in the other one, or that have none. */
  readonly recordedOnly: readonly number[];
  /** Events of the other explanation alone, by their numbers in the other run. */
  readonly otherOnly: readonly number[];
  /** Where they part, what is nearest to the outcome first. All that is in one alone is in a parting, or behind one. */
  readonly partings: readonly Parting[];
}

/**
 * Compares the explanation of an outcome with that of its counterpart in another run: events are the same if they have the
 * same causal identity, whatever they carry. An explanation's events are those of any minimal one, or, where these are not
 * all known, those of the smallest that is known.
 *
 * If the explanations are exact and do not part anywhere, the outcomes are the same: each event of theirs is what it is
 * because of the same events before it, in the same order. Undefined where one of them explains nothing.
 */
export function explanationDifference(
  { counterparts }: RunDifference,
  recorded: Explanation,
  other: Explanation,
): ExplanationDifference | undefined {
  const [here, there] = [supportOf(recorded), supportOf(other)];
  if (here === undefined || there === undefined || recorded.graph === null || other.graph === null) return undefined;
  const places = new Map(counterparts.map((event, place) => [event, place]));
  if (isEvent(recorded) && isEvent(other)) {
    const place = other.outcome.event;
    // The outcomes are a pair, and no other event is.
    places.delete(counterparts[place] ?? -1);
    places.set(recorded.outcome.event, place);
  }
  return new Comparison(
    { explanation: recorded, graph: recorded.graph, support: here },
    { explanation: other, graph: other.graph, support: there },
    places,
  ).made();
}

/** Whether what is explained is that an event happened. */
function isEvent({ outcome, graph }: Explanation): boolean {
  return graph?.required.includes(outcome.event) === true;
}

/** The events of any explanation. */
function supportOf({ status, smallest, responsibility }: Explanation): ReadonlySet<number> | undefined {
  if (status === "exact") return new Set(responsibility.map(({ event }) => event));
  return smallest === null ? undefined : new Set(smallest);
}

/** An explanation as what hangs on what. */
interface Side {
  readonly explanation: Explanation;
  readonly graph: Graph;
  readonly support: ReadonlySet<number>;
}

class Comparison {
  /** By events: why these did what led to the outcome. */
  private readonly recordedActs: ReadonlyMap<number, readonly Vertex[]>;
  private readonly otherActs: ReadonlyMap<number, readonly Vertex[]>;

  constructor(
    private readonly recorded: Side,
    private readonly other: Side,
    /** For each recorded event its place in the other run. */
    private readonly places: ReadonlyMap<number, number>,
  ) {
    this.recordedActs = actsOf(recorded);
    this.otherActs = actsOf(other);
  }

  made(): ExplanationDifference {
    const { recorded, other, places } = this;
    const shared = ascending(recorded.support)
      .map((event) => ({ recorded: event, other: places.get(event) ?? -1 }))
      .filter((pair) => other.support.has(pair.other));
    const [here, there] = [shared.map((pair) => pair.recorded), shared.map((pair) => pair.other)];
    return {
      recorded: recorded.explanation,
      other: other.explanation,
      shared,
      recordedOnly: ascending(recorded.support).filter((event) => !here.includes(event)),
      otherOnly: ascending(other.support).filter((event) => !there.includes(event)),
      partings: [
        this.atOutcome(),
        ...this.atMemories(),
        ...[...shared].reverse().map((pair) => this.atAct(pair)),
      ].filter((parting) => parting.recorded.length + parting.other.length + parting.turned.length > 0),
    };
  }

  /** What the outcomes themselves are, and what sent them. */
  private atOutcome(): Parting {
    const direct = ({ graph }: Side): number[] => [
      ...graph.required,
      ...graph.roots.flatMap((root) => graph.vertex(root)?.required ?? []),
    ];
    const { recorded, other } = this;
    const at = { recorded: recorded.explanation.outcome.event, other: other.explanation.outcome.event };
    return this.parting({ kind: "event", ...at }, direct(recorded), direct(other), true);
  }

  private atMemories(): Parting[] {
    const seen = ({ graph }: Side, node: number): Set<number> =>
      eventsOfAll(
        graph.roots.flatMap((root) => (root.kind === "seen" && root.node === node ? (graph.vertex(root) ?? []) : [])),
      );
    const { recorded, other } = this;
    const nodes = new Set([...seenIn(recorded.graph), ...seenIn(other.graph)].map(({ node }) => node));
    return [...nodes].map((node) =>
      this.parting({ kind: "memory", node }, seen(recorded, node), seen(other, node), false),
    );
  }

  private atAct(pair: SharedEvent): Parting {
    const here = this.recordedActs.get(pair.recorded) ?? [];
    const there = this.otherActs.get(pair.other) ?? [];
    // What an event did may matter in one run alone: then what it brought about is in that one alone.
    const isInBoth = here.length > 0 && there.length > 0;
    const [mine, others] = isInBoth ? [eventsOfAll(here), eventsOfAll(there)] : [[], []];
    return this.parting({ kind: "event", ...pair }, mine, others, sameTexts(here, there));
  }

  private parting(at: Parting["at"], here: Iterable<number>, there: Iterable<number>, isAlike: boolean): Parting {
    const recorded = ascending(here).filter((event) => this.recorded.support.has(event));
    const other = ascending(there).filter((event) => this.other.support.has(event));
    const places = recorded.map((event) => this.places.get(event) ?? -1);
    const both = recorded.filter((_, i) => other.includes(places[i] as number));
    return {
      at,
      recorded: recorded.filter((event) => !both.includes(event)),
      other: other.filter((event) => !places.includes(event)),
      turned: isAlike ? [] : this.turnedOf(both),
    };
  }

  private turnedOf(events: readonly number[]): { readonly earlier: number; readonly later: number }[] {
    const place = (event: number): number => this.places.get(event) as number;
    return events.flatMap((later, i) =>
      events.slice(0, i).flatMap((earlier) => (place(earlier) > place(later) ? { earlier, later } : [])),
    );
  }
}

/** Why the events of an explanation did what led to the outcome. */
function actsOf({ graph, support }: Side): Map<number, Vertex[]> {
  const behind = [...support].map((event) => graph.behind(event)?.vertex);
  const acts = new Map<number, Vertex[]>();
  for (const vertex of new Set([...behind, ...graph.roots.map((root) => graph.vertex(root))])) {
    if (vertex === undefined || vertex.question.kind === "seen") continue;
    const event = eventOf(vertex.question);
    acts.set(event, [...(acts.get(event) ?? []), vertex]);
  }
  return acts;
}

/** Whether an event is known to have sent the same in both runs, of what matters, so that the order before it does not. */
function sameTexts(here: readonly Vertex[], there: readonly Vertex[]): boolean {
  const texts = (vertices: readonly Vertex[]): string[] =>
    vertices.map(({ question }) => (question.kind === "sent" ? question.emission.text : nameOf(question))).sort();
  return texts(here).join("\n") === texts(there).join("\n");
}

function eventsOfAll(vertices: readonly Vertex[]): Set<number> {
  return new Set(vertices.flatMap(({ answer }) => [...eventsOf(answer)]));
}

function ascending(events: Iterable<number>): number[] {
  return [...new Set(events)].sort((a, b) => a - b);
}
