import { engineSearch } from "../checker/search/engine/engine.js";
import type { ReductionName } from "../checker/search/reduce/preserved.js";
import { startSearch } from "../checker/search/start.js";
import { bundled } from "../scenarios/bundled.js";
import { compile, type Settings } from "../sim/compile.js";

/** One search of a bundled scenario to the end, for a child process: the measured figures go to standard output as JSON. */
export interface SearchRun {
  readonly scenario: string;
  readonly settings: Settings;
  /** Up to how many bits an inbox may be kept as counts of its messages; 0 for interned values. */
  readonly inboxBits?: number;
  /** Nothing is left out unless given. */
  readonly reduce?: ReductionName;
}

export interface SearchFigures {
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  /** User and system seconds of the search, and of the whole process with its start. */
  readonly cpuSeconds: number;
  readonly cpuSecondsOfProcess: number;
  /** Resident memory just before the search, and at most while the process lived. */
  readonly baseBytes: number;
  readonly peakBytes: number;
}

console.log(JSON.stringify(measure(JSON.parse(process.argv[2] ?? "{}") as SearchRun)));

function measure({ scenario, settings, inboxBits, reduce = "none" }: SearchRun): SearchFigures {
  const found = bundled.find((one) => one.scenario.name === scenario);
  if (found === undefined) throw new Error(`There is no bundled scenario "${scenario}".`);
  const system = compile(found.scenario, settings);
  const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  globalThis.gc?.();
  const baseBytes = process.memoryUsage.rss();
  const before = process.cpuUsage();
  const search =
    inboxBits === undefined
      ? startSearch(system, { strategy: "breadth-first", reduce, ...limits })
      : engineSearch(system, limits, undefined, inboxBits);
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  const used = process.cpuUsage(before);
  const whole = process.cpuUsage();
  if (verdict.kind === "progress") throw new Error("The search stopped without a verdict.");
  return {
    verdict: verdict.kind,
    states: verdict.coverage.states,
    transitions: verdict.coverage.transitions,
    cpuSeconds: (used.user + used.system) / 1e6,
    cpuSecondsOfProcess: (whole.user + whole.system) / 1e6,
    baseBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}
