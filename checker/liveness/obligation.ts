import type { InSlices, Pace } from "../pace.js";
import { fairComponents } from "./fair-components.js";
import { FairLoops } from "./fair-loop.js";
import type { FairActions } from "./fairness.js";
import { degreeOf, type Graph } from "./graph.js";

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
export function* decide(graph: Graph, actions: FairActions, obligation: Obligation, pace: Pace): InSlices<Decided> {
  const product = new Product(graph, obligation, pace);
  yield* product.explore();
  const owing = yield* product.owingNodes();
  if (owing.length === 0) return { lasso: undefined, isExercised: false };
  const zones = yield* fairComponents(graph, actions, owing, pace);
  const candidates = yield* product.nearestOwing((node) => zones[node] !== 0, candidateMax);
  let best: Lasso | undefined;
  const loops = new FairLoops(graph, actions, zones, pace);
  pace.begin("a short loop");
  for (const found of candidates) {
    const loop = yield* loops.from(found.node);
    if (best === undefined || loop.length < best.loop.length) best = { stem: product.pathTo(found.place), loop };
    if (loop.length === 0) break;
  }
  return { lasso: best, isExercised: true };
}

/** So many ends of shortest stems are tried for a short loop. */
const candidateMax = 16;

const none = -1;

/** A place where something is owed, and its node. */
interface Owing {
  readonly node: number;
  readonly place: number;
}

/** The nodes, with nothing owed or something: place `2 * node`, plus 1 where it is owed; met breadth-first. */
class Product {
  private readonly queue: Int32Array;
  /** The place from which each was met, plus 1; 0 where it was not met. */
  private readonly from: Int32Array;
  private readonly depths: Int32Array;
  /** For each node whether it discharges the obligation, once that was asked. */
  private readonly discharged: Uint8Array;
  private met = 0;
  private owing = 0;

  constructor(
    private readonly graph: Graph,
    private readonly obligation: Obligation,
    private readonly pace: Pace,
  ) {
    this.queue = new Int32Array(graph.size * 2);
    this.from = new Int32Array(graph.size * 2);
    this.depths = new Int32Array(graph.size * 2);
    this.discharged = new Uint8Array(graph.size);
  }

  /** Meets all places that can be reached. */
  *explore(): InSlices<void> {
    this.pace.begin("what runs owe");
    this.meetFree(0, none, true);
    for (let head = 0; head < this.met; head += 1) {
      const place = this.queue[head] as number;
      this.expand(place);
      if (this.pace.finish(1 + degreeOf(this.graph, place >> 1))) yield;
    }
  }

  *owingNodes(): InSlices<Uint32Array> {
    const nodes = new Uint32Array(this.owing);
    let count = 0;
    for (let head = 0; head < this.met; head += 1) {
      const place = this.queue[head] as number;
      if (isOwing(place)) nodes[count++] = place >> 1;
      if (this.pace.spend(1)) yield;
    }
    return nodes;
  }

  /** The owing places of the least depth that satisfy a test, at most so many. */
  *nearestOwing(test: (node: number) => boolean, limit: number): InSlices<readonly Owing[]> {
    const found: Owing[] = [];
    let depth = 0;
    for (let head = 0; head < this.met && found.length < limit; head += 1) {
      const place = this.queue[head] as number;
      if (this.pace.spend(1)) yield;
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
      else if (this.from[2 * target + 1] === 0 && !this.isDischarged(target)) this.meet(2 * target + 1, place);
    }
  }

  /** Meets a node with nothing owed so far; with an obligation that begins there, in the same moment. */
  private meetFree(node: number, from: number, isFirst: boolean): void {
    if (this.from[2 * node] !== 0) return;
    this.meet(2 * node, from);
    if (!this.isDischarged(node) && this.obligation.begins(node, isFirst)) this.meet(2 * node + 1, from);
  }

  private isDischarged(node: number): boolean {
    const known = this.discharged[node] as number;
    if (known !== unasked) return known === yes;
    const isDischarged = this.obligation.isDischarged(node);
    this.discharged[node] = isDischarged ? yes : no;
    return isDischarged;
  }

  private meet(place: number, from: number): void {
    if (this.from[place] !== 0) return;
    this.from[place] = from === none ? start : from + 1;
    this.depths[place] = from === none ? 0 : (this.depths[from] as number) + 1;
    this.queue[this.met++] = place;
    if (isOwing(place)) this.owing += 1;
  }
}

const [unasked, no, yes] = [0, 1, 2];

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
