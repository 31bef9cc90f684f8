import { expect, test } from "vitest";
import { explainRun } from "../../../checker/explain/explain.js";
import type { Explanation } from "../../../checker/explain/explanation.js";
import type { AskedOutcome } from "../../../checker/why-not/outcome-judge.js";
import { counterpartOutcome } from "../../../checker/why-not/counterpart-outcome.js";
import { type ExplanationDifference, explanationDifference } from "../../../checker/why-not/explanation-difference.js";
import { NearestGoodRunSearch } from "../../../checker/why-not/nearest-good-run.js";
import { Recording } from "../../../checker/why-not/recording.js";
import { differenceOf, type RunDifference } from "../../../checker/why-not/run-difference.js";
import { numberOfEvent } from "../../../report/event-text.js";
import { paxos } from "../../../scenarios/paxos.js";
import { compile } from "../../../sim/compile.js";
import type { System } from "../../../sim/system.js";
import type { Trace } from "../../../sim/trace.js";
import { paperStory, paperSystem } from "../../scenarios/zardozbook-paper.js";
import { scripted } from "../../../sim/strategy/scripted.js";
import { outcomeHolds, record, type Recorded, recordScript, removable } from "../explain/recorded.js";

interface Compared {
  readonly difference: ExplanationDifference;
  readonly runs: RunDifference;
}

/** The explanations of a violation and of what is in its place in the nearest good run. */
function compared({ trace, violation }: Recorded): Compared {
  if (violation === undefined) throw new Error("There is no violation.");
  const outcome: AskedOutcome = { kind: "violation", event: trace.length - 1, violation };
  const recording = new Recording(trace);
  const found = new NearestGoodRunSearch(recording, outcome).advance(100_000);
  if (found?.kind !== "found") throw new Error("There is no good run.");
  const runs = differenceOf(recording, found.choices, outcome.event);
  const explanation = explainRun(trace, outcome);
  const counterpart = counterpartOutcome(recording, outcome, explanation, runs);
  if (counterpart === undefined) throw new Error("Nothing is in the outcome's place.");
  const difference = explanationDifference(runs, explanation, explainRun(runs.trace, counterpart));
  if (difference === undefined) throw new Error("Nothing is explained.");
  return { difference, runs };
}

/**
 * By the simulator alone: what an explanation has suffices, and it has each event without which the outcome does not come
 * about. (It may have more: those of other explanations, and those without which a message would be another one that does
 * as well.)
 */
function expectExplained(explanation: Explanation, support: readonly number[]): void {
  const trace = explanation.graph?.machines.trace as Trace;
  const holds = outcomeHolds(trace, explanation);
  const needed = removable(trace).filter((event) => !holds((other) => other === event));
  expect(needed.length).toBeGreaterThan(5);
  expect(needed.filter((event) => !support.includes(event))).toEqual([]);
  expect(holds((event) => !support.includes(event))).toBe(true);
}

function numbered({ difference, runs }: Compared, trace: Trace) {
  const here = (events: readonly number[]): number[] => events.map((event) => numberOfEvent(trace, event));
  const there = (events: readonly number[]): number[] => events.map((event) => numberOfEvent(runs.trace, event));
  return {
    shared: difference.shared.map(({ recorded, other }) => [...here([recorded]), ...there([other])]),
    recordedOnly: here(difference.recordedOnly),
    otherOnly: there(difference.otherOnly),
    partings: difference.partings.map(({ at, recorded, other, turned }) => ({
      at:
        at.kind === "memory" ? String(trace.system.nodes[at.node]?.id) : [...here([at.recorded]), ...there([at.other])],
      recorded: here(recorded),
      other: there(other),
      turned,
    })),
  };
}

function expectBothExplained({ difference }: Compared): void {
  const { shared, recordedOnly, otherOnly } = difference;
  expectExplained(difference.recorded, [...shared.map(({ recorded }) => recorded), ...recordedOnly]);
  expectExplained(difference.other, [...shared.map(({ other }) => other), ...otherOnly]);
}

