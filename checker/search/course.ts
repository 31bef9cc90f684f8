import { withTraps } from "../../sim/guard.js";
import { NodeFailure } from "../../sim/node-failure.js";
import { denselySampled } from "../../sim/sample.js";
import type { Coverage, Limit, Verdict } from "../verdict.js";
import { type Finding, verdictOf } from "./engine/judging.js";

export type Unknown = Extract<Verdict, { readonly kind: "unknown" }>;

/** How a search goes on, piece by piece, and how it ends: once, with a verdict. */
export class Course {
  private ended: Verdict | undefined;

  /** @param outlook what else is known of a search that is stopped at a limit. */
  constructor(
    private readonly coverage: (isComplete: boolean) => Coverage,
    private readonly outlook?: () => Pick<Unknown, "growth" | "estimate" | "compaction">,
  ) {}

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  /** How it ended; undefined until then. */
  get verdict(): Verdict | undefined {
    return this.ended;
  }

  /** Takes so many steps, or fewer if it ends; gives the verdict then. What user code throws in `begin` is a failure. */
  advance(amount: number, begin: () => void, step: () => void): Verdict | undefined {
    return this.run(() => {
      begin();
      for (let i = 0; i < amount && this.ended === undefined; i += 1) step();
    });
  }

  /** Does a slice of the work, in which user code may fail; gives the verdict if that has ended it, or it is over. */
  run(slice: () => void): Verdict | undefined {
    if (this.ended !== undefined) return this.ended;
    return withTraps(() => {
      this.attempt(
        () => denselySampled(slice),
        () => [],
      );
      return this.ended;
    });
  }

  /** Does what user code may fail in; its failure after these choices ends the search, and gives false. */
  attempt(work: () => void, choices: () => readonly string[]): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.end({ found: error, choices: choices() });
      return false;
    }
  }

  /** Ends by what has been found, if anything has. */
  end(finding: Finding | undefined): void {
    if (finding !== undefined) this.ended ??= verdictOf(finding, this.coverage(false));
  }

  /** Ends with a verdict that something else has given. */
  endWith(verdict: Verdict): void {
    this.ended ??= verdict;
  }

  /** Ends because everything was visited. */
  complete(): void {
    this.ended ??= { kind: "holds", coverage: this.coverage(true) };
  }

  /** Ends at a limit. */
  stop(limit: Limit): Verdict {
    return (this.ended ??= { kind: "unknown", limit, ...this.outlook?.(), coverage: this.coverage(false) });
  }
}
