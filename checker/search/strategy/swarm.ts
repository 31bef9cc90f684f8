import { faultKinds } from "../../../sim/fault.js";
import type { Random } from "../../../sim/random.js";
import type { Moves } from "./moves.js";
import type { Sampling, Walker } from "./walks.js";

/**
 * Swarm testing (Groce, Zhang, Eide, Chen and Regehr, "Swarm testing", ISSTA 2012; Holzmann, Joshi and Groce, "Swarm
 * verification techniques", 2011): each walk has a configuration of its own. It leaves out each kind of fault with
 * probability 1/2, and gives each kind of choice a random weight, so that some walks do much of what others do hardly ever.
 */
export function swarm(): Sampling {
  return { begin: (random) => new WeightedWalker(random) };
}

/** Weights are powers of two up to this one. */
const doublings = 6;

class WeightedWalker implements Walker {
  /** By kind of choice. */
  private readonly weights = new Map<string, number>();

  constructor(private readonly random: Random) {
    for (const kind of faultKinds) if (random.happens(0.5)) this.weights.set(kind, 0);
  }

  pick(moves: Moves): number | undefined {
    let total = 0;
    for (let move = 0; move < moves.count; move += 1) total += this.weightOf(moves, move);
    if (total === 0) return undefined;
    let left = this.random.between(1, total);
    for (let move = 0; move < moves.count; move += 1) {
      left -= this.weightOf(moves, move);
      if (left <= 0) return move;
    }
    throw new Error("The weights of the moves do not add up; this is a bug of ours.");
  }

  private weightOf(moves: Moves, move: number): number {
    const { kind } = moves.choice(move);
    const known = this.weights.get(kind);
    if (known !== undefined) return known;
    const weight = 2 ** this.random.between(0, doublings);
    this.weights.set(kind, weight);
    return weight;
  }
}
