import type { Graph } from "./graph.js";

/**
 * Finds strongly connected components of parts of a graph (Tarjan, "Depth-first search and linear graph algorithms", 1972),
 * without recursion and with all its working space in typed arrays that serve again for the next part.
 *
 * A node is in the part while its zone is the part's; whoever is told of a component may move its nodes to other zones.
 */
export class StronglyConnected {
  /** The order of discovery from 1; 0 for nodes not met, `done` for those whose component is known. */
  private readonly order: Uint32Array;
  private readonly low: Uint32Array;
  /** The next edge of each node on the path. */
  private readonly next: Uint32Array;
  private readonly path: Uint32Array;
  private readonly stack: Uint32Array;

  constructor(
    private readonly graph: Graph,
    private readonly zones: Int32Array,
  ) {
    this.order = new Uint32Array(graph.size);
    this.low = new Uint32Array(graph.size);
    this.next = new Uint32Array(graph.size);
    this.path = new Uint32Array(graph.size);
    this.stack = new Uint32Array(graph.size);
  }

  /** Tells each component of the zone; `nodes` are all nodes in it. Linear in the zone's nodes and edges. */
  each(nodes: Uint32Array, zone: number, tell: (component: Uint32Array) => void): void {
    const { order, zones } = this;
    for (const node of nodes) order[node] = 0;
    let met = 0;
    let height = 0;
    for (const root of nodes) {
      if (order[root] === 0 && zones[root] === zone) [met, height] = this.from(root, zone, met, height, tell);
    }
  }

  private from(
    root: number,
    zone: number,
    metBefore: number,
    heightBefore: number,
    tell: (component: Uint32Array) => void,
  ): [met: number, height: number] {
    const { order, low, next, path, stack, zones } = this;
    const { offsets, targets } = this.graph;
    let [met, height, length] = [metBefore, heightBefore, 0];
    const enter = (node: number): void => {
      met += 1;
      order[node] = met;
      low[node] = met;
      next[node] = offsets[node] as number;
      path[length++] = node;
      stack[height++] = node;
    };
    enter(root);
    while (length > 0) {
      const node = path[length - 1] as number;
      const edge = next[node] as number;
      if (edge < (offsets[node + 1] as number)) {
        next[node] = edge + 1;
        const target = targets[edge] as number;
        if (zones[target] !== zone || order[target] === done) continue;
        if (order[target] === 0) enter(target);
        else low[node] = Math.min(low[node] as number, order[target] as number);
        continue;
      }
      length -= 1;
      if (length > 0) {
        const parent = path[length - 1] as number;
        low[parent] = Math.min(low[parent] as number, low[node] as number);
      }
      if (low[node] !== order[node]) continue;
      const bottom = stack.lastIndexOf(node, height - 1);
      const component = stack.slice(bottom, height);
      height = bottom;
      for (const member of component) order[member] = done;
      tell(component);
    }
    return [met, height];
  }
}

const done = 0xffffffff;
