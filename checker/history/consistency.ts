import type { HistoryJudgement, JudgeOptions } from "./judgement.js";
import { linearizable } from "./linearizable.js";
import type { History } from "./operation.js";
import { sequential } from "./sequential.js";
import type { AnySpecification } from "./specification.js";
import { causal, causalPlus, sessionGuarantees } from "./weak/guarantees.js";
import { judgeWeak } from "./weak/judge-weak.js";

/** The consistency models for histories of single operations, the strongest first. */
export const consistencyNames = [
  "linearizable",
  "sequential",
  "causal+",
  "causal",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "eventual",
] as const;
export type ConsistencyName = (typeof consistencyNames)[number];

/** What each model implies directly: a history that has the first has the others. */
export const impliedBy: { readonly [name in ConsistencyName]: readonly ConsistencyName[] } = {
  linearizable: ["sequential", "eventual"],
  sequential: ["causal+"],
  "causal+": ["causal"],
  causal: ["read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  "read-your-writes": [],
  "monotonic-reads": [],
  "monotonic-writes": [],
  "writes-follow-reads": [],
  eventual: [],
};

/** Judges a history against a consistency model. The definition and the source of each stand beside its code. */
export function judgeConsistency(
  history: History,
  specification: AnySpecification,
  consistency: ConsistencyName,
  options: JudgeOptions = {},
): HistoryJudgement {
  switch (consistency) {
    case "linearizable":
      return linearizable(history, specification, options);
    case "sequential":
      return sequential(history, specification, options);
    case "causal+":
      return judgeWeak(history, specification, causalPlus, options);
    case "causal":
      return judgeWeak(history, specification, causal, options);
    case "read-your-writes":
    case "monotonic-reads":
    case "monotonic-writes":
    case "writes-follow-reads":
      return judgeWeak(history, specification, sessionGuarantees[consistency], options);
    case "eventual":
      return judgeWeak(history, specification, "convergence", options);
  }
}
