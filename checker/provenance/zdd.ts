import { always, type Bdd, never } from "./bdd.js";
import type { Effort } from "./effort.js";
import { type NodeId, NodeTable, PairCache } from "./node-table.js";

/** The family without members, and the family whose one member is the empty set. */
export const noSets: NodeId = 0;
export const emptySetOnly: NodeId = 1;

/** Zero-suppressed decision diagrams (Minato 1993): families of sets of levels. */
export class Zdd extends NodeTable {
  readonly #removed = new PairCache();

  /** The members of `low`, and those of `high` with the level added. */
  node(level: number, low: NodeId, high: NodeId): NodeId {
    return high === noSets ? low : this.make(level, low, high);
  }

  /** The minimal sets of a monotone function (Knuth, 7.1.4). */
  minimal(bdd: Bdd, f: NodeId): NodeId {
    if (f < 2) return f === always ? emptySetOnly : noSets;
    const results = new Int32Array(f + 1);
    results[always] = emptySetOnly;
    for (const node of bdd.under(f)) {
      const low = bdd.low[node] as number;
      const high = results[bdd.high[node] as number] as number;
      results[node] = this.node(bdd.level[node] as number, results[low] as number, this.remove(high, bdd, low));
    }
    return results[f] as number;
  }

  /** The members of `family` that do not satisfy the monotone function `g`. */
  remove(family: NodeId, bdd: Bdd, g: NodeId): NodeId {
    if (family === noSets || g === always) return noSets;
    if (g === never) return family;
    const known = this.#removed.get(family, g);
    if (known >= 0) return known;
    this.effort.work();
    const [mine, theirs] = [this.level[family] as number, bdd.level[g] as number];
    const skipped = bdd.low[g] as number;
    let result: NodeId;
    if (theirs < mine) result = this.remove(family, bdd, skipped);
    else {
      const low = this.remove(this.low[family] as number, bdd, theirs === mine ? skipped : g);
      const high = this.remove(this.high[family] as number, bdd, theirs === mine ? (bdd.high[g] as number) : g);
      result = this.node(mine, low, high);
    }
    this.#removed.set(family, g, result);
    return result;
  }
}

/** A family in a diagram. Levels stand for positions by `order`. */
export interface Family {
  readonly zdd: Zdd;
  readonly root: NodeId;
  /** The position that each level stands for. */
  readonly order: readonly number[];
}

/** How many sets the family has. Linear in its nodes, apart from the size of the number. */
export function countSets({ zdd, root }: Family): bigint {
  const counts = new Map<NodeId, bigint>([
    [noSets, 0n],
    [emptySetOnly, 1n],
  ]);
  const of = (node: number | undefined): bigint => counts.get(node ?? noSets) ?? 0n;
  for (const node of zdd.under(root)) counts.set(node, of(zdd.low[node]) + of(zdd.high[node]));
  return of(root);
}

/** The positions that occur in some set. */
export function unionOfSets({ zdd, root, order }: Family): Set<number> {
  return new Set(zdd.under(root).map((node) => order[zdd.level[node] as number] as number));
}

/** Whether the family has exactly this set. */
export function hasSet({ zdd, root, order }: Family, positions: ReadonlySet<number>): boolean {
  let node = root;
  let taken = 0;
  while (node > 1) {
    const isTaken = positions.has(order[zdd.level[node] as number] as number);
    if (isTaken) taken += 1;
    node = (isTaken ? zdd.high[node] : zdd.low[node]) as number;
  }
  return node === emptySetOnly && taken === positions.size;
}

/** For each node under `root`, the size of its smallest set; `required`, when given, must be among its levels. */
export function smallestSizes(
  family: Family,
  required?: number,
): { readonly size: Int32Array; readonly through: Int32Array } {
  const { zdd, root } = family;
  const size = new Int32Array(Math.max(root + 1, 2)).fill(unreachable);
  const through = new Int32Array(Math.max(root + 1, 2)).fill(unreachable);
  size[emptySetOnly] = 0;
  for (const node of zdd.under(root)) {
    const [low, high] = [zdd.low[node] as number, zdd.high[node] as number];
    size[node] = Math.min(size[low] as number, (size[high] as number) + 1);
    const isRequired = zdd.level[node] === required;
    through[node] = Math.min(through[low] as number, ((isRequired ? size[high] : through[high]) as number) + 1);
  }
  return { size, through };
}

/** More than any set's size, and small enough to add to. */
export const unreachable = 0x3fff_ffff;

/** A family for computing with, from the sets of a monotone function. */
export function minimalSets(bdd: Bdd, f: NodeId, order: readonly number[], effort: Effort): Family {
  const zdd = new Zdd(effort);
  return { zdd, root: zdd.minimal(bdd, f), order };
}
