import type { Growth } from "../checker/search/outlook/growth.js";
import { grouped } from "../report/numbers.js";

/** What keeps growing, and what to do about it. */
export function growthLine({ where, field, atMost }: Growth): string {
  const sizes = atMost.map(({ depth, size }) => `${grouped(size)} by depth ${grouped(depth)}`);
  const what =
    field === "" ? where : /^(size|length)$/.test(field) ? `the ${field} of ${where}` : `${field} in ${where}`;
  return (
    `${what} keeps growing: at most ${sizes.join(", ")}. ` +
    "If nothing bounds it, no search ends: give it a budget, or leave it out."
  );
}
