import { always, type Bdd, never } from "./bdd.js";
import type { Diagram } from "./diagram.js";
import type { NodeId } from "./node-table.js";

/** The sets of kept positions that change an answer, over levels of the BDD given by `levelOf` (ascending). */
export function badSets(diagram: Diagram, bdd: Bdd, levelOf: ReadonlyMap<number, number>): NodeId {
  let below = Int32Array.from(diagram.bad, (bad) => (bad === 1 ? always : never));
  for (let k = diagram.positions.length - 1; k >= 0; k -= 1) {
    const [skip, take] = [diagram.skip[k] as Int32Array, diagram.take[k] as Int32Array];
    const level = levelOf.get(diagram.positions[k] as number);
    const nodes = new Int32Array(take.length);
    for (let i = 0; i < take.length; i += 1) {
      const high = below[take[i] as number] as number;
      const skipped = skip[i] as number;
      nodes[i] = skipped < 0 || level === undefined ? high : bdd.node(level, below[skipped] as number, high);
    }
    below = nodes;
  }
  return below[0] as number;
}

/**
 * A largest set of positions of the diagram that holds `forced` and changes an answer: its complement is a minimal set
 * of deletions. Undefined exactly when `forced` is a closed witness. One pass.
 */
export function largestBad(diagram: Diagram, forced: ReadonlySet<number>): number[] | undefined {
  const best: Int32Array[] = [Int32Array.from(diagram.bad, (bad) => (bad === 1 ? 0 : -1))];
  for (let k = diagram.positions.length - 1; k >= 0; k -= 1) {
    const below = best[best.length - 1] as Int32Array;
    const [skip, take] = [diagram.skip[k] as Int32Array, diagram.take[k] as Int32Array];
    const mustTake = forced.has(diagram.positions[k] as number);
    best.push(
      take.map((next, i) => {
        const taken = below[next] as number;
        const skipped = mustTake || (skip[i] as number) < 0 ? -1 : (below[skip[i] as number] as number);
        return Math.max(taken < 0 ? -1 : taken + 1, skipped);
      }),
    );
  }
  best.reverse();
  if ((best[0]?.[0] ?? -1) < 0) return undefined;
  const kept: number[] = [];
  let node = 0;
  for (let k = 0; k < diagram.positions.length; k += 1) {
    const next = diagram.take[k]?.[node] as number;
    const taken = best[k + 1]?.[next] as number;
    if (taken >= 0 && taken + 1 === best[k]?.[node]) {
      kept.push(diagram.positions[k] as number);
      node = next;
    } else node = diagram.skip[k]?.[node] as number;
  }
  return kept;
}

/**
 * A minimal closed witness inside the closed witness `start`, in one backward and one forward pass: drops old inputs
 * first, so that it prefers recent ones. The positions that the diagram itself forces are not in the result.
 */
export function minimalWitness(diagram: Diagram, start: ReadonlySet<number>): number[] {
  const levels = diagram.positions.length;
  const reaches: Uint8Array[] = [diagram.bad];
  for (let k = levels - 1; k >= 0; k -= 1) {
    const below = reaches[reaches.length - 1] as Uint8Array;
    const mustTake = start.has(diagram.positions[k] as number);
    const skip = diagram.skip[k] as Int32Array;
    reaches.push(
      Uint8Array.from(diagram.take[k] as Int32Array, (next, i) =>
        below[next] === 1 || (!mustTake && (skip[i] as number) >= 0 && below[skip[i] as number] === 1) ? 1 : 0,
      ),
    );
  }
  reaches.reverse();
  const kept: number[] = [];
  let front = new Set([0]);
  for (let k = 0; k < levels; k += 1) {
    const position = diagram.positions[k] as number;
    const [skip, take] = [diagram.skip[k] as Int32Array, diagram.take[k] as Int32Array];
    const below = reaches[k + 1] as Uint8Array;
    const canSkip = [...front].every((node) => (skip[node] as number) >= 0);
    const mustKeep =
      start.has(position) &&
      [...front].some((node) => (skip[node] as number) >= 0 && below[skip[node] as number] === 1);
    if (mustKeep) kept.push(position);
    const next = new Set<number>();
    for (const node of front) {
      next.add(take[node] as number);
      if (!mustKeep && canSkip) next.add(skip[node] as number);
    }
    front = next;
  }
  return kept;
}
