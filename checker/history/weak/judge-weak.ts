import { type Culprit, type HistoryJudgement, type JudgeOptions, stopped } from "../judgement.js";
import type { ShouldStop } from "../just-in-time.js";
import { linearizable } from "../linearizable.js";
import type { History } from "../operation.js";
import type { AnySpecification } from "../specification.js";
import { reasonAlone } from "./alone.js";
import { isConvergent } from "./convergence.js";
import type { Guarantees } from "./guarantees.js";
import { type Observations, observationsOf } from "./observations.js";
import { explainCells, isOfCells } from "./visibility-of-cells.js";
import { isExplainedBySearch, Stopped, updatesMax } from "./visibility-search.js";

/**
 * Judges a history against session guarantees, causal consistency or eventual convergence.
 *
 * What is linearizable has them all, so that is tried first of all but short histories. A violation names the answers that cannot be explained
 * together: where they were found by search, leaving out any one of them would leave the rest explained.
 */
export function judgeWeak(
  history: History,
  specification: AnySpecification,
  guarantees: Guarantees | "convergence",
  options: JudgeOptions = {},
): HistoryJudgement {
  const shouldStop = options.shouldStop ?? (() => false);
  if (history.length > shortMax) {
    const first = { ...options, shouldStop: (steps: number) => steps > stepsOfFirstTry || shouldStop(steps) };
    if (linearizable(history, specification, first).kind === "holds") return { kind: "holds", order: null };
  }
  const observations = observationsOf(history, specification);
  try {
    return judge(observations, specification, guarantees, shouldStop);
  } catch (error) {
    if (error instanceof Stopped) return { kind: "unknown", limit: stopped };
    throw error;
  }
}

/** Up to this length the search for the model itself takes no longer than the one for an order in real time. */
const shortMax = 8;

/** Enough for what is linearizable as a rule; the rest of the time is for the model that was asked for. */
const stepsOfFirstTry = 100_000;

function judge(
  observations: Observations,
  specification: AnySpecification,
  guarantees: Guarantees | "convergence",
  shouldStop: ShouldStop,
): HistoryJudgement {
  if (guarantees !== "convergence") {
    if (isOfCells(observations, specification)) {
      const result = explainCells(observations, specification, guarantees, shouldStop);
      return result.kind === "explained" ? { kind: "holds", order: null } : violated(result.culprits);
    }
    if (observations.updates.length > updatesMax) {
      return { kind: "unknown", limit: `${updatesMax} updates, for objects that are no cells of reads and writes` };
    }
  }
  const isExplained = (observers: readonly number[]): boolean =>
    guarantees === "convergence"
      ? isConvergent(observations, observers, specification, shouldStop)
      : isExplainedBySearch(observations, observers, guarantees, shouldStop);
  if (isExplained(observations.observers)) return { kind: "holds", order: null };
  return violated(
    core(observations.observers, isExplained).map((observer) => ({
      operation: observations.operations[observer]?.id ?? 0,
      reason:
        guarantees === "convergence"
          ? "its answer cannot be explained together with the others listed"
          : reasonAlone(observations, observer, guarantees),
    })),
  );
}

/** A smallest set of answers, in the sense that none can be left out, that is not explained. */
function core(observers: readonly number[], isExplained: (observers: readonly number[]) => boolean): readonly number[] {
  let left = observers;
  for (const observer of observers) {
    const without = left.filter((other) => other !== observer);
    if (!isExplained(without)) left = without;
  }
  return left;
}

function violated(culprits: readonly Culprit[]): HistoryJudgement {
  const count = culprits.length === 1 ? "One answer" : `${culprits.length} answers together`;
  return {
    kind: "violated",
    prefix: null,
    culprits,
    detail: `${count} cannot be explained by updates seen under the guarantees of the model.`,
  };
}
