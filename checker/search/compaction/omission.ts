/**
 * A bound of the probability that at least one of `states` was left out of a table of so many slots and signatures of so many
 * bits: 1 - (1 - 1/2^b)^((m+1)(H(m+1) - H(m-n+1)) - n), with m slots, n states and the harmonic numbers H (Stern and Dill,
 * "Improved probabilistic verification by hash compaction", CHARME 1995, equation 12): the exponent is how many signatures
 * are compared, at most, while n states are put into an empty table by uniform hashing.
 */
export function omissionProbability({ states, slots, bits }: { states: number; slots: number; bits: number }): number {
  const compared = (slots + 1) * (harmonic(slots + 1) - harmonic(slots - states + 1)) - states;
  // Of the low 32 bits one value stands for an empty slot.
  const signatures = 2 ** bits - 2 ** Math.max(0, bits - 32);
  return -Math.expm1(compared * Math.log1p(-1 / signatures));
}

/** By its asymptotic series; exact to 1e-10 from 10 on. */
function harmonic(n: number): number {
  if (n < 10)
    return Array.from({ length: Math.max(0, Math.floor(n)) }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
  return Math.log(n) + 0.577_215_664_901_532_9 + 1 / (2 * n) - 1 / (12 * n ** 2) + 1 / (120 * n ** 4);
}
