/**
 * A bound of the probability that at least one of `states` was left out as its signature, of so many bits, was another's: any two
 * have the same with probability 1/2^bits (Carter and Wegman, "Universal classes of hash functions", 1979), and the first that
 * was left out was compared with no more than were kept. It is at most n(n+1)/2^(bits+1), therefore (Wolper and Leroy, "Reliable
 * hashing without collision detection", CAV 1993, give 1 - e^(-n²/2^(bits+1)) for hashing that is uniform).
 */
export function omissionProbability({ states, bits }: { readonly states: number; readonly bits: number }): number {
  return Math.min(1, (states * (states + 1)) / 2 ** (bits + 1));
}
