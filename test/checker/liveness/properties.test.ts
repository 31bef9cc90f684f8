import { expect, test } from "vitest";
import { startSearch } from "../../../checker/search/start.js";
import { compile } from "../../../sim/compile.js";
import { InvalidScenario } from "../../../sim/invalid-scenario.js";
import { send, setTimer } from "../../../sim/effect.js";
import type { Fairness } from "../../../sim/fairness.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { always, atQuiescence, eventually, leadsTo, sometimes, staysReachable, step } from "../../../sim/property.js";
import { run } from "../../../sim/run.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import { at, check, scenario, walk, walking } from "./walking.js";

const eventuallyOdd = eventually("it is odd at some point", (view) => at(view) % 2 === 1);

test("eventually holds where every way passes through such a state", () => {
  const verdict = check(walking({ 0: [2, 4], 2: [1], 4: [3], 3: [6] }, eventuallyOdd));

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states: 6, complete: true, vacuous: [] } });
});

test("eventually is broken by a run that ends before, and the witness ends there", () => {
  const verdict = check(walking({ 0: [1, 2], 2: [4] }, eventuallyOdd));

  const detail = "the run ends after 2 steps, and it has not happened";
  const witness = { property: eventuallyOdd.name, detail, choices: walk(2, 4), step: 2 };
  expect(verdict).toMatchObject({ kind: "violated", witness, coverage: { complete: true } });
  expect(verdict).not.toHaveProperty("witness.loop");
});

test("eventually is vacuous where the initial state satisfies it", () => {
  const even = eventually("it is even at some point", (view) => at(view) % 2 === 0);

  expect(check(walking({ 0: [1] }, even))).toMatchObject({ kind: "holds", coverage: { vacuous: [even.name] } });
});

// The two false negatives that Stateright's tests record (`can_miss_counterexample`): its visited states forget what is owed.
test("eventually is not forgotten where a run that owes it joins one that does not", () => {
  // From 10 to 0 or 1, its two initial states; 0-2-4 and 1-4-6 as there.
  const verdict = check(walking({ 0: [10, 1], 10: [2], 2: [4], 1: [4], 4: [6] }, eventuallyOdd));

  expect(verdict).toMatchObject({ kind: "violated", witness: { choices: walk(10, 2, 4, 6) } });
});

test("eventually is not forgotten on a cycle", () => {
  const verdict = check(walking({ 0: [2], 2: [4], 4: [2] }, eventuallyOdd));

  const detail = "after step 1 the same 2 steps repeat for ever, without it";
  expect(verdict).toMatchObject({ kind: "violated", witness: { choices: walk(2, 4, 2), step: 3, loop: 1, detail } });
});

test("leadsTo holds, is broken by a run that is not led on, and is vacuous where nothing begins", () => {
  const claim = (from: number, to: number) =>
    leadsTo(`${from} leads to ${to}`, { from: (view) => at(view) === from, to: (view) => at(view) === to });
  const ways = { 0: [1], 1: [2, 3], 2: [1], 3: [0, 5], 5: [] };

  expect(check(walking({ 0: [1], 1: [2], 2: [0] }, claim(1, 2)))).toMatchObject({
    kind: "holds",
    coverage: { vacuous: [] },
  });
  // Both the loop 1-2 and the end at 5 owe a 0; the loop is nearer.
  expect(check(walking(ways, claim(1, 0)))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(1, 2, 1), loop: 1 },
  });
  expect(check(walking(ways, claim(7, 0)))).toMatchObject({ kind: "holds", coverage: { vacuous: ["7 leads to 0"] } });
});

test("leadsTo is owed anew each time", () => {
  const claim = leadsTo("0 leads to 1", { from: (view) => at(view) === 0, to: (view) => at(view) === 1 });
  const verdict = check(walking({ 0: [1, 2], 1: [0], 2: [] }, claim));

  expect(verdict).toMatchObject({ kind: "violated", witness: { choices: walk(2) } });
});

test("staysReachable holds, is broken where there is no way back, and is vacuous where none is needed", () => {
  const home = staysReachable("home stays reachable", (view) => at(view) === 0);

  expect(check(walking({ 0: [1, 2], 1: [2], 2: [0] }, home))).toMatchObject({
    kind: "holds",
    coverage: { vacuous: [] },
  });
  expect(check(walking({ 0: [1, 2], 1: [2, 0], 2: [3], 3: [2] }, home))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(2), step: 1, detail: "after 1 step no choices lead there any more" },
  });
  expect(check(walking({}, home))).toMatchObject({ kind: "holds", coverage: { vacuous: [home.name] } });
});

