import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import type { Explored, ExploringSearch } from "../engine/explored.js";
import { grown } from "../engine/state-table.js";
import { Successors } from "../engine/successors.js";
import type { Progress, SearchLimits } from "../search.js";
import { Course } from "../course.js";
import { takeStep } from "./take-step.js";

/** The states that are found and not yet expanded: what makes the order of a search. Depths count the initial state as 1. */
export interface Frontier {
  readonly size: number;
  /** Takes in a state that has just been found. @throws NodeFailure when user code that orders the frontier fails. */
  add(state: number, depth: number): void;
  /** Tells of a state that was found before, met again at the same depth. */
  meet?(state: number, depth: number): void;
  /** The state to expand next; undefined when every state has been expanded. It may be one that was taken before. */
  take(): number | undefined;
  /** Up to which depth every state has been found. */
  readonly depthComplete?: number;
}

/**
 * An exhaustive search of the interned states in the order of a frontier. Each state is judged when it is found, as in the
 * plain search, and in the same order; `holds` is said only when all have been expanded.
 */
export function frontierSearch(
  system: System,
  frontierOf: (successors: Successors) => Frontier,
  limits: SearchLimits,
): ExploringSearch {
  return new FrontierSearch(system, frontierOf, limits);
}

class FrontierSearch implements ExploringSearch {
  private readonly successors: Successors;
  private readonly frontier: Frontier;
  private depths: Uint32Array = new Uint32Array(1024);
  /** For each state, 1 once it has been expanded. */
  private expanded: Uint8Array = new Uint8Array(1024);
  /** Of the states that have been expanded; and the state that is, with the listed step that is being taken, or -1. */
  private transitions = 0;
  private from = 0;
  private taken = -1;
  private cut: Limit | undefined;
  private readonly course = new Course((isComplete) => this.coverage(isComplete));

  constructor(
    system: System,
    frontierOf: (successors: Successors) => Frontier,
    private readonly limits: SearchLimits,
  ) {
    this.successors = new Successors(system);
    this.frontier = frontierOf(this.successors);
  }

  advance(states: number): Progress | Verdict {
    const { course } = this;
    return (
      course.advance(
        states,
        () => this.begin(),
        () => this.expandNext(),
      ) ?? this.progress()
    );
  }

  stop(limit: Limit): Verdict {
    return this.course.stop(limit);
  }

  explored(): Explored {
    return this.successors.explored();
  }

  private begin(): void {
    if (this.successors.visited.size > 0) return;
    this.successors.begin();
    this.course.end(this.successors.judging.state(0));
    if (!this.course.isOver) this.found(0, 1);
  }

  /** Expands one state; the main loop of the search. */
  private expandNext(): void {
    const state = this.frontier.take();
    if (state === undefined) {
      if (this.cut === undefined) this.course.complete();
      else this.course.stop(this.cut);
      return;
    }
    const { successors, course } = this;
    const path = (): string[] => successors.visited.pathTo(state);
    if (!course.attempt(() => successors.list(state), path)) return;
    if (this.expanded[state] === 1) return this.expandAgain(state);
    this.expanded[state] = 1;
    this.from = state;
    for (let i = 0; i < successors.count && !course.isOver; i += 1) {
      this.taken = i;
      this.goTo(state, i);
    }
    if (course.isOver) return;
    this.taken = -1;
    this.transitions += successors.total;
  }

  /** All there is to find and to judge was found and judged the first time. */
  private expandAgain(state: number): void {
    const { successors } = this;
    const depth = (this.depths[state] as number) + 1;
    for (let i = 0; i < successors.count; i += 1) this.meet(successors.visit(i, state), depth);
  }

  private meet(state: number, depth: number): void {
    if (this.depths[state] === depth && depth < this.limits.maxDepth) this.frontier.meet?.(state, depth);
  }

  /** Takes a listed step for the first time. */
  private goTo(state: number, successor: number): void {
    const { size } = this.successors.visited;
    const reached = takeStep(this.successors, state, successor);
    if (typeof reached !== "number") return this.course.end(reached);
    const depth = (this.depths[state] as number) + 1;
    if (reached === size) this.found(reached, depth);
    else this.meet(reached, depth);
  }

  /** Puts a new state into the frontier. */
  private found(state: number, depth: number): void {
    if (state === this.depths.length) {
      this.depths = grown(this.depths);
      const expanded = new Uint8Array(this.depths.length);
      expanded.set(this.expanded);
      this.expanded = expanded;
    }
    this.depths[state] = depth;
    if (depth >= this.limits.maxDepth) this.cut ??= "max-depth";
    else if (this.successors.visited.size > this.limits.maxStates) this.course.stop("max-states");
    else {
      const path = (): string[] => this.successors.visited.pathTo(state);
      this.course.attempt(() => this.frontier.add(state, depth), path);
    }
  }

  private progress(): Progress {
    return {
      kind: "progress",
      phase: "states",
      states: this.successors.visited.size,
      transitions: this.transitions,
      depth: null,
      frontier: this.frontier.size,
    };
  }

  private coverage(complete: boolean): Coverage {
    const { successors, taken, from } = this;
    const { visited, memo, handlers } = successors;
    const { depthComplete: depth } = this.frontier;
    const ofState = taken < 0 ? 0 : successors.positionOf(taken, from) + 1;
    return {
      states: visited.size,
      transitions: this.transitions + ofState,
      depth: null,
      complete,
      neverReached: memo.neverReached(),
      ...handlers.coverage(),
      vacuous: [],
      satisfied: {},
      ...(complete || depth === undefined ? {} : { exhausted: { depth } }),
    };
  }
}
