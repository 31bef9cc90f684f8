import { forgetOrders } from "./reordered.js";

/**
 * Whether this call of user code belongs to the sample that is made twice: the first calls of a run, the first ones of each
 * piece of code, and some of all others.
 *
 * @param code what is called: a handler, a property, …
 */
export function isCalledTwice(code: object): boolean {
  if (sample === none) return false;
  all += 1;
  const own = (calls.get(code) ?? 0) + 1;
  if (own <= sample.own) calls.set(code, own);
  return own <= sample.own || all <= sample.first || all % sample.every === 0;
}

/** Starts the sample anew, as each run does, so that what is found does not depend on what ran before. */
export function sampleAnew(): void {
  all = 0;
  calls = new WeakMap();
  forgetOrders();
}

interface Sample {
  /** So many calls of a run at first, so many of each piece of code, and one of so many later ones. */
  readonly first: number;
  readonly own: number;
  readonly every: number;
}

const sparse: Sample = { first: 16, own: 2, every: 128 };
const dense: Sample = { first: 256, own: 256, every: 16 };
const none: Sample = { first: 0, own: 0, every: Number.POSITIVE_INFINITY };

let sample = sparse;
/** Counted only to pick the sample. */
let all = 0;
let calls = new WeakMap<object, number>();

/** Makes every call once meanwhile: of a state that notes what is read of it, comparing would read everything. */
export function unsampled<T>(work: () => T): T {
  return withSample(none, work);
}

/** Makes more calls twice meanwhile: of those whose results stand for all like them. */
export function denselySampled<T>(work: () => T): T {
  return sample === none ? work() : withSample(dense, work);
}

function withSample<T>(wanted: Sample, work: () => T): T {
  const outer = sample;
  sample = wanted;
  try {
    return work();
  } finally {
    sample = outer;
  }
}
