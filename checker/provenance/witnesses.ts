import type { Bdd } from "./bdd.js";
import { type Budget, Effort, withinBudget } from "./effort.js";
import type { NodeId } from "./node-table.js";
import {
  countSets,
  emptySetOnly,
  type Family,
  hasSet,
  minimalSets,
  smallestSizes,
  unionOfSets,
  unreachable,
} from "./zdd.js";

/** Positions of a trace (from 0), ascending. */
export type Positions = readonly number[];

/** An independent part of all witnesses: the residual positions of some outputs, and which sets of them suffice. */
export interface Factor {
  readonly witnesses: Family;
  /** The sets of kept positions that lie inside a bad one, over the same levels. */
  readonly bdd: Bdd;
  readonly down: NodeId;
}

/**
 * All minimal closed witnesses of an output, kept as a product: each witness is the core together with one member of
 * every factor. Nothing is listed unless asked for; there may be 10^100 of them.
 */
export class Witnesses {
  readonly #counts: readonly bigint[];

  constructor(
    /** The positions that every witness has: those whose deletion alone changes the output. */
    readonly core: Positions,
    readonly factors: readonly Factor[],
    readonly budget: Budget,
  ) {
    this.#counts = factors.map((factor) => countSets(factor.witnesses));
  }

  get count(): bigint {
    return this.#counts.reduce((product, count) => product * count, 1n);
  }

  /** The positions that occur in some witness: those that matter at all. */
  union(): Positions {
    const all = new Set(this.core);
    for (const factor of this.factors) for (const position of unionOfSets(factor.witnesses)) all.add(position);
    return ascending(all);
  }

  has(witness: Positions): boolean {
    const rest = new Set(witness);
    if (rest.size !== witness.length || !this.core.every((position) => rest.delete(position))) return false;
    let taken = 0;
    for (const { witnesses } of this.factors) {
      const own = unionOfSets(witnesses);
      const part = new Set([...rest].filter((position) => own.has(position)));
      if (!hasSet(witnesses, part)) return false;
      taken += part.size;
    }
    return taken === rest.size;
  }

  /** A witness with the fewest positions. */
  smallest(): Positions {
    for (const witness of this.bySize()) return witness;
    throw new Error("An output without a witness; every output has one.");
  }

  /** The first `limit` witnesses, smallest first. */
  list(limit: number): Positions[] {
    const listed: Positions[] = [];
    if (limit < 1) return listed;
    for (const witness of this.bySize()) {
      listed.push(witness);
      if (listed.length >= limit) break;
    }
    return listed;
  }

  /** All witnesses, smallest first, found one by one as they are asked for. */
  *bySize(): Generator<Positions> {
    for (const part of productBySize(this.factors.map((factor) => factor.witnesses)))
      yield ascending([...this.core, ...part]);
  }

  /**
   * The smallest set of deletions that changes the output, is minimal, and holds the position; undefined if the position
   * matters to no witness, or "unknown" if the budget does not suffice.
   */
  smallestCutThrough(position: number): Positions | "unknown" | undefined {
    if (this.core.includes(position)) return [position];
    const factor = this.factors.find(({ witnesses }) => unionOfSets(witnesses).has(position));
    if (factor === undefined) return undefined;
    const cuts = withinBudget(() => cutsOf(factor, this.budget));
    return cuts === undefined ? "unknown" : smallestThrough(cuts, position);
  }

  /**
   * How much the output hangs on a position (Chockler and Halpern 2004; Meliou et al. 2010): 1 for the core, 1/k if k
   * deletions together change the output and none of them is superfluous, 0 if it does not matter.
   */
  responsibility(position: number): number | "unknown" {
    const cut = this.smallestCutThrough(position);
    return cut === "unknown" ? cut : cut === undefined ? 0 : 1 / cut.length;
  }

  /** Minimal sets of deletions that change the output, the first `limit` by size; "unknown" if out of budget. */
  cuts(limit: number): Positions[] | "unknown" {
    const cuts: Positions[] = this.core.map((position) => [position]);
    for (const factor of this.factors) {
      const family = withinBudget(() => cutsOf(factor, this.budget));
      if (family === undefined) return "unknown";
      let taken = 0;
      for (const cut of productBySize([family])) {
        if (taken >= limit) break;
        taken += 1;
        cuts.push(ascending(cut));
      }
    }
    return cuts.sort(bySizeThenPositions).slice(0, limit);
  }
}

