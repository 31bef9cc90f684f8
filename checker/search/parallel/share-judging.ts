import { NodeFailure } from "../../../sim/node-failure.js";
import type { LocalStep } from "../engine/local-step.js";
import type { PropertyMemo } from "../engine/property-memo.js";
import type { Rows } from "../engine/rows.js";
import type { MemoSnapshot } from "../engine/snapshot.js";
import type { Words } from "../engine/state-table.js";

/**
 * Judges what one thread finds in a round. What it gives beyond "fine" is for the one that leads; then it is as if nothing had
 * been judged in this round, since the others do not know what properties were found to read.
 */
export class ShareJudging {
  /** What was known of the properties when the round began. */
  private known: MemoSnapshot;
  private revision = -1;

  constructor(
    private readonly memo: PropertyMemo,
    private readonly rows: Rows,
  ) {
    this.known = memo.snapshot();
  }

  /** After the states have been packed anew, or something has been learnt from others. */
  relayout(): void {
    this.revision = -1;
  }

  /** Before a round. */
  begin(): void {
    if (this.memo.revision !== this.revision) this.known = this.memo.snapshot();
    this.revision = this.memo.revision;
  }

  /** Whether there is nothing to be said of a state. */
  isFine(words: Words, at: number): boolean {
    const { memo } = this;
    try {
      if (memo.judgeState(words, at) === undefined && memo.revision === this.revision) return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
    }
    return this.forget();
  }

  /** Whether there is nothing to be said of a transition by an entry. */
  isFineStep(before: Words, after: Words, entry: number): boolean {
    const { memo, rows } = this;
    const { choice } = rows.entries.steps[entry] as LocalStep;
    try {
      if (memo.judgeTransition(before, after, choice, entry) === undefined && memo.revision === this.revision)
        return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
    }
    return this.forget();
  }

  private forget(): false {
    this.memo.reset(this.known);
    this.revision = this.memo.revision;
    return false;
  }
}
