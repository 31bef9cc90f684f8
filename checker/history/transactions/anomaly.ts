/** What one transaction is to the next in a cycle; `process` and `realtime` are orders, the others dependencies. */
export type DependencyKind = "ww" | "wr" | "rw" | "process" | "realtime";

/** That one transaction comes before another, and why; transactions are named by their operations' ids. */
export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: number;
  readonly to: number;
  /** The reason as a clause without its subjects' names: `{from}` and `{to}` stand for them. */
  readonly because: string;
}

/** The shapes of cycles (Adya, "Weak consistency", 1999; G-nonadjacent after Cerone and Gotsman, 2016). */
export const cycleNames = ["G0", "G1c", "G-single", "G-nonadjacent", "G2-item"] as const;
export type CycleName = (typeof cycleNames)[number];

/** With a suffix where the cycle needs the order of a process, or real time, to close. */
export type CycleAnomalyName = CycleName | `${CycleName}-process` | `${CycleName}-realtime`;

/**
 * Anomalies by their standard names: Adya's phenomena, and those of Kingsbury and Alvaro, "Elle: inferring isolation
 * anomalies from experimental observations" (2020). `no-serial-order` has no such name: there is no cycle of
 * dependencies that we know of, and yet no order of the transactions explains them.
 */
export type AnomalyName =
  | CycleAnomalyName
  | "G1a"
  | "G1b"
  | "internal"
  | "future-read"
  | "garbage-read"
  | "dirty-update"
  | "lost-update"
  | "duplicate-elements"
  | "incompatible-order"
  | "cyclic-versions"
  | "no-serial-order"
  | "no-serial-order-process"
  | "no-serial-order-realtime";

/** One instance of an anomaly. */
export interface Anomaly {
  readonly name: AnomalyName;
  /** The ids of the operations that show it. */
  readonly operations: readonly number[];
  /** What happened, in sentences. */
  readonly sentences: readonly string[];
  /** The dependencies around the cycle, where it is one. */
  readonly cycle?: readonly Dependency[];
}
