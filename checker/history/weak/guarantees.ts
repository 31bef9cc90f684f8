/**
 * What a weak model asks of the updates that operations have seen. Each operation with an answer sees some updates, in
 * some order, and answers as the specification does after them; it never sees what its own process does later.
 */
export interface Guarantees {
  /** What a process did before, it sees. */
  readonly readYourWrites: boolean;
  /** What a process saw before, it sees again. */
  readonly monotonicReads: boolean;
  /** Who sees an update sees what the same process did before it, in that order. */
  readonly monotonicWrites: boolean;
  /** Who sees an update sees what its process had seen before it, in that order. */
  readonly writesFollowReads: boolean;
  /** All see updates in one common order. */
  readonly oneOrder: boolean;
}

const none: Guarantees = {
  readYourWrites: false,
  monotonicReads: false,
  monotonicWrites: false,
  writesFollowReads: false,
  oneOrder: false,
};

/**
 * The four session guarantees of Terry, Demers, Petersen, Spreitzer, Theimer and Welch ("Session guarantees for weakly
 * consistent replicated data", 1994), each alone.
 */
export const sessionGuarantees = {
  "read-your-writes": { ...none, readYourWrites: true },
  "monotonic-reads": { ...none, monotonicReads: true },
  "monotonic-writes": { ...none, monotonicWrites: true },
  "writes-follow-reads": { ...none, writesFollowReads: true },
} as const satisfies { readonly [name: string]: Guarantees };

/**
 * Causal consistency: what happened before an operation, by program order and by having been seen, is seen by it, and
 * in that order; concurrent updates may be seen in different orders by different operations.
 *
 * Ahamad, Neiger, Burns, Kohli and Hutto, "Causal memory" (1995); here in the weak form CC of Bouajjani, Enea,
 * Guerraoui and Hamza, "On verifying causal consistency" (2017). It is the four session guarantees together (Brzezinski,
 * Sobaniec and Wawrzyniak, "From session causality to causal consistency", 2004).
 */
export const causal: Guarantees = {
  readYourWrites: true,
  monotonicReads: true,
  monotonicWrites: true,
  writesFollowReads: true,
  oneOrder: false,
};

/**
 * Causal consistency with convergent conflict handling: all see updates in one common order that extends causality.
 *
 * Causal+ of Lloyd, Freedman, Kaminsky and Andersen, "Don't settle for eventual" (2011); causal convergence, CCv, of
 * Bouajjani et al. (2017).
 */
export const causalPlus: Guarantees = { ...causal, oneOrder: true };