test("the page that Bob should not see and the empty one part where his server's cache was filled", () => {
  const run = record(paperSystem, scripted(paperStory), 1000, false);
  const both = compared(run);

  expectBothExplained(both);
  // By the story (see the golden tests of explanations): 18 fills the cache of s3 with the friendship (0) and the post (10 to
  // 14) that s3 pulled (15 to 17). In the nearest good run, s3 gets what it pulled only after Bob's read: the list of posts is
  // the empty one that the cache starts with, and what it says of the friendship is its initial data, the third piece.
  expect(numbered(both, run.trace)).toEqual({
    shared: [
      ...[7, 8, 9].map((number) => [number, number]),
      ...[20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30].map((number) => [number, number - 3]),
    ],
    recordedOnly: [0, 10, 11, 12, 13, 14, 15, 16, 17, 18],
    otherOnly: [-2],
    partings: [
      { at: [28, 25], recorded: [18], other: [-2], turned: [] },
      { at: [26, 23], recorded: [18], other: [], turned: [] },
    ],
  });
});

const withoutPromise: System = compile(paxos, { parameters: { promise: "off" } });

/** Both proposers decide: the acceptor a1 takes a proposal of ballot 1 although it has promised ballot 2. */
const bothDecide = [
  "choose @p1 begin",
  "choose @p2 begin",
  "deliver @p1->@a1 {ballot:1,kind:'prepare'}",
  "deliver @a1->@p1 ",
  "deliver @p2->@a1 {ballot:2,kind:'prepare'}",
  "deliver @a1->@p2 ",
  "deliver @p1->@a2 {ballot:1,kind:'prepare'}",
  "deliver @a2->@p1 ",
  "deliver @p1->@a1 {ballot:1,kind:'accept'",
  "deliver @a1->@p1 {ballot:1,kind:'accepted'",
  "deliver @p1->@a2 {ballot:1,kind:'accept'",
  "deliver @a2->@p1 {ballot:1,kind:'accepted'",
  "deliver @p2->@a3 {ballot:2,kind:'prepare'}",
  "deliver @a3->@p2 ",
  "deliver @p2->@a1 {ballot:2,kind:'accept'",
  "deliver @a1->@p2 {ballot:2,kind:'accepted'",
  "deliver @p2->@a2 {ballot:2,kind:'accept'",
  "deliver @a2->@p2 {ballot:2,kind:'accepted'",
];

test("two decisions and one part where an acceptor knew of the first proposal before it promised the second ballot", () => {
  const run = recordScript(withoutPromise, bothDecide);
  const both = compared(run);

  // What the property looked at, at the end: what each proposer has decided. In the nearest good run a3 gets the first
  // proposal at 13, so that its promise at 14 tells p2 of v1, which p2 then proposes itself; the decisions also hang on a3's
  // answers there (20 to p1, and 26 to p2, given at 25), as proposers remember who accepted.
  expect(numbered(both, run.trace)).toMatchObject({
    recordedOnly: [],
    otherOnly: [13, 20, 25, 26],
    partings: [
      { at: "p1", recorded: [], other: [20], turned: [] },
      { at: "p2", recorded: [], other: [26], turned: [] },
      { at: [13, 14], recorded: [], other: [13], turned: [] },
    ],
  });
  expectBothExplained(both);
});

test("the explanation of a run and of the same run do not part", () => {
  const { trace, violation } = recordScript(withoutPromise, bothDecide);
  if (violation === undefined) throw new Error("There is no violation.");
  const outcome = { kind: "violation", event: trace.length - 1, violation } as const;
  const recording = new Recording(trace);
  const names = trace.choices.slice(trace.initialEvents).map((_, i) => recording.choiceName(i + trace.initialEvents));
  const runs = differenceOf(recording, names, outcome.event);
  const explanation = explainRun(trace, outcome);
  const counterpart = counterpartOutcome(recording, outcome, explanation, runs);

  expect(counterpart?.kind).toBe("seen");
  const difference = counterpart && explanationDifference(runs, explanation, explainRun(runs.trace, counterpart));
  expect(difference).toMatchObject({ partings: [], recordedOnly: [], otherOnly: [] });
  expect(difference?.shared.length).toBe(explanation.smallest?.length);
});
