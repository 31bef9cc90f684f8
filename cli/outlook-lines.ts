import type { Estimate } from "../checker/search/outlook/estimate.js";
import type { Growth } from "../checker/search/outlook/growth.js";
import type { CompactionReport, Verdict } from "../checker/verdict.js";
import { grouped } from "../report/numbers.js";

/** What is known of what a search that was not decided has not found. */
export function outlookLines(verdict: Verdict): readonly string[] {
  const { growing, estimate, compaction } = outlookFields(verdict);
  return [
    ...(growing === null ? [] : [growthLine(growing)]),
    ...(estimate === null ? [] : [estimateText(estimate)]),
    ...(compaction === null ? [] : [compactionText(compaction)]),
  ];
}

/** The same, for JSON. */
export function outlookFields(verdict: Verdict): Outlook {
  if (verdict.kind !== "unknown") return { growing: null, estimate: null, compaction: null };
  const { growth = null, estimate = null, compaction = null } = verdict;
  return { growing: growth, estimate, compaction };
}

interface Outlook {
  readonly growing: Growth | null;
  readonly estimate: Estimate | null;
  readonly compaction: CompactionReport | null;
}

function compactionText({ omissionProbability, bits }: CompactionReport): string {
  return (
    `of each state a hash of ${bits} bits was kept: ` +
    `the probability that any state was left out is at most ${omissionProbability.toExponential(1)}`
  );
}

/** What keeps growing, and what to do about it. */
function growthLine({ where, field, sizes }: Growth): string {
  const shown = sizes.map(({ depth, size }) => `${grouped(size)} at depth ${grouped(depth)}`);
  const what =
    field === "" ? where : /^(size|length)$/.test(field) ? `the ${field} of ${where}` : `${field} in ${where}`;
  return (
    `${what} keeps growing: ${shown.join(", ")}, and nothing is used up on the way. ` +
    "If nothing bounds it, no search ends: give it a budget, or leave it out."
  );
}

/** How many states there are in all. */
export function estimateText({ states, atLeast, atMost }: Estimate): string {
  return `about ${rounded(states)} states in all (${rounded(atLeast)} to ${rounded(atMost)})`;
}

/** To two digits: more would pretend. */
function rounded(count: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return grouped(Math.round(count / unit) * unit);
}
