/** The exit codes of every command. */
export const exitCode = {
  /** It holds, or no violation was seen. */
  fine: 0,
  violated: 1,
  /** Input that cannot be used. */
  unusable: 2,
  /** A limit was reached, or a replay diverged. */
  undecided: 3,
  /** Node code threw, or leaked nondeterminism. */
  crashed: 4,
  /** A bug of this tool's own. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