test("atQuiescence tells being done from being stuck, and is vacuous where no run ends", () => {
  const done = atQuiescence("it ends at 9", (view) => at(view) === 9 || `it is stuck at ${at(view)}`);

  expect(check(walking({ 0: [1], 1: [9] }, done))).toMatchObject({ kind: "holds", coverage: { vacuous: [] } });
  expect(check(walking({ 0: [1], 1: [9, 4] }, done))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(1, 4), step: 2, detail: "it is stuck at 4" },
  });
  expect(check(walking({ 0: [1], 1: [0] }, done))).toMatchObject({ kind: "holds", coverage: { vacuous: [done.name] } });
});

test("a fault that may still happen does not hide that a run has ended", () => {
  const done = atQuiescence("it ends at 9", (view) => at(view) === 9 || `it is stuck at ${at(view)}`);
  const { define } = walking({ 0: [1] }, done);
  const crashing = scenario(() => ({ ...define({}), faults: { crash: 1 } }));

  expect(check(crashing)).toMatchObject({ kind: "violated", witness: { detail: "it is stuck at 1" } });
});

test("a run judges what must hold at its end, and replaying the witness of a check shows it", () => {
  const done = atQuiescence("it ends at 9", (view) => at(view) === 9 || `it is stuck at ${at(view)}`);
  const system = compile(walking({ 0: [1], 1: [9, 4] }, done));
  const violationAfter = (...numbers: number[]) => run(system, replaying(walk(...numbers)), { maxSteps: 9 }).violation;

  expect(violationAfter(1, 4)).toEqual({ property: done.name, detail: "it is stuck at 4", step: 2 });
  expect(violationAfter(1, 9)).toBeUndefined();
  // The schedule ends here, but the run could go on.
  expect(violationAfter(1)).toBeUndefined();
});

test("sometimes counts the states that satisfy it where it is asked to", () => {
  const even = sometimes("it is even", (view) => at(view) % 2 === 0, { count: true });
  const big = sometimes("it is big", (view) => at(view) > 100, { count: true });
  const odd = sometimes("it is odd", (view) => at(view) % 2 === 1);
  const { coverage } = check(walking({ 0: [1, 2], 1: [4], 2: [4] }, even, big, odd));

  expect(coverage).toMatchObject({ satisfied: { "it is even": 3, "it is big": 0 }, neverReached: ["it is big"] });
  expect(Object.keys(coverage.satisfied)).toEqual(["it is even", "it is big"]);
});

test("an always that looks at nothing and a step without steps are vacuous", () => {
  const nothing = always(
    "no node of a role that does not exist",
    (view) => view.nodes("walkers").every(() => false) || "there is one",
  );
  const onward = step("it never goes back", (before, after) => at(after) > at(before) || "it goes back");
  const small = always("it is small", (view) => at(view) < 9 || "it is big");

  expect(check(walking({ 0: [1] }, nothing, onward, small)).coverage.vacuous).toEqual([nothing.name]);
  expect(check(walking({}, nothing, onward, small)).coverage.vacuous).toEqual([nothing.name, onward.name]);
});

test("a step property is judged on a transition into a visited state too", () => {
  const onward = step("it never goes back", (before, after) => at(after) > at(before) || "it goes back");

  expect(check(walking({ 0: [1], 1: [2], 2: [1] }, onward))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(1, 2, 1) },
  });
});

test("a limit leaves a property of whole runs undecided, never held", () => {
  const system = compile(walking({ 0: [1], 1: [2], 2: [3] }, eventuallyOdd));
  const limited = startSearch(system, { strategy: "breadth-first", maxStates: 2, maxDepth: Infinity });
  expect(limited.advance(Infinity)).toMatchObject({ kind: "unknown", limit: "max-states" });

  const stopped = startSearch(system, { strategy: "breadth-first", maxStates: Infinity, maxDepth: Infinity });
  for (let i = 0; i < 5; i += 1) stopped.advance(1);
  expect(stopped.advance(1)).toMatchObject({ kind: "progress", phase: "liveness", states: 4 });
  expect(stopped.stop("time-limit")).toMatchObject({ kind: "unknown", coverage: { states: 4, complete: false } });
});

test("depth-first and breadth-first searches decide properties of whole runs alike", () => {
  const broken = walking({ 0: [2], 2: [4, 3], 4: [2] }, eventuallyOdd);
  const [one, other] = [check(broken, {}, "breadth-first"), check(broken, {}, "depth-first")];

  expect(one).toMatchObject({ kind: "violated", witness: { choices: walk(2, 4, 2), loop: 1 } });
  expect(other).toEqual({ ...one, coverage: { ...one.coverage, depth: null } });
});

const goal = (fairness: Fairness) => eventually("it gets to 3", (view) => at(view) === 3, { fairness });

