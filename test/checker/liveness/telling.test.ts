import { expect, test } from "vitest";
import { Simulation } from "../../../checker/simulate.js";
import { shrink } from "../../../checker/shrink/shrink.js";
import { diagram } from "../../../report/diagram.js";
import { compile } from "../../../sim/compile.js";
import { atQuiescence, eventually, refines, staysReachable } from "../../../sim/property.js";
import { run } from "../../../sim/run.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import { timed } from "../../../sim/strategy/timed.js";
import { bare } from "../../report/bare-paint.js";
import { at, check, walk, walking } from "./walking.js";

const odd = eventually("it is odd at some point", (view) => at(view) % 2 === 1);

test("runs tell which properties they cannot decide, and judge what must hold at their end", () => {
  const ways = { 0: [2], 2: [4] };
  const system = compile(
    walking(
      ways,
      odd,
      staysReachable("home stays reachable", (view) => at(view) === 0),
      refines("it walks", walking(ways), { maps: at, onto: at }),
      atQuiescence("it ends at 9", (view) => at(view) === 9 || `it is stuck at ${at(view)}`),
    ),
  );
  const simulated = new Simulation(system, { seed: 1, maxSteps: 100, strategy: timed }).advance(3);

  expect(simulated.notJudged).toEqual(["it is odd at some point", "home stays reachable", "it walks"]);
  expect(simulated).toMatchObject({ violations: 3, first: { witness: { detail: "it is stuck at 4", step: 2 } } });
});

test("a diagram says which steps repeat for ever", () => {
  const broken = walking({ 0: [2], 2: [4], 4: [2] }, odd);
  const verdict = check(broken);
  if (verdict.kind !== "violated") throw new Error("It is broken.");
  const { choices, loop = 0 } = verdict.witness;
  const { trace } = run(compile(broken), replaying(choices), { maxSteps: choices.length, trace: "details" });
  if (trace === undefined) throw new Error("A run with a trace has one.");
  const drawn = diagram(trace, { paint: bare, repeatsFrom: trace.initialEvents + loop });

  const rows = drawn.split("\n").map((line) => line.trim().split(/\s+/)[0]);
  expect(rows).toEqual(["walker", "1", "then", "2", "3"]);
});

test("shrinking leaves the witness of a property of whole runs as it is", () => {
  const broken = walking({ 0: [2], 2: [4], 4: [2] }, odd);
  const verdict = check(broken);
  if (verdict.kind !== "violated") throw new Error("It is broken.");

  expect(shrink(compile(broken), verdict.witness)).toEqual(verdict.witness);
  expect(verdict.witness.choices).toEqual(walk(2, 4, 2));
});
