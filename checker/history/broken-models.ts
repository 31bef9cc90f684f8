import { type ConsistencyName, consistencyNames, impliedBy, judgeConsistency } from "./consistency.js";
import type { Culprit, JudgeOptions } from "./judgement.js";
import type { History } from "./operation.js";
import type { AnySpecification } from "./specification.js";

/**
 * The models that can be asked of a run that has not settled: not convergence, which is a matter of how things end.
 * Strongest first.
 */
export type RunConsistency = Exclude<ConsistencyName, "eventual">;
export const runConsistencies = consistencyNames.filter((name) => name !== "eventual");

/** Which consistency models a history breaks, and which it keeps. */
export interface BrokenModels {
  /** The weakest broken models: no model that one of these implies is broken. Empty if all are kept. */
  readonly broken: readonly RunConsistency[];
  /** The other broken models, which imply one of those, weakest first. */
  readonly soAlso: readonly RunConsistency[];
  /** The strongest models that are kept. */
  readonly kept: readonly RunConsistency[];
  /** Not decided within the limits. */
  readonly undecided: readonly RunConsistency[];
  /** Of the first of `broken`, the operations that cannot be. */
  readonly culprits: readonly Culprit[];
}

/** Judges a history by every model, and names the weakest that it breaks. For the cost see `judgeConsistency`. */
export function brokenModels(
  history: History,
  specification: AnySpecification,
  options: JudgeOptions = {},
): BrokenModels {
  const kept = new Set<RunConsistency>();
  const violated = new Map<RunConsistency, readonly Culprit[]>();
  for (const model of runConsistencies) {
    if (kept.has(model)) continue;
    const judged = judgeConsistency(history, specification, model, options);
    if (judged.kind === "violated") violated.set(model, judged.culprits);
    if (judged.kind === "holds") for (const one of [model, ...weakerThan(model)]) kept.add(one);
  }
  // What implies a broken model is broken, even where its own search came to no end.
  const all = runConsistencies.filter((model) => [model, ...weakerThan(model)].some((one) => violated.has(one)));
  const broken = all.filter((model) => !weakerThan(model).some((weaker) => all.includes(weaker)));
  return {
    broken,
    soAlso: all.filter((model) => !broken.includes(model)).reverse(),
    kept: [...kept].filter((model) => ![...kept].some((other) => weakerThan(other).includes(model))),
    undecided: runConsistencies.filter((model) => !all.includes(model) && !kept.has(model)),
    culprits: violated.get(broken[0] as RunConsistency) ?? [],
  };
}

/** All that a model implies, itself not included. */
function weakerThan(model: RunConsistency): readonly RunConsistency[] {
  const direct = impliedBy[model].filter((name) => name !== "eventual");
  return [...new Set(direct.flatMap((name) => [name, ...weakerThan(name)]))];
}
