import type { Sampling } from "./walks.js";

/** Takes any move, each with the same probability. */
export function randomWalks(): Sampling {
  return { begin: (random) => ({ pick: (moves) => random.between(0, moves.count - 1) }) };
}
