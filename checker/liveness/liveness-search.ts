import { isReached } from "../../sim/judge.js";
import type { Property, PropertyOf } from "../../sim/property.js";
import type { System } from "../../sim/system.js";
import { type InSlices, Pace } from "../pace.js";
import { Course } from "../search/course.js";
import type { Estimate } from "../search/outlook/estimate.js";
import type { Snapshot } from "../search/engine/snapshot.js";
import type { Progress, Search } from "../search/search.js";
import type { Coverage, Limit, Verdict } from "../verdict.js";
import type { GraphSource } from "./engine-graph.js";
import { followWitness } from "./follow-witness.js";
import type { StateGraph } from "./graph.js";
import { type GraphProperty, isGraphProperty, judgeOnGraph } from "./judge-graph.js";
import { StateQuestion } from "./state-question.js";
import { untested } from "./untested.js";

/**
 * A search that goes on, after all states have been found and none breaks a property, with the properties of whole runs:
 * it builds the graph of all states and decides them on it, one after the other. `holds` is said only after that.
 *
 * @param states the search for states.
 * @param graphSource gives what the graph is built from; asked once `states` has ended with `holds`, with its transitions.
 */
export function livenessSearch(
  system: System,
  states: Search,
  graphSource: (transitions: number) => GraphSource,
): Search {
  return new LivenessSearch(system, states, graphSource);
}

class LivenessSearch implements Search {
  /** What the search for states has found, once it has ended. */
  private found: Coverage | undefined;
  private readonly pace = new Pace();
  private readonly course = new Course((isComplete) => this.coverage(isComplete));
  /** The work on whole runs. */
  private readonly deciding = this.decide();
  /** The property that is being decided. */
  private subject: string | undefined;
  private readonly vacuous = new Set<string>();
  private readonly satisfied: { [property: string]: number } = {};

  constructor(
    private readonly system: System,
    private readonly states: Search,
    private readonly graphSource: (transitions: number) => GraphSource,
  ) {}

  get bytesAhead(): number {
    return this.states.bytesAhead ?? 0;
  }

  advance(states: number, isLate?: () => boolean): Progress | Verdict {
    if (this.course.verdict !== undefined) return this.course.verdict;
    if (this.found === undefined) {
      const reached = this.states.advance(states, isLate);
      if (reached.kind !== "holds") return reached;
      this.found = reached.coverage;
    }
    this.pace.give(states, isLate);
    return this.course.run(() => this.goOn()) ?? this.progress();
  }

  stop(limit: Limit): Verdict {
    return this.found === undefined ? this.states.stop(limit) : this.course.stop(limit);
  }

  compact(bytes: number): Search | undefined {
    return this.found === undefined ? this.states.compact?.(bytes) : undefined;
  }

  estimate(): Estimate | undefined {
    return this.found === undefined ? this.states.estimate?.() : undefined;
  }

  prepareSnapshot(isLate: () => boolean): boolean {
    return this.states.prepareSnapshot?.(isLate) ?? true;
  }

  /** Of the states only: what whole runs do is decided again by who goes on. */
  snapshot(): Snapshot | undefined {
    return this.states.snapshot?.();
  }

  /** Decides what whole runs do, until the next pause. */
  private goOn(): void {
    try {
      this.deciding.next();
    } catch (error) {
      // There is no memory for the graph, or for what is made of it.
      if (!(error instanceof RangeError && error.message.includes("allocation failed"))) throw error;
      this.course.stop("memory-limit");
    }
  }

  /** Builds the graph, then decides one property after the other. */
  private *decide(): InSlices<void> {
    const { system, pace, course } = this;
    const { transitions } = this.found as Coverage;
    for (const name of untested(system, transitions)) this.vacuous.add(name);
    const [asked, counted] = [system.properties.filter(isGraphProperty), system.properties.filter(isCounted)];
    if (asked.length > 0 || counted.length > 0) {
      const graph = yield* this.graphSource(transitions).build(pace);
      for (const property of counted) this.satisfied[property.name] = yield* this.count(property, graph);
      for (const property of asked) {
        this.subject = property.name;
        if (yield* this.isBroken(property, graph)) return;
      }
    }
    course.complete();
  }

  /** Whether a property is broken, which ends the search. */
  private *isBroken(property: GraphProperty, graph: StateGraph): InSlices<boolean> {
    const { system, course } = this;
    const { witness, isVacuous } = yield* judgeOnGraph(system, graph, property, this.pace);
    if (isVacuous) this.vacuous.add(property.name);
    if (witness === undefined) return false;
    if (followWitness(system, property, witness) === undefined) {
      throw new Error(
        `The run that breaks "${property.name}" does not when it is executed again; this is a bug of ours.`,
      );
    }
    course.endWith({ kind: "violated", witness, coverage: this.coverage(true) });
    return true;
  }

  private *count(property: PropertyOf<"sometimes">, graph: StateGraph): InSlices<number> {
    const { pace } = this;
    const reached = new StateQuestion(this.system, graph, (view) => isReached(property, view), pace);
    pace.begin(`the states with "${property.name}"`, graph.size);
    let count = 0;
    for (let state = 0; state < graph.size; state += 1) {
      if (reached.of(state)) count += 1;
      if (pace.finish(1)) yield;
    }
    return count;
  }

  private progress(): Progress {
    const { states, transitions } = this.found as Coverage;
    const { doing, ...activity } = this.pace.activity;
    return {
      kind: "progress",
      phase: "liveness",
      states,
      transitions,
      depth: null,
      frontier: 0,
      activity: { ...activity, doing: this.subject === undefined ? doing : `"${this.subject}": ${doing}` },
    };
  }

  private coverage(complete: boolean): Coverage {
    const vacuous = this.system.properties.map(({ name }) => name).filter((name) => this.vacuous.has(name));
    return { ...(this.found as Coverage), complete, vacuous, satisfied: this.satisfied };
  }
}

/** Whether it is to be told how many states satisfy a property. */
function isCounted(property: Property): property is PropertyOf<"sometimes"> {
  return property.kind === "sometimes" && property.isCounted;
}
