import type { AnomalyName } from "./anomaly.js";

/** Isolation levels, roughly from weak to strong. */
export const isolationNames = [
  "read-uncommitted",
  "read-committed",
  "monotonic-atomic-view",
  "read-atomic",
  "cursor-stability",
  "update-atomic",
  "consistent-view",
  "forward-consistent-view",
  "parallel-snapshot-isolation",
  "repeatable-read",
  "update-serializable",
  "snapshot-isolation",
  "serializable",
  "strong-session-read-uncommitted",
  "strong-session-read-committed",
  "strong-session-snapshot-isolation",
  "strong-session-serializable",
  "strong-read-uncommitted",
  "strong-read-committed",
  "strong-snapshot-isolation",
  "strict-serializable",
] as const;
export type IsolationName = (typeof isolationNames)[number];

/**
 * The levels that each level implies directly. After Adya (1999), Bailis et al., "Highly available transactions"
 * (2013), Cerone, Bernardi and Gotsman (2015), and Daudjee and Salem (2004, 2006).
 */
const weaker: { readonly [name in IsolationName]: readonly IsolationName[] } = {
  "read-uncommitted": [],
  "read-committed": ["read-uncommitted"],
  "monotonic-atomic-view": ["read-committed"],
  "read-atomic": ["monotonic-atomic-view"],
  "cursor-stability": ["read-committed"],
  "update-atomic": ["read-atomic"],
  "consistent-view": ["cursor-stability"],
  "forward-consistent-view": ["consistent-view"],
  "parallel-snapshot-isolation": ["update-atomic"],
  "repeatable-read": ["cursor-stability", "monotonic-atomic-view"],
  "update-serializable": ["forward-consistent-view"],
  "snapshot-isolation": ["forward-consistent-view", "parallel-snapshot-isolation"],
  serializable: ["repeatable-read", "update-serializable", "snapshot-isolation"],
  "strong-session-read-uncommitted": ["read-uncommitted"],
  "strong-session-read-committed": ["read-committed", "strong-session-read-uncommitted"],
  "strong-session-snapshot-isolation": ["snapshot-isolation", "strong-session-read-committed"],
  "strong-session-serializable": ["serializable", "strong-session-snapshot-isolation"],
  "strong-read-uncommitted": ["strong-session-read-uncommitted"],
  "strong-read-committed": ["strong-session-read-committed", "strong-read-uncommitted"],
  "strong-snapshot-isolation": ["strong-session-snapshot-isolation", "strong-read-committed"],
  "strict-serializable": ["strong-session-serializable", "strong-snapshot-isolation"],
};

/** The weakest levels that each anomaly contradicts. */
const contradicted: { readonly [name in AnomalyName]: readonly IsolationName[] } = {
  G0: ["read-uncommitted"],
  "duplicate-elements": ["read-uncommitted"],
  "cyclic-versions": ["read-uncommitted"],
  G1a: ["read-committed"],
  G1b: ["read-committed"],
  G1c: ["read-committed"],
  "future-read": ["read-committed"],
  "garbage-read": ["read-committed"],
  "dirty-update": ["read-committed"],
  "incompatible-order": ["read-committed"],
  internal: ["read-atomic", "serializable"],
  "lost-update": ["cursor-stability", "update-atomic"],
  "G-single": ["consistent-view", "repeatable-read"],
  "G-nonadjacent": ["snapshot-isolation", "repeatable-read"],
  "G2-item": ["repeatable-read"],
  "no-serial-order": ["serializable"],
  "no-serial-order-process": ["strong-session-serializable"],
  "no-serial-order-realtime": ["strict-serializable"],
  "G0-process": ["strong-session-read-uncommitted"],
  "G1c-process": ["strong-session-read-committed"],
  "G-single-process": ["strong-session-snapshot-isolation"],
  "G-nonadjacent-process": ["strong-session-snapshot-isolation"],
  "G2-item-process": ["strong-session-serializable"],
  "G0-realtime": ["strong-read-uncommitted"],
  "G1c-realtime": ["strong-read-committed"],
  "G-single-realtime": ["strong-snapshot-isolation"],
  "G-nonadjacent-realtime": ["strong-snapshot-isolation"],
  "G2-item-realtime": ["strict-serializable"],
};

/** What a set of anomalies says of the levels. */
export interface IsolationVerdict {
  /** All levels that are excluded, weak before strong. */
  readonly excluded: readonly IsolationName[];
  /** The weakest of them: all others follow from these. */
  readonly weakestExcluded: readonly IsolationName[];
  /** The strongest levels that are not excluded. */
  readonly strongestLeft: readonly IsolationName[];
}

/** The levels that anomalies exclude: what they contradict, and all that is stronger. */
export function excludedBy(anomalies: readonly AnomalyName[]): IsolationVerdict {
  const direct = anomalies.flatMap((name) => contradicted[name]);
  const isExcluded = (level: IsolationName): boolean => direct.some((weak) => implies(level, weak));
  const excluded = isolationNames.filter(isExcluded);
  const left = isolationNames.filter((level) => !isExcluded(level));
  return {
    excluded,
    weakestExcluded: excluded.filter((level) => !excluded.some((other) => other !== level && implies(level, other))),
    strongestLeft: left.filter((level) => !left.some((other) => other !== level && implies(other, level))),
  };
}

/** Whether what satisfies one level satisfies the other. */
export function implies(strong: IsolationName, weak: IsolationName): boolean {
  return strong === weak || weaker[strong].some((level) => implies(level, weak));
}
