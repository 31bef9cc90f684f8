import type { Value } from "../../sim/value.js";
import { coreByReplay, coreOf } from "./core.js";
import { type Budget, defaultBudget, Effort, withinBudget } from "./effort.js";
import { analyse, type Flow } from "./flow.js";
import { type Engine, type Group, GroupSolver } from "./group.js";
import type { JointResult } from "./joint.js";
import { type Component, type Machine, type Outcome, outcomeOf } from "./machine.js";
import { lookupIn, Query } from "./query.js";
import { selfSupportingSlice, type Slice, sliceOf, wholeSlice } from "./slice.js";
import { type AnyTransitions, Transitions } from "./transitions.js";
import { ascending, bySizeThenPositions, type Factor, type Positions, Witnesses } from "./witnesses.js";

/** Why a machine gave an output: which inputs before it, kept, force that output whatever else is left out. */
export type Provenance<Output> = ExactProvenance<Output> | PartialProvenance<Output> | SliceOnlyProvenance<Output>;

interface Explained<Output> {
  readonly outcome: Outcome<Output>;
  /** How many inputs there were before the explained one; positions count from 0. */
  readonly length: number;
  /** The positions that every explanation has. */
  readonly core: Positions;
  /** Nodes of diagrams that were made: the same on every machine. */
  readonly nodes: number;
}

/** All explanations, and no other. */
export interface ExactProvenance<Output> extends Explained<Output> {
  readonly status: "exact";
  readonly witnesses: Witnesses;
}

/** Some explanations, each of them certified; there may be more. */
export interface PartialProvenance<Output> extends Explained<Output> {
  readonly status: "partial";
  readonly found: readonly Positions[];
  /** Some minimal sets of deletions that change the output. */
  readonly cuts: readonly Positions[];
  /** A closed witness, minimal or not. */
  readonly support: Positions;
}

/** Only a closed witness: it forces the output, and may hold more than is needed. */
export interface SliceOnlyProvenance<Output> extends Explained<Output> {
  readonly status: "slice-only";
  readonly support: Positions;
}

export interface ExplainOptions<Output> {
  readonly budget?: Partial<Budget>;
  readonly engine?: Engine;
  /** Explains only what this makes of the output, such as one of several emissions. Replaces `components`. */
  readonly part?: (output: Output) => Value;
  /** What is known of the machine from earlier questions to it, so that its code need not run again. */
  readonly transitions?: AnyTransitions;
}

/**
 * Explains the output that `input` has after `trace`: why-across-time provenance exactly as defined by Whittaker et al.
 * (SoCC 2018, section 3.2), as the minimal elements of the witnesses that are closed under supertrace in the trace.
 *
 * Splits the output, slices, forces the core, slices again, and then lists what remains by the first engine that fits the
 * budget; an answer is called exact only if it is. One explanation costs time linear in the number of different
 * (position, relevant state) pairs; all of them can cost exponentially more in theory.
 *
 * @throws UnusableMachine when the machine breaks its contract; UnusableValue for states that do not compare by content.
 */
export function explainOutput<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly NoInfer<Input>[],
  input: NoInfer<Input>,
  options: ExplainOptions<Output> = {},
): Provenance<Output> {
  const budget: Budget = { ...defaultBudget, ...options.budget };
  const task = new Task(machine as unknown as AnyMachine, trace, input, options as ExplainOptions<unknown>, budget);
  return task.explain() as Provenance<Output>;
}

type AnyMachine = Machine<unknown, unknown, unknown>;

class Task {
  readonly #inputs: readonly number[];
  readonly #outcome: Outcome<unknown>;
  readonly #components: readonly Component<unknown, unknown>[];
  readonly #engine: Engine;
  #solver: GroupSolver | undefined;
  #transitions: AnyTransitions;
  #queries: readonly Query[];

  constructor(
    readonly machine: AnyMachine,
    readonly trace: readonly unknown[],
    input: unknown,
    options: ExplainOptions<unknown>,
    readonly budget: Budget,
  ) {
    this.#engine = options.engine ?? "auto";
    this.#outcome = outcomeOf(machine, trace, input);
    const given = options.part === undefined ? machine.components?.(input, trace) : [{ input, part: options.part }];
    this.#components = given ?? [{ input }];
    this.#transitions = options.transitions ?? new Transitions(machine);
    this.#inputs = trace.map((earlier) => this.#transitions.inputId(earlier));
    this.#queries = this.#queriesOf(this.#transitions);
  }

