import { describeCodePlace, NondeterminismLeak, type CodePlace } from "./guard.js";

/** User code threw, leaked nondeterminism or broke its contract: the verdict `crashed`. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";
  constructor(
    readonly place: CodePlace,
    /** What it did, and where the remedy is not obvious, what to do. */
    readonly problem: string,
    cause?: unknown,
  ) {
    super(`${describeCodePlace(place)} ${problem}`, cause === undefined ? undefined : { cause });
  }
}

/** The failure that an error thrown by user code stands for. */
export function failureOf(place: CodePlace, error: unknown): NodeFailure {
  if (error instanceof NodeFailure) return error;
  if (error instanceof NondeterminismLeak) {
    const line = error.line === "" ? "" : ` at ${error.line}`;
    return new NodeFailure(place, `uses ${error.used}${line}; ${error.remedy}.`, error);
  }
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new NodeFailure(place, `threw ${said}`, error);
}
