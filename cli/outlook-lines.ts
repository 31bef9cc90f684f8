import type { Estimate } from "../checker/search/outlook/estimate.js";
import type { Growth } from "../checker/search/outlook/growth.js";
import type { Verdict } from "../checker/verdict.js";
import { grouped } from "../report/numbers.js";

/** What is known of what a search that was not decided has not found. */
export function outlookLines(verdict: Verdict): readonly string[] {
  const { growing, estimate } = outlookFields(verdict);
  return [...(growing === null ? [] : [growthLine(growing)]), ...(estimate === null ? [] : [estimateText(estimate)])];
}

/** The same, for JSON. */
export function outlookFields(verdict: Verdict): {
  readonly growing: Growth | null;
  readonly estimate: Estimate | null;
} {
  if (verdict.kind !== "unknown") return { growing: null, estimate: null };
  return { growing: verdict.growth ?? null, estimate: verdict.estimate ?? null };
}

/** What keeps growing, and what to do about it. */
function growthLine({ where, field, atMost }: Growth): string {
  const sizes = atMost.map(({ depth, size }) => `${grouped(size)} by depth ${grouped(depth)}`);
  const what =
    field === "" ? where : /^(size|length)$/.test(field) ? `the ${field} of ${where}` : `${field} in ${where}`;
  return (
    `${what} keeps growing: at most ${sizes.join(", ")}. ` +
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