  #queriesOf(transitions: AnyTransitions): readonly Query[] {
    const lookup = lookupIn(transitions.rowAfter(this.trace.map((input) => transitions.inputId(input))));
    return this.#components.map(({ input, part }) => {
      const lifted = transitions.isWhole || part !== undefined ? undefined : this.machine.lifted?.(input);
      return new Query(transitions, transitions.inputId(input), part, lifted, lookup);
    });
  }

  explain(): Provenance<unknown> {
    const flow = withinBudget(() => this.#analyse([]));
    if (flow === undefined && this.budget.shouldStop?.() === true) return this.#sliceOnly([]);
    const core = withinBudget(() => this.#core(flow));
    if (core === undefined) return this.#sliceOnly([]);
    if (core.length === this.#inputs.length) return this.#exact(core, []);
    const forcedFlow = core.length === 0 && flow !== undefined ? flow : withinBudget(() => this.#analyse(core));
    const groups = forcedFlow === undefined ? [this.#wholeGroup(core)] : this.#groups(forcedFlow);
    const solver = new GroupSolver(this.#transitions, this.#inputs, this.budget, this.#engine);
    this.#solver = solver;
    const factors: Factor[] = [];
    const open: Group[] = [];
    for (const group of groups) {
      const factor = solver.factor(group);
      if (factor === undefined) open.push(group);
      else factors.push(factor);
    }
    if (open.length === 0) return this.#exact(core, factors);
    return this.#jointly(solver, core, factors, open);
  }

  #analyse(core: readonly number[]): Flow {
    const forced = new Uint8Array(this.#inputs.length);
    for (const position of core) forced[position] = 1;
    return analyse(this.#transitions, this.#inputs, forced, this.budget);
  }

  #core(flow: Flow | undefined): number[] {
    const effort = new Effort(this.budget);
    const everything = this.#inputs.map((_, k) => k);
    if (flow === undefined) return coreByReplay(this.#transitions, this.#inputs, everything, this.#queries, effort);
    const reads = new Set(this.#queries.flatMap((query) => query.readsAfter(flow, this.budget)));
    const candidates = sliceOf(flow, [...reads]).positions;
    return coreOf(this.#transitions, this.#inputs, candidates, this.#queries, effort);
  }

  /** Without slicing, the state is one cell, and nothing is known to be irrelevant. */
  #wholeGroup(core: readonly number[]): Group {
    const forced = new Uint8Array(this.#inputs.length);
    for (const position of core) forced[position] = 1;
    this.#transitions = new Transitions(this.machine, true);
    for (const input of this.trace) this.#transitions.inputId(input);
    this.#queries = this.#queriesOf(this.#transitions);
    return this.#groupOf(wholeSlice(this.#inputs, forced), this.#queries);
  }

  #groupOf(slice: Slice, queries: readonly Query[]): Group {
    return {
      slice,
      queries,
      residual: slice.positions.filter((position) => slice.flow.forced[position] !== 1),
    };
  }

  /** Parts of the output whose residual positions overlap are explained together; the others stay factors. */
  #groups(flow: Flow): Group[] {
    const groupOf = new Map<number, Query[]>();
    for (const query of this.#queries) {
      const { residual } = this.#groupOf(sliceOf(flow, query.readsAfter(flow, this.budget)), [query]);
      if (residual.length === 0) continue;
      const met = new Set(residual.map((position) => groupOf.get(position)).filter((group) => group !== undefined));
      const merged = [...met].flat();
      merged.push(query);
      for (const group of met)
        for (const [position, owner] of groupOf) if (owner === group) groupOf.set(position, merged);
      for (const position of residual) groupOf.set(position, merged);
    }
    return [...new Set(groupOf.values())].map((queries) => {
      const reads = new Set(queries.flatMap((query) => query.readsAfter(flow, this.budget)));
      return this.#groupOf(sliceOf(flow, [...reads]), queries);
    });
  }

  #exact(core: Positions, factors: readonly Factor[]): ExactProvenance<unknown> {
    return {
      ...this.#explained(core),
      status: "exact",
      witnesses: new Witnesses(core, factors, this.budget),
    };
  }

  #explained(core: Positions): Explained<unknown> {
    return {
      outcome: this.#outcome,
      length: this.#inputs.length,
      core,
      nodes: this.#solver?.nodes ?? 0,
    };
  }

  #sliceOnly(core: Positions): SliceOnlyProvenance<unknown> {
    return {
      ...this.#explained(core),
      status: "slice-only",
      support: this.#support(),
    };
  }

  /** The self-supporting slice, or everything: both are closed. */
  #support(): Positions {
    const slice = this.#transitions.isWhole
      ? undefined
      : selfSupportingSlice(this.#transitions, this.#inputs, this.#queries, this.budget);
    return slice ?? this.#inputs.map((_, k) => k);
  }

  #jointly(
    solver: GroupSolver,
    core: Positions,
    factors: readonly Factor[],
    open: readonly Group[],
  ): Provenance<unknown> {
    const support = this.#support();
    const results = open.map((group) => solver.enumerate(core, group, support));
    const base = new Witnesses(core, factors, this.budget).smallest();
    const closed = ascending([...base, ...results.flatMap((result) => result.closed)]);
    if (results.some((result) => result.witnesses.length === 0)) {
      return {
        ...this.#explained(core),
        status: "slice-only",
        support: closed,
      };
    }
    if (results.every((result) => result.isComplete)) {
      const listed = withinBudget(() => open.map((group, i) => solver.listedFactor(group, results[i] as JointResult)));
      if (listed !== undefined) return this.#exact(core, [...factors, ...listed]);
    }
    const firsts = results.map((result) => result.witnesses[0] ?? []);
    const found = results.flatMap((result, i) =>
      result.witnesses.map((witness) => ascending([...base, ...witness, ...firsts.filter((_, j) => j !== i).flat()])),
    );
    const different = new Map(found.map((witness) => [witness.join(), witness]));
    const cuts = [...core.map((position) => [position]), ...results.flatMap((result) => result.cuts)];
    return {
      ...this.#explained(core),
      status: "partial",
      found: [...different.values()].sort(bySizeThenPositions),
      cuts: [...cuts].sort(bySizeThenPositions),
      support: closed,
    };
  }
}
