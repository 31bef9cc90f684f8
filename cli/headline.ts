import { counted } from "../report/numbers.js";
import type { Paint } from "../report/paint.js";
import type { Limit } from "../checker/verdict.js";
import type { Scenario } from "../sim/scenario.js";
import type { System } from "../sim/system.js";

/** The scenario with the parameters and faults that are not its defaults. */
export function systemName(scenario: Scenario, system: System): string {
  const changed = Object.entries(system.parameters).filter(
    ([name, value]) => scenario.parameters[name]?.default !== value,
  );
  const faults = Object.entries(system.faults).filter(([, count]) => count !== 0);
  const parts = [...changed, ...faults].map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? scenario.name : `${scenario.name} (${parts.join(", ")})`;
}

/** What the scope of a check is, its fault budgets included. */
export function scopeText(scenario: Scenario, system: System): string {
  const faults = Object.entries(system.faults).filter(([, count]) => count !== 0);
  if (faults.length === 0) return scenario.scope;
  return `${scenario.scope} Fault budgets: ${faults.map(([name, count]) => `${name}=${count}`).join(", ")}.`;
}

/** Which limit ended a search, in words. */
export function limitText(limit: Limit): string {
  switch (limit) {
    case "max-states":
      return "the limit of --max-states was reached";
    case "max-depth":
      return "states beyond --max-depth were not visited";
    case "time-limit":
      return "the limit of --time-limit was reached";
    case "memory-limit":
      return "the memory is nearly full (a limit of --memory-limit, or the heap that Node allows)";
    case "hash-compaction":
      return "states were compared by their hashes alone once the memory ran short";
    case "interrupted":
      return "interrupted";
    case "runs":
      return "walks alone decide nothing";
    case "bound":
      return "schedules with more delays than --bound were not visited";
  }
}

export function violatedLine(paint: Paint, property: string, detail: string): string {
  return `${paint.red(paint.bold("✗ violated"))}  ${paint.bold(property)}\n  ${detail}`;
}

export function countsText(counts: { readonly [noun: string]: number | null }): string {
  return Object.entries(counts)
    .filter(([, count]) => count !== null)
    .map(([noun, count]) => (noun === "depth" ? `depth ${count}` : counted(count as number, noun.replace(/s$/, ""))))
    .join(", ");
}
