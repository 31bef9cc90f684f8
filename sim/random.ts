import seedrandom from "seedrandom";

/** A stream of random numbers; whoever has the same seed and purpose draws the same numbers. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True with probability `chance`. */
  happens(chance: number): boolean;
}

/**
 * The stream of a seed for one purpose, such as the latency of one link.
 *
 * Each purpose draws from a stream of its own, so that a draw added in one place moves nothing elsewhere. The generator
 * is Alea (Baagøe); test vectors freeze it.
 */
export function stream(seed: number, purpose: string): Random {
  const next = seedrandom.alea(`${seed}/${purpose}`);
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    happens: (chance) => next() < chance,
  };
}
