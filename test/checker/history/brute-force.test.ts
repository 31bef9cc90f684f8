import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consistencyNames, impliedBy, judgeConsistency } from "../../../checker/history/consistency.js";
import { modelNames, modelOf } from "../../../checker/history/models/models.js";
import { completed, holdsByBruteForce, inProgramOrder, longestPrefix, overAllKeys } from "./oracle.js";
import { randomHistory } from "./random-history.js";

const seed = 20_261_121;
const runs = 10_000;

describe.each(modelNames)(`on ${runs} random histories of a %s (seed ${seed})`, (name) => {
  const specification = modelOf(name);
  const whole = overAllKeys(specification);

  test("every consistency model agrees with all orders, and accepts what a stronger one accepts", () => {
    const accepted = new Map<string, number>();
    const violated = new Map<string, number>();
    fc.assert(
      fc.property(randomHistory(name, 6), (history) => {
        const holds = new Map<string, boolean>();
        for (const model of consistencyNames) {
          const judged = judgeConsistency(history, specification, model);
          const expected = holdsByBruteForce(history, specification, model);
          // Not by `expect`, which would take most of the time.
          if (judged.kind !== (expected ? "holds" : "violated")) throw new Error(`${model}: ${judged.kind}`);
          holds.set(model, expected);
          const counts = expected ? accepted : violated;
          counts.set(model, (counts.get(model) ?? 0) + 1);
        }
        for (const model of consistencyNames) {
          if (holds.get(model) !== true) continue;
          for (const weaker of impliedBy[model]) {
            if (holds.get(weaker) !== true) throw new Error(`${model} is accepted, and ${weaker} is not`);
          }
        }
      }),
      { seed, numRuns: runs },
    );
    // Neither side of any comparison may be empty, or it shows nothing.
    expect(accepted.get("linearizable")).toBeGreaterThan(500);
    expect(violated.get("linearizable")).toBeGreaterThan(500);
  });

  test("the longest legal prefix is as long as that of all orders, and legal orders are legal", () => {
    fc.assert(
      fc.property(randomHistory(name, 6), (history) => {
        const operations = history.filter((operation) => operation.outcome !== "fail");
        const count = (ids: readonly number[]) => completed(history.filter((operation) => ids.includes(operation.id)));
        const real = judgeConsistency(history, specification, "linearizable", { partition: false });
        const program = judgeConsistency(history, specification, "sequential");
        if (real.kind === "violated" && name !== "key-value") {
          const longest = longestPrefix(operations, whole, (a, b) => a.returned < b.invoked);
          expect(count(real.prefix ?? [])).toBe(longest);
        }
        if (program.kind === "violated" && name !== "key-value") {
          expect(count(program.prefix ?? [])).toBe(longestPrefix(operations, whole, inProgramOrder));
        }
        for (const judged of [real, program]) {
          if (judged.kind !== "holds") continue;
          const order = (judged.order ?? []).map((id) => operations.find((operation) => operation.id === id));
          const inTurn = order.flatMap((operation, i) =>
            operation === undefined ? [] : [{ ...operation, process: "0", id: i, invoked: 2 * i, returned: 2 * i + 1 }],
          );
          if (name === "lock") continue;
          expect(count(judged.order ?? [])).toBe(completed(operations));
          expect(longestPrefix(inTurn, whole, (a, b) => a.id < b.id)).toBe(completed(operations));
        }
      }),
      { seed: seed + 1, numRuns: 2_000 },
    );
  });
});