const cutFamilies = new WeakMap<Factor, Family>();

/** Minimal deletions are the minimal complements of sets inside a bad one (the duality of witnesses and cuts). */
function cutsOf(factor: Factor, budget: Budget): Family {
  const known = cutFamilies.get(factor);
  if (known !== undefined) return known;
  const { order } = factor.witnesses;
  const family = minimalSets(factor.bdd, factor.bdd.complements(factor.down), order, new Effort(budget));
  cutFamilies.set(factor, family);
  return family;
}

function smallestThrough(family: Family, position: number): Positions | undefined {
  const { zdd, root, order } = family;
  const level = order.indexOf(position);
  const { size, through } = smallestSizes(family, level);
  if ((through[root] as number) >= unreachable) return undefined;
  const cut: number[] = [];
  let isThrough = false;
  for (let node = root; node !== emptySetOnly;) {
    const [low, high] = [zdd.low[node] as number, zdd.high[node] as number];
    const rest = isThrough ? size : through;
    const isLevel = zdd.level[node] === level;
    const isLow = !(isLevel && !isThrough) && (rest[low] as number) === (rest[node] as number);
    if (!isLow) {
      cut.push(order[zdd.level[node] as number] as number);
      isThrough ||= isLevel;
    }
    node = isLow ? low : high;
  }
  return ascending(cut);
}

interface Partial {
  readonly family: number;
  readonly node: NodeId;
  readonly size: number;
  readonly taken: Taken | undefined;
}

interface Taken {
  readonly position: number;
  readonly rest: Taken | undefined;
}

/** Best-first search: the least that a partial choice can still grow to decides, so sets come out smallest first. */
function* productBySize(families: readonly Family[]): Generator<number[]> {
  const sizes = families.map((family) => smallestSizes(family).size);
  const least = families.map((family, i) => sizes[i]?.[family.root] as number);
  const after = least.map((_, i) => least.slice(i + 1).reduce((sum, size) => sum + size, 0));
  const buckets: Partial[][] = [];
  const push = (partial: Partial): void => {
    const rest =
      partial.family < families.length
        ? (sizes[partial.family]?.[partial.node] as number) + (after[partial.family] as number)
        : 0;
    if (rest >= unreachable) return;
    const total = partial.size + rest;
    while (buckets.length <= total) buckets.push([]);
    buckets[total]?.push(partial);
  };
  push({ family: 0, node: families[0]?.root ?? emptySetOnly, size: 0, taken: undefined });
  for (let total = 0; total < buckets.length; total += 1) {
    const bucket = buckets[total] as Partial[];
    for (let partial = bucket.pop(); partial !== undefined; partial = bucket.pop()) {
      const family = families[partial.family];
      if (family === undefined) yield positionsOf(partial.taken);
      else if (partial.node === emptySetOnly) {
        push({ ...partial, family: partial.family + 1, node: families[partial.family + 1]?.root ?? emptySetOnly });
      } else {
        const { zdd, order } = family;
        const position = order[zdd.level[partial.node] as number] as number;
        push({ ...partial, node: zdd.low[partial.node] as number });
        push({
          ...partial,
          node: zdd.high[partial.node] as number,
          size: partial.size + 1,
          taken: { position, rest: partial.taken },
        });
      }
    }
  }
}

function positionsOf(taken: Taken | undefined): number[] {
  const positions: number[] = [];
  for (let link = taken; link !== undefined; link = link.rest) positions.push(link.position);
  return positions;
}

export function ascending(positions: Iterable<number>): number[] {
  return [...positions].sort((a, b) => a - b);
}

export function bySizeThenPositions(a: Positions, b: Positions): number {
  if (a.length !== b.length) return a.length - b.length;
  const i = a.findIndex((position, index) => position !== b[index]);
  return i < 0 ? 0 : (a[i] as number) - (b[i] as number);
}
