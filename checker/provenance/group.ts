import { Bdd } from "./bdd.js";
import { buildDiagram, type Diagram } from "./diagram.js";
import { badSets } from "./diagram-sets.js";
import { type Budget, Effort, withinBudget } from "./effort.js";
import type { AnyTransitions } from "./transitions.js";
import { diagramOracle, enumerateJointly, type JointResult, LazyOracle } from "./joint.js";
import type { Query } from "./query.js";
import type { Slice } from "./slice.js";
import { badSetsBySummaries, summaryOrder } from "./summaries.js";
import type { Factor, Positions } from "./witnesses.js";
import { minimalSets } from "./zdd.js";

/** How to list the subtraces: `auto` tries what is fastest and falls back; the others are for tests. */
export type Engine = "auto" | "diagram" | "summaries" | "joint" | "lazy";

/** Parts of an output that are explained together, and the relevant positions that are not forced. */
export interface Group {
  readonly slice: Slice;
  readonly queries: readonly Query[];
  readonly residual: readonly number[];
}

/** Finds the residual witnesses of groups, by diagrams where they fit the budget and by joint enumeration elsewhere. */
export class GroupSolver {
  #nodes: Effort[] = [];

  constructor(
    readonly transitions: AnyTransitions,
    readonly inputs: readonly number[],
    readonly budget: Budget,
    readonly engine: Engine,
  ) {}

  get nodes(): number {
    return this.#nodes.reduce((sum, effort) => sum + effort.nodes, 0);
  }

  #effort(nodesMax?: number): Effort {
    const effort = new Effort(this.budget, nodesMax);
    this.#nodes.push(effort);
    return effort;
  }

  /** All witnesses at once; undefined when no diagram fits the budget. */
  factor(group: Group): Factor | undefined {
    const small = Math.ceil(this.budget.nodesMax / 40);
    const diagram = (nodesMax: number) => () => this.#byDiagram(group, nodesMax);
    const summaries = (nodesMax: number) => () => this.#bySummaries(group, nodesMax);
    const engines = {
      auto: group.queries.some((query) => query.lifted !== undefined)
        ? [summaries(small), diagram(small), summaries(this.budget.nodesMax), diagram(this.budget.nodesMax)]
        : [diagram(small), summaries(small), diagram(this.budget.nodesMax), summaries(this.budget.nodesMax)],
      diagram: [diagram(this.budget.nodesMax)],
      summaries: [summaries(this.budget.nodesMax)],
      joint: [],
      lazy: [],
    }[this.engine];
    for (const engine of engines) {
      const factor = withinBudget(engine);
      if (factor !== undefined) return factor;
    }
    return undefined;
  }

  #byDiagram(group: Group, nodesMax: number): Factor {
    const effort = this.#effort(nodesMax);
    const diagram = this.#diagram(group, effort);
    const bdd = new Bdd(effort);
    const bad = badSets(diagram, bdd, levels(group.residual));
    return this.#close(bdd, bad, group.residual);
  }

  #diagram(group: Group, effort: Effort): Diagram {
    return buildDiagram(this.transitions, this.inputs, group.slice, group.queries, effort);
  }

  #bySummaries(group: Group, nodesMax: number): Factor {
    const bdd = new Bdd(this.#effort(nodesMax));
    const reads = group.queries.flatMap((query) =>
      query.lifted === undefined ? query.readsAfter(group.slice.flow, this.budget) : query.liftedReads(),
    );
    const order = summaryOrder(group.slice, group.residual, [...new Set(reads)]);
    const bad = badSetsBySummaries(this.transitions, this.inputs, group.slice, group.queries, bdd, levels(order));
    return this.#close(bdd, bad, order);
  }

  #close(bdd: Bdd, bad: number, order: readonly number[]): Factor {
    const down = bdd.down(bad);
    return { bdd, down, witnesses: minimalSets(bdd, bdd.not(down), order, bdd.effort) };
  }

  /** Witnesses one by one. */
  enumerate(core: Positions, group: Group, support: Positions): JointResult {
    const { residual } = group;
    const diagram = this.engine === "joint" ? withinBudget(() => this.#diagram(group, this.#effort())) : undefined;
    if (diagram !== undefined)
      return enumerateJointly(diagramOracle(diagram, residual), residual, undefined, this.budget);
    const oracle = new LazyOracle(this.transitions, this.inputs, core, residual, group.queries, this.budget);
    const inResidual = new Set(residual);
    const start = support.filter((position) => inResidual.has(position));
    return enumerateJointly(oracle, residual, start, this.budget);
  }

  /** A complete list as a factor like the others. */
  listedFactor(group: Group, result: JointResult): Factor {
    const bdd = new Bdd(this.#effort());
    const levelOf = levels(group.residual);
    let closed = bdd.not(1);
    for (const witness of result.witnesses) {
      const all = witness.reduceRight(
        (rest, position) => bdd.and(bdd.variable(levelOf.get(position) as number), rest),
        1,
      );
      closed = bdd.or(closed, all);
    }
    return { bdd, down: bdd.not(closed), witnesses: minimalSets(bdd, closed, group.residual, bdd.effort) };
  }
}

function levels(order: readonly number[]): ReadonlyMap<number, number> {
  return new Map(order.map((position, level) => [position, level]));
}
