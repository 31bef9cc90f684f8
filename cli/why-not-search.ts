import type { Explanation, ExplanationMode } from "../checker/explain/explanation.js";
import { globalEventsMax } from "../checker/explain/global.js";
import type { Outcome } from "../checker/explain/outcome.js";
import { counterpartOutcome } from "../checker/why-not/counterpart-outcome.js";
import { explanationDifference } from "../checker/why-not/explanation-difference.js";
import { ForcingOrderingsSearch } from "../checker/why-not/forcing-orderings.js";
import { explainedOutcome } from "../checker/why-not/membership.js";
import { NearestGoodRunSearch } from "../checker/why-not/nearest-good-run.js";
import type { NonInfluence } from "../checker/why-not/non-influence.js";
import { OutcomeJudge } from "../checker/why-not/outcome-judge.js";
import type { Recording } from "../checker/why-not/recording.js";
import { differenceOf } from "../checker/why-not/run-difference.js";
import { grouped } from "../report/numbers.js";
import type { NearestRun } from "../report/why-not-json.js";
import type { Trace } from "../sim/trace.js";
import type { Output } from "./output.js";
import { Progress } from "./progress.js";
import { explainInSlices } from "./explain-in-slices.js";
import { inSlices } from "./slices.js";
import type { Watch } from "./watch.js";

/** What was found out about an event and an outcome, each question as far as the limits allow. */
export interface Answers {
  readonly nearest: NearestRun;
  /** Undefined where the event did influence the outcome, or no event of a good run is the outcome's counterpart. */
  readonly influenced: NearestRun | undefined;
  readonly forcing: ReturnType<ForcingOrderingsSearch["stop"]>;
  readonly measured: ReturnType<Watch["measured"]>;
}

/** The explanation of the outcome, and if the event did not decide it alone, the one that takes no message for granted. */
export async function explainFirst(
  trace: Trace,
  { outcome, isInfluenced }: NonInfluence,
  watch: Watch,
): Promise<readonly [Explanation, ...Explanation[]]> {
  const local = await explain(trace, explainedOutcome(outcome), "local", watch);
  if (isInfluenced || local.causalPast.length > globalEventsMax) return [local];
  return [local, await explain(trace, explainedOutcome(outcome), "global", watch)];
}

/** Explains as far as the limits allow. */
function explain(trace: Trace, asked: Outcome, mode: ExplanationMode, watch: Watch): Promise<Explanation> {
  return explainInSlices(trace, asked, { mode, closureRuns: 0 }, watch);
}

/** Searches for the answers, one question after the other, each as far as the limits allow. */
export async function search(
  output: Output,
  recording: Recording,
  { event, outcome, isInfluenced }: NonInfluence,
  explanation: Explanation,
  watch: Watch,
  { changes, maxStates }: SearchLimits,
): Promise<Answers> {
  const progress = new Progress(output);
  const within = changes === undefined ? {} : { changesMax: changes };
  const ask = async <T>(what: string, asked: Question<T>): Promise<T> => {
    const ended = await inSlices((states) => {
      const answer = asked.advance(Math.min(states, maxStates - asked.states));
      progress.show(`${what} · ${grouped(asked.states)} states`);
      return answer ?? (asked.states >= maxStates ? asked.stop() : undefined);
    }, watch);
    return "done" in ended ? ended.done : asked.stop();
  };
  const nearest = async (what: string, influencedBy?: number): Promise<NearestRun> => {
    const only = influencedBy === undefined ? {} : { influencedBy };
    const found = await ask(what, new NearestGoodRunSearch(recording, outcome, { ...within, ...only }));
    if (found.kind !== "found") return { found, difference: undefined, explanations: undefined };
    const difference = differenceOf(recording, found.choices, outcome.event);
    const counterpart = counterpartOutcome(recording, outcome, explanation, difference);
    const other = counterpart && (await explain(difference.trace, counterpart, "local", watch));
    const explanations = other && explanationDifference(difference, explanation, other);
    return { found, difference, explanations };
  };
  try {
    const first = await nearest("the nearest good run");
    const hasKind = new OutcomeJudge(recording, outcome).needsKind;
    const influenced =
      isInfluenced || !hasKind ? undefined : await nearest("the nearest good run in which it matters", event);
    const options = { statesMax: maxStates, setsMax: 100, ...within };
    const forcing = await ask("orderings", new ForcingOrderingsSearch(recording, outcome, options));
    return { nearest: first, influenced, forcing, measured: watch.measured() };
  } finally {
    progress.stop();
    watch.close();
  }
}

/** How far to look: changed decisions, and states for each question. */
export interface SearchLimits {
  readonly changes?: number;
  readonly maxStates: number;
}

/** A resumable search for an answer. */
interface Question<T> {
  readonly states: number;
  advance(states: number): T | undefined;
  stop(): T;
}
