import { withTraps } from "../../../sim/guard.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { type Finding, verdictOf } from "../engine/judging.js";

/** How a search goes on, piece by piece, and how it ends: once, with a verdict. */
export class Course {
  private verdict: Verdict | undefined;

  constructor(private readonly coverage: (isComplete: boolean) => Coverage) {}

  get isOver(): boolean {
    return this.verdict !== undefined;
  }

  /** Takes so many steps, or fewer if it ends; gives the verdict then. What user code throws in `begin` is a failure. */
  advance(amount: number, begin: () => void, step: () => void): Verdict | undefined {
    return withTraps(() => {
      try {
        begin();
        for (let i = 0; i < amount && this.verdict === undefined; i += 1) step();
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        this.end({ found: error, choices: [] });
      }
      return this.verdict;
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
    if (finding !== undefined) this.verdict ??= verdictOf(finding, this.coverage(false));
  }

  /** Ends because everything was visited. */
  complete(): void {
    this.verdict ??= { kind: "holds", coverage: this.coverage(true) };
  }

  /** Ends at a limit. */
  stop(limit: Limit): Verdict {
    return (this.verdict ??= { kind: "unknown", limit, coverage: this.coverage(false) });
  }
}
