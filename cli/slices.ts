import { setImmediate } from "node:timers/promises";
import type { Limit } from "../checker/verdict.js";
import type { Watch } from "./watch.js";

/** The share of the heap that a slice may fill: what is full is seen only between slices. */
const heapPerSlice = 0.02;

export const sliceSeconds = 0.05;

/**
 * Does work in slices of about 50 milliseconds, so that Ctrl-C, timers and limits get their turns in between.
 *
 * @param slice does so much of the work (states, runs), or less if it asks and is late, and gives the result once it is done.
 * @param bytesAhead how many bytes the next slice is known to take.
 * @returns the result, or the limit that was reached before.
 */
export async function inSlices<T>(
  slice: (amount: number, isLate: () => boolean) => T | undefined,
  watch: Watch,
  bytesAhead: () => number = () => 0,
): Promise<{ readonly done: T } | { readonly limit: Limit }> {
  let amount = 1;
  for (;;) {
    const limit = watch.reached(bytesAhead());
    if (limit !== undefined) return { limit };
    const before = watch.seconds;
    const heapBefore = watch.heapUse;
    const done = slice(amount, lateAfter(sliceSeconds));
    if (done !== undefined) return { done };
    const seconds = watch.seconds - before;
    const fitting = Math.floor((amount * sliceSeconds) / Math.max(seconds, 0.000_1));
    const filled = Math.max(watch.heapUse - heapBefore, 0.000_1);
    amount = Math.max(1, Math.min(amount * 2, fitting, Math.floor((amount * heapPerSlice) / filled)));
    await setImmediate();
  }
}

/** Says, whenever it is asked, whether so many seconds have gone by since now. */
export function lateAfter(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() >= end;
}
