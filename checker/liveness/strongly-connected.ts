import type { Pace } from "../pace.js";
import type { Graph } from "./graph.js";

/**
 * Finds strongly connected components of parts of a graph (Tarjan, "Depth-first search and linear graph algorithms", 1972),
 * without recursion and with all its working space in typed arrays that serve again for the next part.
 *
 * A node is in the part while its zone is the part's; whoever is given a component may move its nodes to other zones.
 */
export class StronglyConnected {
  /** The order of discovery from 1; 0 for nodes not met, `done` for those whose component is known. */
  private readonly order: Uint32Array;
  private readonly low: Uint32Array;
  /** The next edge of each node on the path. */
  private readonly next: Uint32Array;
  private readonly path: Uint32Array;
  private readonly stack: Uint32Array;
  private met = 0;
  private height = 0;

  constructor(
    private readonly graph: Graph,
    private readonly zones: Int32Array,
    private readonly pace: Pace,
  ) {
    this.order = new Uint32Array(graph.size);
    this.low = new Uint32Array(graph.size);
    this.next = new Uint32Array(graph.size);
    this.path = new Uint32Array(graph.size);
    this.stack = new Uint32Array(graph.size);
  }

  /**
   * Gives each component of the zone, and undefined where it is time to pause; `nodes` are all nodes in it. Linear in the
   * zone's nodes and edges.
   */
  *each(nodes: Uint32Array, zone: number): Generator<Uint32Array | undefined, void, undefined> {
    const { order, zones } = this;
    for (const node of nodes) {
      order[node] = 0;
      if (this.pace.spend(1)) yield undefined;
    }
    [this.met, this.height] = [0, 0];
    for (const root of nodes) {
      if (order[root] === 0 && zones[root] === zone) yield* this.from(root, zone);
    }
  }

  private *from(root: number, zone: number): Generator<Uint32Array | undefined, void, undefined> {
    const { order, low, next, path, zones, pace } = this;
    const { offsets, targets } = this.graph;
    let length = 0;
    this.enter(root);
    path[length++] = root;
    while (length > 0) {
      const node = path[length - 1] as number;
      const edge = next[node] as number;
      if (pace.spend(1)) yield undefined;
      if (edge < (offsets[node + 1] as number)) {
        next[node] = edge + 1;
        const target = targets[edge] as number;
        if (zones[target] !== zone || order[target] === done) continue;
        if (order[target] === 0) {
          this.enter(target);
          path[length++] = target;
        } else low[node] = Math.min(low[node] as number, order[target] as number);
        continue;
      }
      length -= 1;
      if (length > 0) {
        const parent = path[length - 1] as number;
        low[parent] = Math.min(low[parent] as number, low[node] as number);
      }
      if (low[node] === order[node]) yield* this.close(node);
    }
  }

  private enter(node: number): void {
    this.met += 1;
    this.order[node] = this.met;
    this.low[node] = this.met;
    this.next[node] = this.graph.offsets[node] as number;
    this.stack[this.height++] = node;
  }

  /** Gives the component of which this node was met first. */
  private *close(node: number): Generator<Uint32Array | undefined, void, undefined> {
    const { order, stack, pace } = this;
    const bottom = stack.lastIndexOf(node, this.height - 1);
    const component = stack.slice(bottom, this.height);
    this.height = bottom;
    for (const member of component) {
      order[member] = done;
      if (pace.finish(1)) yield undefined;
    }
    yield component;
  }
}

const done = 0xffffffff;
