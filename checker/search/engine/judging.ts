import { describeChoice } from "../../../sim/choice.js";
import type { Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { Coverage, Verdict } from "../../verdict.js";
import type { LocalStep } from "./local-step.js";
import type { PropertyMemo } from "./property-memo.js";
import type { Rows } from "./rows.js";
import type { Visited } from "./visited.js";
import type { Words } from "./state-table.js";

/** What ends a search: a property that does not hold or user code that fails, after these choices. */
export interface Finding {
  readonly found: Violation | NodeFailure;
  readonly choices: readonly string[];
}

/** The verdict of a search that has found this. */
export function verdictOf({ found, choices }: Finding, coverage: Coverage): Verdict {
  if (found instanceof NodeFailure) return { kind: "crashed", failure: found, choices, coverage };
  return { kind: "violated", witness: { ...found, choices, step: choices.length }, coverage };
}

/** Judges what a search visits, and says by which choices it came there. */
export class Judging {
  constructor(
    private readonly memo: PropertyMemo,
    private readonly rows: Rows,
    private readonly visited: Visited,
  ) {}

  /** Judges a visited state. */
  state(state: number): Finding | undefined {
    const { arena } = this.visited.table;
    try {
      const violation = this.memo.judgeState(arena, this.visited.at(state));
      return violation === undefined ? undefined : { found: violation, choices: this.visited.pathTo(state) };
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      return { found: error, choices: this.visited.pathTo(state) };
    }
  }

  /** Judges the transition from a visited state by an entry. */
  transition(from: number, entry: number, after: Words): Finding | undefined {
    const { choice } = this.rows.entries.steps[entry] as LocalStep;
    const choices = () => [...this.visited.pathTo(from), describeChoice(choice)];
    try {
      const violation = this.memo.judgeTransition(this.visited.wordsOf(from), after, choice, entry);
      return violation === undefined ? undefined : { found: violation, choices: choices() };
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      return { found: error, choices: choices() };
    }
  }
}
