import type { Random } from "../../../sim/random.js";
import type { System } from "../../../sim/system.js";
import type { Guarantee } from "../../verdict.js";
import { Lanes } from "./lanes.js";
import type { Moves } from "./moves.js";
import type { Sampling, Walker } from "./walks.js";

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, "A randomized scheduler with
 * probabilistic guarantees of finding bugs", ASPLOS 2010): each lane has a random priority, and the highest goes first; before
 * `depth - 1` random steps the lane that is about to go becomes one of the lowest. With n lanes and k steps a bug of that
 * depth (so many orderings of two events are enough for it) shows itself with probability 1/(n k^(depth-1)) or more.
 *
 * The paper's threads are the lanes, its k is the length of the longest walk so far. A priority is a random number that is
 * drawn when its lane is first seen: so each lane of at most n is the lowest with probability 1/n or more. Of the options
 * of one lane each is as likely, which the guarantee takes no account of.
 */
export function pct(system: System, moves: Moves, depth: number): Sampling {
  return new Pct(new Lanes(system, moves), depth);
}

class Pct implements Sampling {
  private lanesMost = 0;
  /** The longest walk that a walk began with, and how many walks have begun with it. */
  private steps = 0;
  private since = 0;
  private walker: PriorityWalker | undefined;

  constructor(
    private readonly lanes: Lanes,
    private readonly depth: number,
  ) {}

  begin(random: Random, longest: number): Walker {
    this.lanesMost = Math.max(this.lanesMost, this.walker?.lanesSeen ?? 0);
    if (longest > this.steps) [this.steps, this.since] = [longest, 0];
    this.since += 1;
    const changes = Array.from({ length: longest === 0 ? 0 : this.depth - 1 }, () => random.between(1, longest));
    this.walker = new PriorityWalker(this.lanes, random, changes);
    return this.walker;
  }

  guarantee(longest: number): Guarantee {
    const lanes = Math.max(this.lanesMost, this.walker?.lanesSeen ?? 0, 1);
    const steps = Math.max(longest, 1);
    const perRun = 1 / (lanes * steps ** (this.depth - 1));
    // Walks that began when k was less may have missed a change point.
    const runs = longest > this.steps ? 0 : this.since;
    return { depth: this.depth, lanes, steps, perRun, overall: -Math.expm1(runs * Math.log1p(-perRun)) };
  }
}

class PriorityWalker implements Walker {
  /** By lane. */
  private readonly priorities: (number | undefined)[] = [];
  lanesSeen = 0;
  private step = 0;

  constructor(
    private readonly lanes: Lanes,
    private readonly random: Random,
    /** The steps before which a priority changes, counted from 1; the i-th change gives the i-th lowest priority. */
    private readonly changes: readonly number[],
  ) {}

  pick(moves: Moves): number {
    this.step += 1;
    this.changes.forEach((step, i) => {
      if (step === this.step) this.priorities[this.highest(moves)] = i - this.changes.length;
    });
    const lane = this.highest(moves);
    const options: number[] = [];
    for (let move = 0; move < moves.count; move += 1) if (this.lanes.of(move) === lane) options.push(move);
    return options[options.length === 1 ? 0 : this.random.between(0, options.length - 1)] as number;
  }

  /** The lane with the highest priority among those that have a move. */
  private highest(moves: Moves): number {
    let best = this.lanes.of(0);
    for (let move = 0; move < moves.count; move += 1) {
      const lane = this.lanes.of(move);
      if (this.priorityOf(lane) > this.priorityOf(best)) best = lane;
    }
    return best;
  }

  private priorityOf(lane: number): number {
    const known = this.priorities[lane];
    if (known !== undefined) return known;
    this.lanesSeen += 1;
    return (this.priorities[lane] = this.random.between(0, 2 ** 32 - 1));
  }
}
