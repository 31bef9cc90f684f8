import { withTraps } from "../../sim/guard.js";
import { isReached } from "../../sim/judge.js";
import { NodeFailure } from "../../sim/node-failure.js";
import type { System } from "../../sim/system.js";
import type { Estimate } from "../search/outlook/estimate.js";
import type { Snapshot } from "../search/engine/snapshot.js";
import type { Progress, Search } from "../search/search.js";
import type { Coverage, Limit, Verdict } from "../verdict.js";
import type { GraphSource } from "./engine-graph.js";
import { followWitness } from "./follow-witness.js";
import type { StateGraph } from "./graph.js";
import { isGraphProperty, judgeOnGraph } from "./judge-graph.js";
import { StateQuestion } from "./state-question.js";
import { untested } from "./untested.js";

/**
 * A search that goes on, after all states have been found and none breaks a property, with the properties of whole runs:
 * it builds the graph of all states and decides them on it, one after the other. `holds` is said only after that.
 *
 * @param states the search for states.
 * @param graphSource gives the graph; asked once `states` has ended with `holds`.
 */
export function livenessSearch(system: System, states: Search, graphSource: () => GraphSource): Search {
  return new LivenessSearch(system, states, graphSource);
}

class LivenessSearch implements Search {
  private holds: Extract<Verdict, { readonly kind: "holds" }> | undefined;
  private source: GraphSource | undefined;
  private graph: StateGraph | undefined;
  private ended: Verdict | undefined;
  private readonly waiting;
  private readonly counted;
  private readonly vacuous = new Set<string>();
  private readonly satisfied: { [property: string]: number } = {};

  constructor(
    private readonly system: System,
    private readonly states: Search,
    private readonly graphSource: () => GraphSource,
  ) {
    this.waiting = system.properties.filter(isGraphProperty);
    this.counted = system.properties.filter((property) => property.kind === "sometimes" && property.isCounted);
  }

  advance(states: number): Progress | Verdict {
    for (;;) {
      const reached = this.advanceOnce(states);
      if (reached.kind !== "progress" || Number.isFinite(states)) return reached;
    }
  }

  /** Works on what is next: the states, the graph, or one property. */
  private advanceOnce(states: number): Progress | Verdict {
    if (this.ended !== undefined) return this.ended;
    if (this.holds === undefined) return this.findStates(states);
    withTraps(() => {
      try {
        this.goOn(states);
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        this.ended = { kind: "crashed", failure: error, choices: [], coverage: this.coverage() };
      }
    });
    return this.ended ?? this.progress();
  }

  stop(limit: Limit): Verdict {
    if (this.ended !== undefined) return this.ended;
    if (this.holds === undefined) return this.states.stop(limit);
    return { kind: "unknown", limit, coverage: { ...this.coverage(), complete: false } };
  }

  compact(bytes: number): Search | undefined {
    return this.holds === undefined ? this.states.compact?.(bytes) : undefined;
  }

  estimate(): Estimate | undefined {
    return this.holds === undefined ? this.states.estimate?.() : undefined;
  }

  /** Of the states only: what whole runs do is decided again by who goes on. */
  snapshot(): Snapshot | undefined {
    return this.states.snapshot?.();
  }

  private findStates(states: number): Progress | Verdict {
    const reached = this.states.advance(states);
    if (reached.kind !== "holds") {
      if (reached.kind !== "progress") this.ended = reached;
      return reached;
    }
    this.holds = reached;
    withTraps(() => {
      for (const name of untested(this.system, reached.coverage.transitions)) this.vacuous.add(name);
    });
    if (this.waiting.length > 0 || this.counted.length > 0) return this.progress();
    this.ended = { kind: "holds", coverage: this.coverage() };
    return this.ended;
  }

  /** Builds the graph, then decides one property at a time. */
  private goOn(states: number): void {
    if (this.graph === undefined) {
      this.source ??= this.graphSource();
      this.graph = this.source.advance(states);
      return;
    }
    const counted = this.counted.shift();
    if (counted !== undefined) return this.count(counted.name, this.graph);
    const property = this.waiting.shift();
    if (property === undefined) {
      this.ended = { kind: "holds", coverage: this.coverage() };
      return;
    }
    const { witness, isVacuous } = judgeOnGraph(this.system, this.graph, property);
    if (isVacuous) this.vacuous.add(property.name);
    if (witness === undefined) return;
    if (followWitness(this.system, property, witness) === undefined) {
      throw new Error(
        `The run that breaks "${property.name}" does not when it is executed again; this is a bug of ours.`,
      );
    }
    this.ended = { kind: "violated", witness, coverage: this.coverage() };
  }

  private count(name: string, graph: StateGraph): void {
    const property = this.system.properties.find((one) => one.name === name);
    if (property?.kind !== "sometimes") return;
    const reached = new StateQuestion(this.system, graph, (view) => isReached(property, view));
    let count = 0;
    for (let state = 0; state < graph.size; state += 1) if (reached.of(state)) count += 1;
    this.satisfied[name] = count;
  }

  private progress(): Progress {
    const { states, transitions } = this.coverage();
    const frontier = states - (this.graph?.size ?? this.source?.closed ?? 0);
    return { kind: "progress", phase: "liveness", states, transitions, depth: null, frontier };
  }

  private coverage(): Coverage {
    const found = (this.holds as NonNullable<typeof this.holds>).coverage;
    const vacuous = this.system.properties.map(({ name }) => name).filter((name) => this.vacuous.has(name));
    return { ...found, vacuous, satisfied: this.satisfied };
  }
}
