import type { StrategyOptions } from "../checker/search/start.js";
import type { Coverage } from "../checker/verdict.js";
import { counted, grouped } from "../report/numbers.js";

/** What is known of a search besides its verdict because of its strategy, a line each. */
export function strategyLines({ exhausted, sampled }: Coverage): string[] {
  const lines: string[] = [];
  if (exhausted !== undefined) lines.push(exhaustedText(exhausted));
  if (sampled?.guarantee !== undefined) lines.push(guaranteeText(sampled.guarantee));
  for (const property of sampled?.notJudged ?? []) {
    lines.push(`not judged, as walks cannot decide it; breadth-first does: ${property}`);
  }
  return lines;
}

/** The same, and what was asked for, as fields of a document. */
export function strategyFields(strategy: StrategyOptions, { exhausted, sampled }: Coverage) {
  return {
    strategy: strategy.strategy,
    bound: "bound" in strategy ? strategy.bound : null,
    seed: "seed" in strategy ? strategy.seed : null,
    runs: sampled?.runs ?? null,
    notJudged: sampled?.notJudged ?? [],
    guarantee: sampled?.guarantee ?? null,
    exhausted: exhausted ?? null,
  };
}

function exhaustedText(exhausted: NonNullable<Coverage["exhausted"]>): string {
  if ("depth" in exhausted) return `all states up to depth ${exhausted.depth} were visited`;
  return `all schedules with at most ${counted(exhausted.delays, "delay")} were visited`;
}

function guaranteeText(guarantee: NonNullable<NonNullable<Coverage["sampled"]>["guarantee"]>): string {
  const { depth, lanes, steps, perRun, overall } = guarantee;
  return (
    `a bug of depth ${depth} shows itself in a walk with probability 1/${grouped(1 / perRun)} or more, ` +
    `in all of them with ${percentText(overall)} or more (${counted(lanes, "lane")}, ${counted(steps, "step")})`
  );
}

/** Rounded down: it is a bound. */
function percentText(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
