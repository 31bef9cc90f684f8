import type { Graph } from "./graph.js";

/** The edges of a shortest way from node 0 to the nearest node that satisfies a test; undefined if none is reachable. */
export function shortestPath(
  { size, offsets, targets }: Graph,
  test: (node: number) => boolean,
): { readonly node: number; readonly edges: readonly number[] } | undefined {
  const [queue, parents, via] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  const met = new Uint8Array(size);
  met[0] = 1;
  let count = 1;
  for (let head = 0; head < count; head += 1) {
    const node = queue[head] as number;
    if (test(node)) {
      const edges: number[] = [];
      for (let at = node; at !== 0; at = parents[at] as number) edges.push(via[at] as number);
      return { node, edges: edges.reverse() };
    }
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      const target = targets[edge] as number;
      if (met[target] === 1) continue;
      met[target] = 1;
      parents[target] = node;
      via[target] = edge;
      queue[count++] = target;
    }
  }
  return undefined;
}

/** For each node whether some way leads from it to a node that satisfies a test. Linear in the graph. */
export function canReach({ size, offsets, targets }: Graph, test: (node: number) => boolean): Uint8Array {
  // The edges turned round, in compressed rows: those that lead to a node.
  const starts = new Uint32Array(size + 1);
  for (const target of targets) starts[target + 1] = (starts[target + 1] as number) + 1;
  for (let node = 0; node < size; node += 1) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  const sources = new Uint32Array(targets.length);
  const filled = starts.slice();
  for (let node = 0; node < size; node += 1) {
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      const target = targets[edge] as number;
      sources[filled[target] as number] = node;
      filled[target] = (filled[target] as number) + 1;
    }
  }
  const reaches = new Uint8Array(size);
  const queue = new Uint32Array(size);
  let count = 0;
  const meet = (node: number): void => {
    if (reaches[node] === 1) return;
    reaches[node] = 1;
    queue[count++] = node;
  };
  for (let node = 0; node < size; node += 1) if (test(node)) meet(node);
  for (let head = 0; head < count; head += 1) {
    const node = queue[head] as number;
    for (let i = starts[node] as number; i < (starts[node + 1] as number); i += 1) meet(sources[i] as number);
  }
  return reaches;
}
