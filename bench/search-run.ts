import { engineSearch } from "../checker/search/engine/engine.js";
import type { ReductionName } from "../checker/search/reduce/preserved.js";
import { startSearch } from "../checker/search/start.js";
import { compileScenario } from "../cli/compile-scenario.js";
import { loadScenario } from "../cli/load-scenario.js";
import { SearchThreads } from "../cli/search-threads.js";
import type { Settings } from "../sim/compile.js";

/** One search of a bundled scenario to the end, for a child process: the measured figures go to standard output as JSON. */
export interface SearchRun {
  readonly scenario: string;
  readonly settings: Settings;
  /** Up to how many bits an inbox may be kept as counts of its messages; 0 for interned values. */
  readonly inboxBits?: number;
  /** Nothing is left out unless given. */
  readonly reduce?: ReductionName;
  /** How many threads search; one unless given. */
  readonly workers?: number;
}

export interface SearchFigures {
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  /** Of the search, by the clock. */
  readonly seconds: number;
  /** User and system seconds of the search, and of the whole process with its start. */
  readonly cpuSeconds: number;
  readonly cpuSecondsOfProcess: number;
  /** Resident memory just before the search, and at most while the process lived. */
  readonly baseBytes: number;
  readonly peakBytes: number;
}

/** More memory than any of the searches needs; it is only reserved. */
const reservedBytes = 2 ** 33;

console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "{}") as SearchRun)));

async function measure({
  scenario,
  settings,
  inboxBits,
  reduce = "none",
  workers = 1,
}: SearchRun): Promise<SearchFigures> {
  const loaded = await loadScenario(scenario);
  const chosen = { parameters: {}, ...settings };
  const system = compileScenario(loaded, chosen);
  const limits = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
  const given = { loaded, name: scenario, settings: chosen };
  const crew = workers === 1 ? undefined : await SearchThreads.start(workers, reservedBytes, given);
  globalThis.gc?.();
  const baseBytes = process.memoryUsage.rss();
  const before = process.cpuUsage();
  const started = performance.now();
  const search =
    inboxBits === undefined
      ? startSearch(system, { strategy: "breadth-first", reduce, ...limits }, undefined, crew)
      : engineSearch(system, limits, undefined, inboxBits);
  const verdict = search.advance(Number.POSITIVE_INFINITY);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(before);
  const whole = process.cpuUsage();
  await crew?.close();
  if (verdict.kind === "progress") throw new Error("The search stopped without a verdict.");
  return {
    verdict: verdict.kind,
    states: verdict.coverage.states,
    transitions: verdict.coverage.transitions,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    cpuSecondsOfProcess: (whole.user + whole.system) / 1e6,
    baseBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}
