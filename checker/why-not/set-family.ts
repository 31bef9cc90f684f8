import { defaultBudget } from "../provenance/effort.js";
import { enumerateJointly, type Oracle } from "../provenance/joint.js";
import { bySizeThenPositions } from "../provenance/witnesses.js";

/** A set of numbers below some size, as the bits of a number. */
export type Bits = bigint;

/** Minimal sets that lie in no bad one, and minimal complements of bad ones (each the minimal transversals of the other). */
export interface MinimalSets {
  readonly closed: readonly (readonly number[])[];
  readonly cuts: readonly (readonly number[])[];
  readonly isWhole: boolean;
}

/**
 * Enumerates both jointly, up to about so many of each, smallest first.
 *
 * Without a bad set the empty set is closed; if a bad one holds everything, nothing is.
 */
export function minimalSets(bad: readonly Bits[], size: number, setsMax: number): MinimalSets {
  const everything = (1n << BigInt(size)) - 1n;
  const largest = maximalOf(bad);
  if (largest.length === 0) return { closed: [[]], cuts: [], isWhole: true };
  if (largest[0] === everything) return { closed: [], cuts: [], isWhole: true };
  const common = largest.reduce((both, set) => both & set, everything);
  const residual = membersOf(everything & ~common);
  const found = enumerateJointly(new ListedOracle(largest, residual), residual, undefined, {
    ...defaultBudget,
    roundsMax: setsMax * 2,
  });
  return {
    closed: [...found.witnesses].sort(bySizeThenPositions),
    cuts: found.isComplete
      ? [...found.cuts].sort(bySizeThenPositions)
      : largest
          .map((set) => membersOf(everything & ~set))
          .sort(bySizeThenPositions)
          .slice(0, setsMax),
    isWhole: found.isComplete,
  };
}

/** Answers from a list of all maximal bad sets. */
class ListedOracle implements Oracle {
  constructor(
    private readonly bad: readonly Bits[],
    private readonly residual: readonly number[],
  ) {}

  largestBad(kept: readonly number[]): readonly number[] | undefined {
    const wanted = bitsOf(kept);
    // Largest first: the first one that holds what is kept is a largest one.
    const found = this.bad.find((set) => (set & wanted) === wanted);
    return found === undefined ? undefined : this.residual.filter((member) => (found >> BigInt(member)) & 1n);
  }

  shrink(closed: readonly number[]): { readonly set: readonly number[]; readonly isMinimal: boolean } {
    let needed = bitsOf(closed);
    for (const member of closed) {
      const fewer = needed & ~(1n << BigInt(member));
      if (!this.bad.some((set) => (set & fewer) === fewer)) needed = fewer;
    }
    return { set: membersOf(needed), isMinimal: true };
  }
}

/** The sets that lie in no other one, largest first. */
function maximalOf(sets: readonly Bits[]): Bits[] {
  const bySize = [...new Set(sets)].map((set) => ({ set, count: membersOf(set).length }));
  bySize.sort((a, b) => b.count - a.count || (a.set < b.set ? -1 : 1));
  const maximal: Bits[] = [];
  for (const { set } of bySize) if (!maximal.some((other) => (set & other) === set)) maximal.push(set);
  return maximal;
}

export function bitsOf(members: Iterable<number>): Bits {
  let bits = 0n;
  for (const member of members) bits |= 1n << BigInt(member);
  return bits;
}

function membersOf(bits: Bits): number[] {
  const members: number[] = [];
  const text = bits.toString(2);
  for (let i = 0; i < text.length; i += 1) if (text[text.length - 1 - i] === "1") members.push(i);
  return members;
}
