import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import { Lanes } from "./lanes.js";
import type { Moves } from "./moves.js";

/** The orders in which lanes wait for their turn, each numbered. Faults do not wait. */
export class LaneQueues {
  readonly lanes: Lanes;
  private readonly ids = new Map<string, number>();
  private readonly queues: (readonly number[])[] = [];

  constructor(
    system: System,
    private readonly moves: Moves,
  ) {
    this.lanes = new Lanes(system, moves);
  }

  idOf(queue: readonly number[]): number {
    const text = queue.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    this.ids.set(text, this.queues.length);
    return this.queues.push(queue) - 1;
  }

  /**
   * Who waits in the state whose moves are listed: of the queue those that still have a move, in the same order, then those
   * that have one now, in canonical order.
   */
  inTurn(queue: number): readonly number[] {
    const { moves } = this;
    const waiting = new Set<number>();
    for (let move = 0; move < moves.count; move += 1) {
      if (!isFault(moves.choice(move))) waiting.add(this.lanes.of(move));
    }
    const before = (this.queues[queue] ?? []).filter((lane) => waiting.delete(lane));
    return [...before, ...waiting];
  }
}
