import { type Budget, Effort, OutOfBudget, withinBudget } from "./effort.js";
import { buildDiagram, type Diagram } from "./diagram.js";
import { largestBad, minimalWitness } from "./diagram-sets.js";
import { analyse } from "./flow.js";
import type { AnyTransitions } from "./transitions.js";
import { HittingSets } from "./hitting-sets.js";
import { lookupIn, type Query } from "./query.js";
import { type Slice, sliceOf, wholeSlice } from "./slice.js";

/** What joint enumeration asks about a set of residual positions, given that all forced positions are kept. */
export interface Oracle {
  /** The residual positions of a largest bad superset; undefined when there is none: the set is closed. */
  largestBad(kept: readonly number[]): readonly number[] | undefined;
  /** A closed set inside a closed one; minimal, unless the budget left some position undecided. */
  shrink(closed: readonly number[]): { readonly set: readonly number[]; readonly isMinimal: boolean };
}

export interface JointResult {
  /** Minimal closed witnesses (their residual part), each certified. */
  readonly witnesses: readonly (readonly number[])[];
  /** Minimal sets of residual deletions that change the answer, each certified. */
  readonly cuts: readonly (readonly number[])[];
  readonly isComplete: boolean;
  /** A closed set (its residual part). */
  readonly closed: readonly number[];
}

/**
 * Lists witnesses and cuts together (the shape of MARCO, and of Fredman and Khachiyan 1996): every set that hits all cuts
 * and holds no witness found so far leads to a new one of either. |Wat| + |Break| + 1 rounds; anytime.
 */
export function enumerateJointly(
  oracle: Oracle,
  residual: readonly number[],
  start: readonly number[] | undefined,
  budget: Budget,
): JointResult {
  const witnesses: (readonly number[])[] = [];
  const cuts: (readonly number[])[] = [];
  const indexOf = new Map(residual.map((position, i) => [position, i]));
  const indexes = (positions: readonly number[]): number[] => positions.map((position) => indexOf.get(position) ?? 0);
  const seeds = new HittingSets(residual.length, budget.roundsMax * 50);
  let smallest = start ?? residual;
  const learn = (closed: readonly number[]): void => {
    const { set, isMinimal } = oracle.shrink(closed);
    if (set.length < smallest.length) smallest = set;
    if (!isMinimal) throw new OutOfBudget("nodes");
    witnesses.push(set);
    seeds.forbid(indexes(set));
  };
  const isComplete = withinBudget(() => {
    learn(start ?? residual);
    for (let round = 0; round < budget.roundsMax; round += 1) {
      const seed = seeds.next()?.map((i) => residual[i] as number);
      if (seed === undefined) return true;
      const bad = oracle.largestBad(seed);
      if (bad === undefined) learn(seed);
      else {
        const inBad = new Set(bad);
        const cut = residual.filter((position) => !inBad.has(position));
        cuts.push(cut);
        seeds.require(indexes(cut));
      }
    }
    return false;
  });
  return { witnesses, cuts, isComplete: isComplete === true, closed: smallest };
}

/** Answers from one diagram of all subtraces that hold the forced positions. */
export function diagramOracle(diagram: Diagram, residual: readonly number[]): Oracle {
  const inDiagram = new Set(diagram.positions);
  return {
    largestBad: (kept) => {
      const bad = largestBad(diagram, new Set(kept));
      if (bad === undefined) return undefined;
      const inBad = new Set(bad);
      return residual.filter((position) => inBad.has(position) || !inDiagram.has(position));
    },
    shrink: (closed) => ({ set: minimalWitness(diagram, new Set(closed)), isMinimal: true }),
  };
}

/**
 * Answers each question with a slice and a diagram of its own, made with the asked positions forced, so that little is
 * left to explore: needs no diagram of everything.
 */
export class LazyOracle implements Oracle {
  constructor(
    readonly transitions: AnyTransitions,
    readonly inputs: readonly number[],
    readonly forced: readonly number[],
    readonly residual: readonly number[],
    readonly queries: readonly Query[],
    readonly budget: Budget,
  ) {}

  largestBad(kept: readonly number[]): readonly number[] | undefined {
    if (this.budget.shouldStop?.() === true) throw new OutOfBudget("stopped");
    const slice = this.#slice(kept);
    if (slice.positions.every((position) => slice.flow.forced[position] === 1)) return undefined;
    const diagram = buildDiagram(this.transitions, this.inputs, slice, this.queries, new Effort(this.budget));
    return diagramOracle(diagram, this.residual).largestBad(kept);
  }

  #slice(kept: readonly number[]): Slice {
    const forced = new Uint8Array(this.inputs.length);
    for (const position of this.forced) forced[position] = 1;
    for (const position of kept) forced[position] = 1;
    if (this.transitions.isWhole) return wholeSlice(this.inputs, forced);
    const flow = analyse(this.transitions, this.inputs, forced, this.budget);
    return sliceOf(flow, [...new Set(this.queries.flatMap((query) => query.readsAfter(flow, this.budget)))]);
  }

  /** Drops positions in halves, old ones first. */
  shrink(closed: readonly number[]): { readonly set: readonly number[]; readonly isMinimal: boolean } {
    const needed = new Set(closed);
    let isMinimal = true;
    const drop = (part: readonly number[]): void => {
      for (const position of part) needed.delete(position);
      const answer = this.#isClosed([...needed]);
      if (answer === true) return;
      for (const position of part) needed.add(position);
      if (part.length < 2) {
        if (answer === "unknown") isMinimal = false;
        return;
      }
      const half = part.length >> 1;
      drop(part.slice(0, half));
      drop(part.slice(half));
    };
    if (closed.length > 0) drop([...closed].sort((a, b) => a - b));
    return { set: [...needed].sort((a, b) => a - b), isMinimal };
  }

  /** Whether keeping nothing else already changes an answer: one run, which settles most questions. */
  #isBad(kept: readonly number[]): boolean {
    const isKept = new Set([...this.forced, ...kept]);
    const lookup = lookupIn(this.transitions.rowAfter(this.inputs.filter((_, k) => isKept.has(k))));
    return this.queries.some((query) => query.answer(lookup) !== query.wanted);
  }

  #isClosed(kept: readonly number[]): boolean | "unknown" {
    if (this.budget.shouldStop?.() === true) return "unknown";
    if (this.#isBad(kept)) return false;
    return withinBudget(() => this.largestBad(kept) === undefined) ?? "unknown";
  }
}
