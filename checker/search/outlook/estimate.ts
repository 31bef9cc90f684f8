import type { Level } from "./levels.js";

/** How many states a search will have found in the end, by what it has found so far. */
export interface Estimate {
  readonly states: number;
  /** The band in which the true number lay in nearly all cases tried; see `docs/decisions/estimate-by-levels.md`. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** With fewer levels, or while each is more than so many times its predecessor, nothing is said. */
const levelsMin = 8;
const growthMax = 1.22;

/** The last ratios that a line is fitted to, as shares of all; and how far what they give may be apart. */
const shares = [2 / 3, 1 / 2, 1 / 3, 1 / 5];
const shareTaken = 1 / 3;
const spreadMax = 3;

/**
 * Estimates the number of states from how many there are at each depth: the ratio of successive levels falls about linearly
 * in its logarithm (levels look like a bell curve), so the last third of the ratios is extrapolated until levels are empty.
 *
 * Undefined while that would be guessing: before the levels' growth has slowed down, when it does not, and while other shares
 * of the ratios give something else.
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
  const totals = shares.map((share) => end + rest(logs, ratios, share));
  // Not a number where a line does not fall, too.
  if (!(Math.max(...totals) / Math.min(...totals) <= spreadMax)) return undefined;
  const states = totals[shares.indexOf(shareTaken)] as number;
  const [low, high] = recent < 0 ? pastThePeak : recent < 0.1 ? atThePeak : beforeThePeak;
  return {
    states: Math.round(states),
    atLeast: Math.round(Math.max(end, states * low)),
    atMost: Math.round(Math.max(end, states * high)),
  };
}

/** By how much the true number was off at most in the cases that they were read off. */
const pastThePeak = [0.65, 1.05] as const;
const atThePeak = [0.35, 1.1] as const;
const beforeThePeak = [0.4, 5] as const;

/** How many states are still to come by this share of the ratios; not a number when they never end. */
function rest(logs: readonly number[], ratios: readonly number[], share: number): number {
  const { last, slope } = line(ratios.slice(-Math.max(4, Math.round(ratios.length * share))));
  return slope > -0.001 ? Number.NaN : extrapolated(logs.at(-1) as number, last, slope);
}

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

/** The sum of the levels to come; not a number when they would never end. */
function extrapolated(log: number, ratio: number, slope: number): number {
  let sum = 0;
  for (let level = 0; level < 10_000; level += 1) {
    ratio += slope;
    log += ratio;
    if (log < 0 && ratio < 0) return sum;
    sum += Math.exp(log);
    if (sum > Number.MAX_SAFE_INTEGER) return Number.NaN;
  }
  return Number.NaN;
}
