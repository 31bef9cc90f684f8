import type { System } from "../../../sim/system.js";
import type { AlikeClass } from "./alike.js";
import { arrangement, exchange, type Permutation } from "./permutation.js";
import { Renaming } from "./renaming.js";

/** An exchange of places within one class, by which it is tried whether those of the class are alike. */
export interface Trial {
  readonly alike: AlikeClass;
  readonly permutation: Permutation;
  readonly renaming: Renaming;
}

/** Up to so many blocks, all permutations of a class are tried: then what was tried is proven. */
const blocksForAll = 4;
/** Of larger classes, the exchanges of neighbours, which generate all, and some others. */
const othersOfLarger = 6;
/** So many times everything is tried, then so many times one exchange, and from then on one in so many times. */
const wholeTrials = 200;
const singleTrials = 2000;
const sampled = 8;

/** Which exchanges to try: all at first, then a sample, always the same one. */
export class Trials {
  private readonly all: readonly Trial[];
  private asked = 0;
  private turn = 0;

  constructor(system: System, classes: readonly AlikeClass[]) {
    this.all = classes.flatMap((alike) =>
      permutationsOf(system.participants.length, alike).map((permutation) => ({
        alike,
        permutation,
        renaming: new Renaming(system, permutation),
      })),
    );
  }

  /** What to try next. */
  next(): readonly Trial[] {
    this.asked += 1;
    if (this.asked <= wholeTrials) return this.all;
    if (this.asked > singleTrials && this.asked % sampled !== 0) return [];
    this.turn = (this.turn + 1) % this.all.length;
    return this.all.slice(this.turn, this.turn + 1);
  }
}

function permutationsOf(participants: number, { blocks }: AlikeClass): Permutation[] {
  const places = blocks.map((_, i) => i);
  const identity = Array.from({ length: participants }, (_, i) => i);
  const arranged = (order: readonly number[]): Permutation => {
    const permutation = identity.slice();
    arrangement(permutation, blocks, order);
    return permutation;
  };
  if (blocks.length <= blocksForAll) return ordersOf(places).slice(1).map(arranged);
  const neighbours = blocks.slice(1).map((block, i) => exchange(participants, blocks[i] as readonly number[], block));
  const others = Array.from({ length: othersOfLarger }, (_, seed) => arranged(shuffled(places, seed + 1)));
  return [...neighbours, ...others];
}

/** All orders, the given one first. */
function ordersOf(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, i) => ordersOf(items.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

/** The same shuffle for the same seed (Fisher and Yates, with a linear congruence for the dice). */
function shuffled(items: readonly number[], seed: number): number[] {
  const order = [...items];
  let state = seed;
  for (let i = order.length - 1; i > 0; i -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
