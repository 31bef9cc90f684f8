import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsOf } from "../../checker/explain/answer.js";
import { itemText } from "../../checker/explain/emission.js";
import { explainRun } from "../../checker/explain/explain.js";
import { eventOf } from "../../checker/explain/question.js";
import type { Explanation } from "../../checker/explain/explanation.js";
import { counterpartOutcome } from "../../checker/why-not/counterpart-outcome.js";
import { explanationDifference } from "../../checker/why-not/explanation-difference.js";
import { Recording } from "../../checker/why-not/recording.js";
import { differenceOf } from "../../checker/why-not/run-difference.js";
import { describeChoice } from "../../sim/choice.js";
import { bundled } from "../../scenarios/bundled.js";
import { compile } from "../../sim/compile.js";
import type { Trace } from "../../sim/trace.js";
import { recordAtRandom } from "../checker/explain/recorded.js";
import { harmlessPlans, scenarioOf } from "./random-scenario.js";

/** The last delivery of a run, to a client if there is one. */
function asked({ choices, participants, system }: Trace): number | undefined {
  const deliveries = choices.flatMap((choice, event) => (choice?.kind === "deliver" ? event : []));
  return deliveries.findLast((event) => participants.get(event) >= system.nodes.length) ?? deliveries.at(-1);
}

function contentOf({ choices }: Trace, event: number): string {
  const choice = choices[event];
  return choice?.kind === "deliver" ? itemText(choice.message) : "";
}

const systems = fc.oneof(
  fc.constantFrom(...bundled.map(({ scenario }) => compile(scenario))),
  harmlessPlans.map((plan) => compile(scenarioOf(plan))),
);

/** All that some events hang on in an explanation: what brought them about, and why they did what they did. */
function behind({ graph }: Explanation, events: readonly number[]): Set<number> {
  const all = new Set(events);
  for (const event of all) {
    const acts = graph?.vertices().filter(({ question }) => eventOf(question) === event) ?? [];
    for (const vertex of [graph?.behind(event)?.vertex, ...acts]) {
      for (const earlier of vertex === undefined ? [] : [...vertex.required, ...eventsOf(vertex.answer)])
        all.add(earlier);
    }
  }
  return all;
}

test("explanations of two runs that do not part are of the same outcome, and what one has alone leads to where they part", () => {
  const seen = { parted: 0, same: 0, changed: 0 };
  fc.assert(
    fc.property(systems, fc.nat(1000), fc.nat(5), (system, seed, other) => {
      const { trace } = recordAtRandom(system, seed, 24);
      const event = asked(trace);
      if (event === undefined) return;
      const recording = new Recording(trace);
      const names = recordAtRandom(system, seed + other, 24).trace.choices.flatMap((choice) =>
        choice === undefined ? [] : describeChoice(choice),
      );
      const runs = differenceOf(recording, names, event);
      const outcome = { kind: "event", event } as const;
      const explanation = explainRun(trace, outcome, { closureRuns: 0 });
      const counterpart = counterpartOutcome(recording, outcome, explanation, runs);
      if (counterpart === undefined) return;
      const found = explanationDifference(runs, explanation, explainRun(runs.trace, counterpart, { closureRuns: 0 }));
      if (found?.recorded.status !== "exact" || found.other.status !== "exact") return;

      const isSame = contentOf(trace, event) === contentOf(runs.trace, counterpart.event);
      if (found.partings.length === 0) expect(isSame).toBe(true);
      const ahead = behind(
        found.recorded,
        found.partings.flatMap(({ recorded }) => recorded),
      );
      const aheadThere = behind(
        found.other,
        found.partings.flatMap((parting) => parting.other),
      );
      expect(found.recordedOnly.filter((one) => !ahead.has(one))).toEqual([]);
      expect(found.otherOnly.filter((one) => !aheadThere.has(one))).toEqual([]);
      seen.parted += found.partings.length > 0 ? 1 : 0;
      seen.same += found.partings.length === 0 ? 1 : 0;
      seen.changed += isSame ? 0 : 1;
    }),
    { seed: 20261126, numRuns: 80 },
  );
  expect(Math.min(seen.parted, seen.same, seen.changed), JSON.stringify(seen)).toBeGreaterThan(3);
});
