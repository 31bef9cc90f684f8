import { describePlace, type Place } from "./guard.js";

/** User code threw, leaked nondeterminism or broke its contract: the verdict `crashed`. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";
  constructor(
    readonly place: Place,
    /** What it did, and where the remedy is not obvious, what to do. */
    readonly problem: string,
    cause?: unknown,
  ) {
    super(`${describePlace(place)} ${problem}`, cause === undefined ? undefined : { cause });
  }
}
