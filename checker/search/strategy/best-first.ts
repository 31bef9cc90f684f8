import { EventQueue } from "../../../sim/event-queue.js";
import type { System } from "../../../sim/system.js";
import type { Successors } from "../engine/successors.js";
import { UnusableSearch } from "../unusable-search.js";
import type { Frontier } from "./frontier-search.js";
import { Scores } from "./scores.js";

/**
 * Expands the state to which the scenario itself gives the highest score, and of equal ones the one that was found first.
 *
 * @throws UnusableSearch when the scenario has no score.
 */
export function bestFirst(system: System, successors: Successors): Frontier {
  if (system.score === undefined) {
    throw new UnusableSearch(
      `The scenario ${system.scenario} has no score, which best-first goes by: give its definition ` +
        "`score: (view) => number`, the higher the more promising, or choose another strategy.",
    );
  }
  const scores = new Scores(system, successors);
  const queue = new EventQueue<number>();
  return {
    get size() {
      return queue.size;
    },
    add: (state) => queue.push(-scores.of(state), state),
    take: () => queue.pop(),
  };
}
