import { expect, test } from "vitest";
import { always } from "../../../sim/property.js";
import { compile } from "../../../sim/compile.js";
import type { System } from "../../../sim/system.js";
import { at, walking } from "../liveness/walking.js";
import { checked } from "./ended.js";

/** A tree of numbers: from each n to 2n+1 and 2n+2, below 2^10. */
const tree = Object.fromEntries(
  Array.from({ length: 1023 }, (_, n) => [n, n < 511 ? [2 * n + 1, 2 * n + 2] : []] as const),
);

function scored(score: System["score"]): System {
  const system = compile(
    walking(
      tree,
      always("it never comes to 765", (view) => at(view) !== 765 || "it is at 765"),
    ),
  );
  return { ...system, score };
}

const bestFirst = { strategy: "best-first" } as const;

test("a score that knows the way goes it at once, and one that knows the opposite comes last", () => {
  const isOnTheWay = (at: number): boolean => {
    let n = 765;
    while (n > at) n = Math.floor((n - 1) / 2);
    return n === at;
  };
  const onTheWay = checked(
    scored((view) => (isOnTheWay(at(view)) ? 1 : 0)),
    bestFirst,
  );
  const astray = checked(
    scored((view) => (isOnTheWay(at(view)) ? 0 : 1)),
    bestFirst,
  );

  expect(onTheWay).toMatchObject({ kind: "violated", witness: { step: 9 } });
  expect(onTheWay.coverage.states).toBeLessThan(25);
  expect(astray).toMatchObject({ kind: "violated", witness: { step: 9 } });
  expect(astray.coverage.states).toBeGreaterThan(900);
});

test("the score is asked once for each combination of what it reads", () => {
  let asked = 0;
  const system = scored((view) => {
    asked += 1;
    return at(view) % 3;
  });
  const { coverage } = checked({ ...system, properties: [] }, bestFirst);

  expect(coverage.states).toBe(1023);
  expect(asked).toBeGreaterThanOrEqual(1023);
  expect(asked).toBeLessThanOrEqual(1024);
});

test("a scenario without a score is refused, and told how to have one", () => {
  expect(() => checked(scored(undefined), bestFirst)).toThrow(
    "The scenario test has no score, which best-first goes by: give its definition `score: (view) => number`, " +
      "the higher the more promising, or choose another strategy.",
  );
});

test.each<[string, System["score"], string]>([
  ["gives no number", () => "high" as never, "score of scenario test gives high; return a number"],
  ["gives NaN", () => Number.NaN, "score of scenario test gives NaN; return a number"],
  [
    "throws",
    (view) => (at(view) === 2 ? (null as never as { n: number }).n : 0),
    "score of scenario test threw TypeError",
  ],
  ["rolls dice", () => Math.random(), "score of scenario test uses Math.random"],
])("a score that %s ends the search as a failure of the scenario's code", (_, score, sentence) => {
  const verdict = checked(scored(score), bestFirst);

  expect(verdict).toMatchObject({ kind: "crashed", failure: { message: expect.stringContaining(sentence) as string } });
});
