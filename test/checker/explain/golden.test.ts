import { expect, test } from "vitest";
import { endingOf, Explaining, explainRun } from "../../../checker/explain/explain.js";
import type { Explanation } from "../../../checker/explain/explanation.js";
import { eventText, numberOfEvent } from "../../../report/event-text.js";
import { zardozbook } from "../../../scenarios/zardozbook.js";
import { compile } from "../../../sim/compile.js";
import { nodeId } from "../../../sim/node-id.js";
import { defineScenario } from "../../../sim/scenario.js";
import { scripted } from "../../../sim/strategy/scripted.js";
import type { Trace } from "../../../sim/trace.js";
import { inOrder, operation } from "../../../sim/workload.js";
import { redisStore } from "../../../nodes/redis.js";
import { paperStory, paperSystem } from "../../scenarios/zardozbook-paper.js";
import { outcomeHolds, record, type Recorded, recordScript, removable, subsetsOf } from "./recorded.js";

function shown(trace: Trace, events: readonly number[]): string[] {
  return events.map((event) => `${numberOfEvent(trace, event)} ${eventText(trace, event, 70)}`);
}

/**
 * The only explanation, by the simulator alone: the events of which each alone, left out, prevents the outcome are in every
 * explanation; if the outcome comes about whatever of the others is left out, they are one.
 */
function onlyExplanationByReplay(trace: Trace, explanation: Explanation): number[] {
  const holds = outcomeHolds(trace, explanation);
  const needed = removable(trace).filter((event) => !holds((other) => other === event));
  const others = removable(trace).filter((event) => !needed.includes(event));
  for (const subset of subsetsOf(others)) {
    const leftOut = new Set(subset);
    if (!holds((event) => leftOut.has(event))) throw new Error(`There are others: ${shown(trace, subset).join("; ")}`);
  }
  return needed;
}

function explained(run: Recorded): Explanation {
  return explainRun(run.trace, endingOf(run.trace, run));
}

function numbersOf(trace: Trace, events: readonly number[] | null): number[] {
  return (events ?? []).map((event) => numberOfEvent(trace, event));
}

/** All whole numbers from one to another. */
function from(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

test("the paper's story: the friendship, the heartbeats, the post, its push, the pull and both reads; not the unfriend", () => {
  const run = record(paperSystem, scripted(paperStory), 1000, false);
  const { trace } = run;
  const explanation = explained(run);

  expect(explanation).toMatchObject({ status: "exact", mode: "local", count: 1n, closure: { counterexample: null } });
  expect(explanation.smallest).toEqual(onlyExplanationByReplay(trace, explanation));
  // By the story: 1 to 6 are the unfriend; 7 to 9 make the balancer send the post to s2, and 20 to 22 the read to s3; 10 to 12
  // are the post, 13 and 14 its push, 15 to 18 the pull, of which 19 acknowledges the last write; 23 to 30 are the read.
  expect(numbersOf(trace, explanation.core)).toEqual([0, ...from(7, 18), ...from(20, 30)]);
  expect(shown(trace, [trace.initialEvents - 1])).toEqual([
    "0 database takes in initial data: insert(table: friends, row: {user: av…",
  ]);
  expect(numbersOf(trace, explanation.causalPast).filter((number) => number > 0)).toEqual(from(1, 30));
  expect(explanation.violation).toMatchObject({ status: "exact", count: 1n });
  expect(numbersOf(trace, explanation.violation?.smallest ?? [])).toEqual([6, 10, 30]);
});

/** The shortest witness of `check zardozbook`, which `test/cli/why.test.ts` asks for: Bob reads at the post's own server. */
const shortest = [
  "fire @s1 beat",
  "choose @s1 load 1",
  "invoke @ava:0",
  "deliver @ava->@balancer ",
  "deliver @s1->@balancer ",
  "deliver @balancer->@s1 ",
  "deliver @s1->@s1-cache ",
  "deliver @s1-cache->@s1 ",
  "deliver @s1->@ava ",
  "invoke @ava:1",
  "deliver @ava->@balancer ",
  "deliver @balancer->@s2 ",
  "deliver @s2->@s2-cache ",
  "deliver @s2-cache->@s2 ",
  "invoke @bob:0",
  "deliver @bob->@balancer ",
  "deliver @balancer->@s2 ",
  "deliver @s2->@s2-cache ",
  "deliver @s2-cache->@s2 ",
  "deliver @s2->@s2-cache ",
  "deliver @s2-cache->@s2 ",
  "deliver @s2->@bob ",
];

test("the shortest violation: what the post's own server had in its cache, and the heartbeat that sent the post there", () => {
  const run = recordScript(compile(zardozbook), shortest);
  const { trace } = run;
  const explanation = explained(run);

  expect(explanation).toMatchObject({ status: "exact", count: 1n, closure: { counterexample: null } });
  expect(explanation.smallest).toEqual(onlyExplanationByReplay(trace, explanation));
  // 3, 4 and 6 to 9 are the unfriend; 14 acknowledges the write of the post.
  expect(numbersOf(trace, explanation.core)).toEqual([-2, 1, 2, 5, ...from(10, 13), ...from(15, 22)]);
  expect(eventText(trace, trace.initialEvents - 3)).toBe(
    "s2-cache takes in initial data: sadd(key: friends:ava, members: [bob])",
  );
});

test("one set and one get: all but the answer to the set", () => {
  const store = nodeId("store");
  const scenario = defineScenario({
    name: "one-set-one-get",
    about: "A trivial workload.",
    scope: "One set, one get.",
    define: () => ({
      nodes: { store: redisStore() },
      workload: {
        ann: inOrder(
          operation(store, { kind: "set", key: "x", value: "1" }),
          operation(store, { kind: "get", key: "x" }),
        ),
      },
      properties: [],
    }),
  });
  const run = recordScript(compile(scenario), [
    "invoke @ann:0",
    "deliver @ann->@store",
    "deliver @store->@ann",
    "invoke @ann:1",
    "deliver @ann->@store",
    "deliver @store->@ann",
  ]);
  const explanation = explained(run);

  // Of such a workload, Watermelon has 8 entries, SPADE 1,118,764 of LLVM (Whittaker et al. 2018, section 6.2.3).
  expect(explanation).toMatchObject({ status: "exact", count: 1n });
  expect(numbersOf(run.trace, explanation.smallest)).toEqual([1, 2, 4, 5, 6]);
  expect(explanation.smallest).toEqual(onlyExplanationByReplay(run.trace, explanation));
});

test("an explanation that is stopped early says what it knows: the questions that are open, and no more than is certain", () => {
  const run = record(paperSystem, scripted(paperStory), 1000, false);
  const explaining = new Explaining(run.trace, endingOf(run.trace, run));

  expect(explaining.advance(5)).toBeUndefined();
  const stopped = explaining.stop();
  expect(stopped.status).toBe("slice-only");
  expect(stopped.graph?.frontier().length).toBeGreaterThan(0);
  expect(stopped).toMatchObject({ core: null, smallest: null, count: null });

  const asked = explainRun(run.trace, endingOf(run.trace, run), { questionsMax: 5 });
  expect(asked).toMatchObject({ status: "slice-only" });
});
