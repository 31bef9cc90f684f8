import type { InSlices, Pace } from "../pace.js";
import { degreeOf, type Graph } from "./graph.js";

/** The edges of a way to a node. */
export interface Way {
  readonly node: number;
  readonly edges: readonly number[];
}

/** A shortest way from node 0 to the nearest node that satisfies a test; undefined if none is reachable. */
export function* shortestPath(graph: Graph, test: (node: number) => boolean, pace: Pace): InSlices<Way | undefined> {
  const { size, offsets, targets } = graph;
  const [queue, parents, via] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  const met = new Uint8Array(size);
  met[0] = 1;
  let count = 1;
  for (let head = 0; head < count; head += 1) {
    const node = queue[head] as number;
    if (pace.finish(1 + degreeOf(graph, node))) yield;
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
export function* canReach(graph: Graph, test: (node: number) => boolean, pace: Pace): InSlices<Uint8Array> {
  const { starts, sources } = yield* turnedRound(graph, pace);
  const { size } = graph;
  const reaches = new Uint8Array(size);
  const queue = new Uint32Array(size);
  let count = 0;
  const meet = (node: number): void => {
    if (reaches[node] === 1) return;
    reaches[node] = 1;
    queue[count++] = node;
  };
  for (let node = 0; node < size; node += 1) {
    if (test(node)) meet(node);
    if (pace.spend(1)) yield;
  }
  pace.begin("the states that lead there", size);
  for (let head = 0; head < count; head += 1) {
    const node = queue[head] as number;
    const end = starts[node + 1] as number;
    for (let i = starts[node] as number; i < end; i += 1) meet(sources[i] as number);
    if (pace.finish(1 + end - (starts[node] as number))) yield;
  }
  return reaches;
}

/** The edges turned round, in compressed rows: the sources of those that lead to a node. */
function* turnedRound(
  graph: Graph,
  pace: Pace,
): InSlices<{ readonly starts: Uint32Array; readonly sources: Uint32Array }> {
  const { size, offsets, targets } = graph;
  const starts = new Uint32Array(size + 1);
  pace.begin("the steps, turned round", size);
  for (const target of targets) {
    starts[target + 1] = (starts[target + 1] as number) + 1;
    if (pace.spend(1)) yield;
  }
  for (let node = 0; node < size; node += 1) {
    starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
    if (pace.spend(1)) yield;
  }
  const sources = new Uint32Array(targets.length);
  const filled = starts.slice();
  for (let node = 0; node < size; node += 1) {
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      const target = targets[edge] as number;
      sources[filled[target] as number] = node;
      filled[target] = (filled[target] as number) + 1;
    }
    if (pace.finish(1 + degreeOf(graph, node))) yield;
  }
  return { starts, sources };
}
