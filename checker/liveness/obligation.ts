import type { FairActions } from "./fairness.js";
import { fairComponents } from "./fair-components.js";
import type { Graph } from "./graph.js";
import { FairLoops } from "./fair-loop.js";

/** What a run owes: from each node where it begins until one that discharges it. */
export interface Obligation {
  /** Whether it begins at a node; `isFirst` for the start of the run. Not asked where it is discharged at once. */
  readonly begins: (node: number, isFirst: boolean) => boolean;
  readonly isDischarged: (node: number) => boolean;
}

/** A run that never ends, as edges: the stem once, then the loop for ever; an empty loop is the end of the run. */
export interface Lasso {
  readonly stem: readonly number[];
  readonly loop: readonly number[];
}

/** Whether every fair run meets its obligations. */
export interface Decided {
  /** A fair run that does not. */
  readonly lasso: Lasso | undefined;
  /** Some run came into the obligation, and had not met it in the same moment. */
  readonly isExercised: boolean;
}

/**
 * Decides on a finite graph, from node 0, whether all fair runs meet an obligation: in the product of the graph with "still
 * owed", so that it is forgotten neither where runs join nor on cycles (Lichtenstein and Pnueli, 1985). Linear in the
 * graph, but for strong fairness.
 *
 * The lasso's stem is a shortest one. Its loop is found greedily: a shortest fair loop is NP-hard to find.
 */
export function decide(graph: Graph, actions: FairActions, obligation: Obligation): Decided {
  const product = new Product(graph, obligation);
  const owing = product.owingNodes();
  if (owing.length === 0) return { lasso: undefined, isExercised: false };
  const zones = fairComponents(graph, actions, owing);
  const candidates = product.nearestOwing((node) => zones[node] !== 0, candidateMax);
  let best: Lasso | undefined;
  const loops = new FairLoops(graph, actions, zones);
  for (const found of candidates) {
    const loop = loops.from(found.node);
    if (best === undefined || loop.length < best.loop.length) best = { stem: product.pathTo(found.place), loop };
    if (loop.length === 0) break;
  }
  return { lasso: best, isExercised: true };
}

/** So many ends of shortest stems are tried for a short loop. */
const candidateMax = 16;

const none = -1;

/** The nodes, with nothing owed or something: place `2 * node`, plus 1 where it is owed; met breadth-first. */
class Product {
  private readonly queue: Int32Array;
  /** The place from which each was met, plus 1; 0 where it was not met. */
  private readonly from: Int32Array;
  private readonly depths: Int32Array;
  private met = 0;

  constructor(
    private readonly graph: Graph,
    private readonly obligation: Obligation,
  ) {
    this.queue = new Int32Array(graph.size * 2);
    this.from = new Int32Array(graph.size * 2);
    this.depths = new Int32Array(graph.size * 2);
    this.meetFree(0, none, true);
    for (let head = 0; head < this.met; head += 1) this.expand(this.queue[head] as number);
  }

  owingNodes(): Uint32Array {
    return Uint32Array.from(this.queue.subarray(0, this.met).filter(isOwing), (place) => place >> 1);
  }

  /** The owing places of the least depth that satisfy a test, at most so many. */
  nearestOwing(test: (node: number) => boolean, limit: number): { readonly node: number; readonly place: number }[] {
    const found: { node: number; place: number }[] = [];
    let depth = 0;
    for (let head = 0; head < this.met && found.length < limit; head += 1) {
      const place = this.queue[head] as number;
      if (!isOwing(place) || !test(place >> 1)) continue;
      if (found.length > 0 && this.depths[place] !== depth) break;
      depth = this.depths[place] as number;
      found.push({ node: place >> 1, place });
    }
    return found;
  }

  /** The edges of a shortest way to a place. */
  pathTo(place: number): number[] {
    const edges: number[] = [];
    for (let at = place; this.from[at] !== start; at = (this.from[at] as number) - 1) {
      edges.push(edgeBetween(this.graph, ((this.from[at] as number) - 1) >> 1, at >> 1));
    }
    return edges.reverse();
  }

  private expand(place: number): void {
    const { offsets, targets } = this.graph;
    const node = place >> 1;
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      const target = targets[edge] as number;
      if (!isOwing(place)) this.meetFree(target, place, false);
      else if (!this.obligation.isDischarged(target)) this.meet(2 * target + 1, place);
    }
  }

  /** Meets a node with nothing owed so far; with an obligation that begins there, in the same moment. */
  private meetFree(node: number, from: number, isFirst: boolean): void {
    const { begins, isDischarged } = this.obligation;
    if (this.from[2 * node] !== 0) return;
    this.meet(2 * node, from);
    if (!isDischarged(node) && begins(node, isFirst)) this.meet(2 * node + 1, from);
  }

  private meet(place: number, from: number): void {
    if (this.from[place] !== 0) return;
    this.from[place] = from === none ? start : from + 1;
    this.depths[place] = from === none ? 0 : (this.depths[from] as number) + 1;
    this.queue[this.met++] = place;
  }
}

/** Stands for the place before the first one. */
const start = -1;

function isOwing(place: number): boolean {
  return (place & 1) === 1;
}

function edgeBetween({ offsets, targets }: Graph, from: number, to: number): number {
  for (let edge = offsets[from] as number; edge < (offsets[from + 1] as number); edge += 1) {
    if (targets[edge] === to) return edge;
  }
  throw new Error(`There is no edge from node ${from} to node ${to}; this is a bug of ours.`);
}
