import type { Limit, Verdict } from "../../verdict.js";
import { AuditFailed } from "./audit-failed.js";
import type { Reductions } from "./preserved.js";
import type { Progress, ReductionReport, Search } from "../search.js";

/**
 * Searches the whole scope, then again reduced, and compares.
 *
 * @throws AuditFailed from `advance` when the verdicts differ.
 */
export function auditedSearch(whole: () => Search, reduced: Search, { persistent }: Reductions): Search {
  return new AuditedSearch(whole, reduced, !persistent);
}

class AuditedSearch implements Search {
  private whole: Search | undefined;
  private wholeVerdict: Verdict | undefined;
  private readonly notes: string[] = [];

  constructor(
    start: () => Search,
    private readonly reduced: Search,
    private readonly keepsLengths: boolean,
  ) {
    this.whole = start();
  }

  get bytesAhead(): number {
    return this.whole?.bytesAhead ?? 0;
  }

  advance(states: number, isLate?: () => boolean): Progress | Verdict {
    if (this.whole !== undefined) {
      const reached = this.whole.advance(states, isLate);
      if (reached.kind === "progress") return reached;
      this.wholeVerdict = reached;
      // Its states are not needed any more, and take room.
      this.whole = undefined;
      if (reached.kind === "unknown") return reached;
      if (Number.isFinite(states)) return progressOf(reached);
    }
    const reached = this.reduced.advance(states);
    if (reached.kind !== "progress") this.compare(reached);
    return reached;
  }

  stop(limit: Limit): Verdict {
    return (this.whole ?? this.reduced).stop(limit);
  }

  reduction(): ReductionReport {
    const report = this.reduced.reduction?.() ?? { alike: [], notes: [], whole: null };
    return { ...report, notes: [...report.notes, ...this.notes], whole: this.wholeVerdict?.coverage ?? null };
  }

  private compare(reduced: Verdict): void {
    const whole = this.wholeVerdict as Verdict;
    if (reduced.kind === "unknown") return;
    const found = difference(whole, reduced, this.keepsLengths);
    if (found !== undefined) throw new AuditFailed(`The reduction is not sound here: ${found}`);
    const [one, other] = [sentence(whole), sentence(reduced)];
    if (one !== other) this.notes.push(`Of several endings, the whole search found another: ${one}.`);
  }
}

/**
 * What tells the verdict of a reduced search from that of the whole one, in a sentence. Where several things go wrong, which
 * is met first is of no account.
 *
 * @param keepsLengths symmetry keeps the lengths of the shortest ways: they are compared too.
 */
export function difference(whole: Verdict, reduced: Verdict, keepsLengths: boolean): string | undefined {
  const isLonger = keepsLengths && lengthOf(whole) !== lengthOf(reduced);
  if ((whole.kind === "holds") !== (reduced.kind === "holds") || isLonger) {
    return `without it, ${sentence(whole)}; with it, ${sentence(reduced)}`;
  }
  if (whole.kind !== "holds") return undefined;
  const [one, other] = [whole, reduced].map(({ coverage }) =>
    coverage.neverReached.map((name) => `"${name}"`).join(", "),
  );
  if (one === other) return undefined;
  return `without it, never reached: ${one === "" ? "nothing" : one}; with it: ${other === "" ? "nothing" : other}`;
}

function sentence(verdict: Verdict): string {
  switch (verdict.kind) {
    case "holds":
      return "everything holds";
    case "violated":
      return `"${verdict.witness.property}" is violated after ${verdict.witness.step} steps`;
    case "crashed":
      return `node code fails after ${verdict.choices.length} steps`;
    case "unknown":
      return `it is not decided (${verdict.limit})`;
  }
}

function lengthOf(verdict: Verdict): number {
  return verdict.kind === "violated" ? verdict.witness.step : verdict.kind === "crashed" ? verdict.choices.length : -1;
}

function progressOf({ coverage: { states, transitions, depth } }: Verdict): Progress {
  return { kind: "progress", phase: "states", states, transitions, depth, frontier: 0 };
}
