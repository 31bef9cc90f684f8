import type { HandlerCoverage } from "../checker/search/handlers.js";
import type { Coverage } from "../checker/verdict.js";
import type { Output } from "./output.js";

/** Says what a search that found everything has never exercised; with `all`, in which local states each handler ran. */
export function tellCoverage(
  output: Output,
  coverage: Coverage,
  options: { readonly isWhole: boolean; readonly all: boolean },
): void {
  const { paint } = output;
  const { neverRun, neverReturned, faultsNeverSeen, handlers } = coverage;
  if (options.isWhole && neverRun.length > 0) {
    output.say(`  ${paint.yellow("handlers that never ran:")} ${neverRun.join(", ")}`);
  }
  if (options.isWhole && neverReturned.length > 0) {
    const clients = neverReturned.join(", ");
    output.say(
      `  ${paint.yellow("no operation ever returns:")} of ${clients}; nodes answer clients with reply(from, ...)`,
    );
  }
  if (options.isWhole && faultsNeverSeen.length > 0) {
    output.say(`  ${paint.yellow("faults that never happened:")} ${faultsNeverSeen.join(", ")}`);
  }
  if (!options.all) return;
  for (const one of handlers) output.say(`  ${one.handler}: ${placesText(one)}`);
}

function placesText({ ranIn, neverIn }: HandlerCoverage): string {
  if (ranIn.length === 0) return "never ran";
  // The only class of a role has no name.
  if (neverIn.length === 0) return ranIn.length === 1 ? "ran" : `ran in all ${ranIn.length} local states`;
  return `ran in ${ranIn.join(", ")}; never in ${neverIn.join(", ")}`;
}
