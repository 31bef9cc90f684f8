import { always, Bdd, never } from "../provenance/bdd.js";
import { type Budget, Effort, withinBudget } from "../provenance/effort.js";
import type { NodeId } from "../provenance/node-table.js";
import { Witnesses } from "../provenance/witnesses.js";
import { emptySetOnly, type Family, minimalSets, noSets } from "../provenance/zdd.js";
import { type Answer, eventsOf } from "./answer.js";
import type { Graph, Vertex } from "./graph.js";

/**
 * All sets of events that suffice for the outcome of a graph and of which none can be left out, as a diagram: the minimal
 * models of its formula. Undefined when the graph is not whole, or the diagram does not fit the budget.
 */
export function glue(graph: Graph, budget: Budget): Witnesses | undefined {
  const vertices = graph.vertices();
  if (graph.frontier().length > 0 || vertices.some(({ answer }) => answer.factors === undefined)) return undefined;
  return withinBudget(() => new Gluing(graph, vertices, budget).witnesses());
}

class Gluing {
  readonly #bdd: Bdd;
  readonly #effort: Effort;
  readonly #values = new Map<Vertex, NodeId>();
  readonly #order: readonly number[];
  readonly #levels: ReadonlyMap<number, number>;

  constructor(
    readonly graph: Graph,
    readonly vertices: readonly Vertex[],
    readonly budget: Budget,
  ) {
    this.#effort = new Effort(budget);
    this.#bdd = new Bdd(this.#effort);
    this.#order = eventOrder(graph);
    this.#levels = new Map(this.#order.map((event, level) => [event, level]));
  }

  witnesses(): Witnesses {
    const bdd = this.#bdd;
    for (const vertex of this.vertices)
      this.#values.set(vertex, this.#all(vertex.required, this.#value(vertex.answer)));
    let whole = this.#all(this.graph.required, always);
    for (const root of this.graph.roots) {
      whole = bdd.and(whole, this.#values.get(this.graph.vertex(root) as Vertex) ?? never);
    }
    const family = minimalSets(bdd, whole, this.#order, this.#effort);
    return new Witnesses([], [{ witnesses: family, bdd, down: bdd.not(whole) }], this.budget);
  }

  #value({ core, factors }: Answer): NodeId {
    return this.#all(
      core,
      (factors ?? []).reduce((value, family) => this.#bdd.and(value, this.#some(family)), always),
    );
  }

  #all(events: readonly number[], start: NodeId): NodeId {
    return events.reduce((value, event) => this.#bdd.and(value, this.#happens(event)), start);
  }

  /** A family of alternatives, with each event replaced by all that it takes for it to happen. */
  #some({ zdd, root, order }: Family): NodeId {
    const known = new Map<NodeId, NodeId>([
      [noSets, never],
      [emptySetOnly, always],
    ]);
    const of = (node: number | undefined): NodeId => known.get(node ?? noSets) ?? never;
    for (const node of zdd.under(root)) {
      const event = order[zdd.level[node] as number] as number;
      known.set(node, this.#bdd.or(of(zdd.low[node]), this.#bdd.and(this.#happens(event), of(zdd.high[node]))));
    }
    return of(root);
  }

  #happens(event: number): NodeId {
    const alone = this.#bdd.variable(this.#levels.get(event) as number);
    const vertex = this.graph.behind(event)?.vertex;
    return vertex === undefined ? alone : this.#bdd.and(alone, this.#values.get(vertex) ?? never);
  }
}

/** Events in the order in which a walk from the outcome back meets them, so that what belongs together is together. */
function eventOrder(graph: Graph): number[] {
  const order = new Set<number>();
  const open: (readonly number[])[] = [[...graph.required]];
  for (const root of graph.roots) open.push(eventsFrom(graph.vertex(root)));
  for (let events = open.pop(); events !== undefined; events = open.pop()) {
    for (const event of events) {
      if (order.has(event)) continue;
      order.add(event);
      const vertex = graph.behind(event)?.vertex;
      if (vertex !== undefined) open.push(eventsFrom(vertex));
    }
  }
  return [...order];
}

function eventsFrom(vertex: Vertex | undefined): number[] {
  return vertex === undefined ? [] : [...vertex.required, ...eventsOf(vertex.answer)].reverse();
}
