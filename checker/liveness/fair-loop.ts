import type { InSlices, Pace } from "../pace.js";
import { mayStop } from "./fair-components.js";
import type { FairActions } from "./fairness.js";
import { degreeOf, type Graph } from "./graph.js";

/** Finds short fair loops within fair components (see `fairComponents`), by breadth-first detours. */
export class FairLoops {
  /** The edge by which each node was met in the search of this number. */
  private readonly via: Uint32Array;
  private readonly metIn: Uint32Array;
  private readonly queue: Uint32Array;
  private searches = 0;

  constructor(
    private readonly graph: Graph,
    private readonly actions: FairActions,
    private readonly zones: Int32Array,
    private readonly pace: Pace,
  ) {
    this.via = new Uint32Array(graph.size);
    this.metIn = new Uint32Array(graph.size);
    this.queue = new Uint32Array(graph.size);
  }

  /**
   * The edges of a fair loop from a node of a fair component; none where a run may end. It starts as a shortest cycle, and
   * goes, as long as some action is treated unfairly, by the nearest edge or node that makes up for it.
   */
  *from(entry: number): InSlices<number[]> {
    let walk: number[] = [];
    if (mayStop(this.graph, this.actions, entry)) return walk;
    for (let at = entry; ; at = this.target(walk[walk.length - 1] as number)) {
      const isBack = at === entry && walk.length > 0;
      const closing = isBack ? [] : yield* this.shortest(at, (edge) => this.target(edge) === entry);
      if (closing === undefined) throw noLoop(entry);
      const loop = [...walk, ...closing];
      const starved = yield* this.starved(loop);
      if (starved.size === 0) return loop;
      const detour = yield* this.shortest(at, (edge) => this.makesUp(edge, starved));
      if (detour === undefined) throw noLoop(entry);
      walk = [...walk, ...detour];
    }
  }

  private target(edge: number): number {
    return this.graph.targets[edge] as number;
  }

  /** The edges of a shortest way within the component, of one edge at least, whose last edge satisfies a test. */
  private *shortest(from: number, test: (edge: number) => boolean): InSlices<number[] | undefined> {
    const { queue } = this;
    const { offsets } = this.graph;
    this.searches += 1;
    queue[0] = from;
    let count = 1;
    for (let head = 0; head < count; head += 1) {
      const node = queue[head] as number;
      if (this.pace.finish(1 + degreeOf(this.graph, node))) yield;
      for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
        const target = this.target(edge);
        if (this.zones[target] !== this.zones[from]) continue;
        if (test(edge)) return [...this.way(from, node), edge];
        if (target === from || this.metIn[target] === this.searches) continue;
        this.metIn[target] = this.searches;
        this.via[target] = edge;
        queue[count++] = target;
      }
    }
    return undefined;
  }

  private way(from: number, to: number): number[] {
    const edges: number[] = [];
    for (let at = to; at !== from; at = this.source(edges[edges.length - 1] as number))
      edges.push(this.via[at] as number);
    return edges.reverse();
  }

  /** The node whose edge it is: the last one whose edges begin at or before it. */
  private source(edge: number): number {
    const { offsets, size } = this.graph;
    let [low, high] = [0, size - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((offsets[middle] as number) <= edge) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The actions that a run which goes round this loop for ever treats unfairly. */
  private *starved(loop: readonly number[]): InSlices<Set<number>> {
    const { isStrong, ofLabel } = this.actions;
    const taken = new Set(loop.flatMap((edge) => ofLabel[this.graph.labels[edge] as number] ?? []));
    const counts = new Map<number, number>();
    const nodes = new Set(loop.map((edge) => this.target(edge)));
    for (const node of nodes) {
      for (const action of this.possibleAt(node)) counts.set(action, (counts.get(action) ?? 0) + 1);
      if (this.pace.spend(1 + degreeOf(this.graph, node))) yield;
    }
    const starved = [...counts].filter(
      ([action, count]) => !taken.has(action) && (isStrong[action] === 1 || count === nodes.size),
    );
    return new Set(starved.map(([action]) => action));
  }

  /** Whether an edge takes a starved action, or leads to where a weakly fair one is not possible. */
  private makesUp(edge: number, starved: ReadonlySet<number>): boolean {
    const { isStrong, ofLabel } = this.actions;
    if (ofLabel[this.graph.labels[edge] as number]?.some((action) => starved.has(action)) === true) return true;
    const possible = this.possibleAt(this.target(edge));
    return [...starved].some((action) => isStrong[action] === 0 && !possible.has(action));
  }

  private possibleAt(node: number): Set<number> {
    const { offsets, labels } = this.graph;
    const possible = new Set<number>();
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      for (const action of this.actions.ofLabel[labels[edge] as number] ?? []) possible.add(action);
    }
    return possible;
  }
}

function noLoop(entry: number): Error {
  return new Error(`A fair component has no fair loop at node ${entry}; this is a bug of ours.`);
}
