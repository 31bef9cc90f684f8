import type { Level } from "./levels.js";

/** How many states a search will have found in the end, by what it has found so far. */
export interface Estimate {
  readonly states: number;
  /** The band in which the true number lay in nine of ten cases tried; see `docs/decisions/estimate-by-levels.md`. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** With fewer levels, or while each is more than so many times its predecessor, nothing is said. */
const levelsMin = 8;
const growthMax = 1.5;

/**
 * Estimates the number of states from how many there are at each depth: the ratio of successive levels falls about linearly
 * in its logarithm (levels look like a bell curve), so the last third of the ratios (early on, two thirds) is extrapolated until levels are empty.
 *
 * Undefined while that would be guessing: before the levels' growth has slowed down, and when it does not.
 *
 * @param end the number of states down to the last of these levels, which is whole.
 */
export function estimateStates(levels: readonly Level[], end: number): Estimate | undefined {
  const sizes = sizesOf(levels, end);
  if (sizes === undefined || sizes.length < levelsMin) return undefined;
  const logs = sizes.map(Math.log);
  const ratios = logs.slice(1).map((log, i) => log - (logs[i] as number));
  const recent = ((ratios.at(-1) as number) + (ratios.at(-2) as number)) / 2;
  if (recent > Math.log(growthMax)) return undefined;
  const window = ratios.slice(-Math.max(4, Math.round(ratios.length / (recent > 0.2 ? 1.5 : 3))));
  const { last, slope } = line(window);
  const rest = slope > -0.001 ? undefined : extrapolated(logs.at(-1) as number, last, slope);
  if (rest === undefined) return undefined;
  const states = end + rest;
  const [low, high] = recent < 0 ? pastThePeak : recent < 0.1 ? atThePeak : recent < 0.2 ? beforeThePeak : early;
  return {
    states: Math.round(states),
    atLeast: Math.round(Math.max(end, states * low)),
    atMost: Math.round(Math.max(end, states * high)),
  };
}

/** By how much the true number was off, from the tenth to the ninetieth percent of the cases tried. */
const pastThePeak = [0.7, 1.05] as const;
const atThePeak = [0.6, 1.2] as const;
const beforeThePeak = [0.75, 2.5] as const;
const early = [0.2, 2] as const;

/** How many states there are at each depth; undefined of searches so deep that not every level was kept. */
function sizesOf(levels: readonly Level[], end: number): readonly number[] | undefined {
  if (levels.some(({ depth }, i) => depth !== i + 2)) return undefined;
  const firsts = [0, ...levels.map(({ first }) => first), end];
  return firsts.slice(1).map((first, i) => first - (firsts[i] as number));
}

/** The least-squares line through values at 0, 1, 2, …: its value at the last one, and its slope. */
function line(values: readonly number[]): { readonly last: number; readonly slope: number } {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread;
  return { last: mean + slope * middle, slope };
}

/** The sum of the levels to come; undefined when they would never end. */
function extrapolated(log: number, ratio: number, slope: number): number | undefined {
  let sum = 0;
  for (let level = 0; level < 10_000; level += 1) {
    ratio += slope;
    log += ratio;
    if (log < 0 && ratio < 0) return sum;
    sum += Math.exp(log);
    if (sum > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return undefined;
}
