import { expect, test } from "vitest";
import { startSearch } from "../../checker/search/start.js";
import { progressText } from "../../cli/search-progress.js";
import { inSlices } from "../../cli/slices.js";
import type { Watch } from "../../cli/watch.js";
import { bundled } from "../../scenarios/bundled.js";
import { compile, type Settings } from "../../sim/compile.js";

type Parameters = NonNullable<Settings["parameters"]>;

/** What a check has shown on its progress line after ten seconds, by a clock that goes with the states found. */
async function afterTenSeconds(name: string, parameters: Parameters, statesPerSecond: number): Promise<string> {
  const scenario = bundled.find((one) => one.scenario.name === name)?.scenario;
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  const system = { ...compile(scenario, { parameters }), properties: [] };
  const search = startSearch(system, { strategy: "breadth-first", maxStates: Infinity, maxDepth: Infinity });
  let states = 0;
  const watch = {
    get seconds() {
      return states / statesPerSecond;
    },
    bytes: 2 ** 20,
    heapUse: 0,
    reached: () => (states >= 10 * statesPerSecond ? "time-limit" : undefined),
  } as unknown as Watch;
  let line = "";
  await inSlices((amount, isLate) => {
    const reached = search.advance(amount, isLate);
    if (reached.kind !== "progress") return reached;
    ({ states } = reached);
    line = progressText(reached, watch, search.estimate?.());
    return undefined;
  }, watch);
  return line;
}

// Counts: 2^N + 4^N + 6^N; that of paxos by other implementations (test/golden); the others by searches to their ends.
test.each<[string, Parameters, number]>([
  ["two-phase-commit", { rms: 6 }, 2 ** 6 + 4 ** 6 + 6 ** 6],
  ["paxos", {}, 101_408],
  ["abd", {}, 1_508],
  ["abd", { servers: 3, onlyWriters: 1 }, 20_609],
  ["zardozbook", { stores: "folded", fix: "pull-before-post" }, 126_923],
])(
  "after ten seconds the states of %s %j are estimated with a band, or it is said that they cannot be yet",
  async (name, parameters, states) => {
    let given = 0;
    // On machines that find these shares of all states in ten seconds.
    for (const share of [0.1, 0.55, 0.85]) {
      const line = await afterTenSeconds(name, parameters, (share * states) / 10);
      if (line.endsWith("no estimate yet")) continue;
      const band = /about [\d,]+ states in all \(([\d,]+) to ([\d,]+)\), .* to .* left$/.exec(line) ?? [];
      const [atLeast, atMost] = band.slice(1).map((text) => Number(text.replaceAll(",", "")));
      given += 1;
      // To two digits, as they are shown.
      expect(atLeast).toBeLessThanOrEqual(states * 1.05);
      expect(atMost).toBeGreaterThanOrEqual(states * 0.95);
    }
    expect(given).toBeGreaterThan(0);
  },
);