test("choices are fair as a whole by default, and each option on its own where that is asked for", () => {
  const coin = { 0: [1, 2], 1: [0], 2: [0, 3] };
  const option = { kind: "option", label: "next" } as const;

  expect(check(walking(coin, goal({})))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(1, 0), loop: 0 },
  });
  // Neither 2 nor 3 is possible all the time, so weak fairness does not help.
  expect(check(walking(coin, goal({ weak: [option] })))).toMatchObject({ kind: "violated" });
  expect(check(walking(coin, goal({ strong: [option] })))).toMatchObject({ kind: "holds" });
});

/** A node that ticks for ever, beside a message that waits for another node. */
function ticking(tick: (state: number) => number, fairness: Fairness) {
  const clock = defineNode<number>({
    role: "clock",
    start: () => become(0, setTimer("tick", 1), send(nodeId("sink"), { kind: "news" })),
    onMessage: {},
    onTimer: { tick: (state) => become(tick(state), setTimer("tick", 1)) },
  });
  const sink = defineNode<boolean, { kind: "news" }>({
    role: "sink",
    start: () => become(false),
    onMessage: { news: () => become(true) },
  });
  const heard = eventually("the news arrives", (view) => view.nodes<boolean>("sink").some(({ state }) => state), {
    fairness,
  });
  return scenario(() => ({ nodes: { clock, sink }, properties: [heard] }));
}

test("a timer that fires for ever does not defeat liveness, whether it changes something or not", () => {
  expect(check(ticking((state) => state, {}))).toMatchObject({ kind: "holds", coverage: { states: 2 } });
  expect(check(ticking((state) => 1 - state, {}))).toMatchObject({ kind: "holds", coverage: { states: 4 } });
});

test("with fairness of timers alone, deliveries may wait for ever, but not while nothing else happens", () => {
  const timers: Fairness = { weak: [{ kind: "timer", role: "clock", timer: "tick" }] };

  expect(check(ticking((state) => 1 - state, timers))).toMatchObject({
    kind: "violated",
    witness: { choices: ["fire @clock tick", "fire @clock tick"], loop: 0 },
  });
  expect(check(ticking((state) => state, timers))).toMatchObject({ kind: "holds" });
  const link: Fairness = { weak: [{ kind: "link", from: "clock", to: "sink" }] };
  expect(check(ticking((state) => 1 - state, link))).toMatchObject({ kind: "holds" });
});

/** A message over a link that is cut and healed as often as the network likes. */
function flapping(fairness: Fairness) {
  const { define } = ticking((state) => state, fairness);
  return scenario(() => ({ ...define({}), faults: { partition: "any" as const } }));
}

test("weak fairness lets a link that flaps keep a message back for ever, strong fairness does not", () => {
  const verdict = check(flapping({}));
  expect(verdict).toMatchObject({ kind: "violated", witness: { loop: 0, choices: ["partition clock", "heal"] } });

  const link = { kind: "link", from: "clock", to: "sink" } as const;
  expect(check(flapping({ strong: [link] }))).toMatchObject({ kind: "holds" });
  expect(check(flapping({ strong: "all" }))).toMatchObject({ kind: "holds" });
  // A partition does not last for ever even then: healing is no fault, and a run ends only where nothing but faults can be.
  expect(check(flapping({ weak: [], strong: [link] }))).toMatchObject({ kind: "holds" });
});

test("a crash may last for ever unless recovery is fair", () => {
  const node = (fairness: Fairness) => {
    const patient = defineNode<string>({
      role: "patient",
      start: () => become("well", setTimer("work", 1)),
      onMessage: {},
      onTimer: { work: () => become("done") },
      recover: () => become("well", setTimer("work", 1)),
    });
    const done = eventually("the work is done", (view) => view.nodes("patient")[0]?.state === "done", { fairness });
    return scenario(() => ({ nodes: { patient }, faults: { crash: 1, recover: 1 }, properties: [done] }));
  };

  expect(check(node({}))).toMatchObject({ kind: "violated", witness: { choices: ["crash @patient"] } });
  const recovering: Fairness = { strong: [{ kind: "recovery", role: "patient" }] };
  expect(check(node(recovering))).toMatchObject({ kind: "holds" });
});

test.each<[Fairness, RegExp]>([
  [
    { weak: [{ kind: "timer", role: "walker", timer: "tick" }] },
    /names "tick", which is no timer of walker\. There is none/,
  ],
  [{ strong: [{ kind: "choice", label: "nxt" }] }, /names "nxt", which is no choice; did you mean next\?/],
  [{ strong: [{ kind: "link", from: "walker", to: "client" }] }, /names "client", which is no node, role or client/],
])("fairness of what does not exist is refused: %j", (fairness, message) => {
  expect(() => compile(walking({}, goal(fairness)))).toThrow(message);
  expect(() => compile(walking({}, goal(fairness)))).toThrow(InvalidScenario);
});
