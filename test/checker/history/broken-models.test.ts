import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brokenModels, runConsistencies } from "../../../checker/history/broken-models.js";
import { impliedBy } from "../../../checker/history/consistency.js";
import { modelNames, modelOf } from "../../../checker/history/models/models.js";
import { historyOf } from "../../../checker/history/operation.js";
import type { Value } from "../../../sim/value.js";
import { holdsByBruteForce } from "./oracle.js";
import { randomHistory } from "./random-history.js";

const seed = 20_261_126;

describe.each(modelNames)(`on random histories of a %s (seed ${seed})`, (name) => {
  test("what is named are the weakest models that all orders refute, and the strongest that they allow", () => {
    const specification = modelOf(name);
    const found = new Set<string>();
    fc.assert(
      fc.property(randomHistory(name, 5), (history) => {
        const isKept = new Map(
          runConsistencies.map((model) => [model, holdsByBruteForce(history, specification, model)]),
        );
        const below = (model: (typeof runConsistencies)[number]): readonly string[] => impliedBy[model];
        const broken = runConsistencies.filter(
          (model) =>
            !isKept.get(model) && runConsistencies.every((other) => !below(model).includes(other) || isKept.get(other)),
        );
        const kept = runConsistencies.filter(
          (model) =>
            isKept.get(model) && runConsistencies.every((other) => !below(other).includes(model) || !isKept.get(other)),
        );

        const named = brokenModels(history, specification);

        if (named.broken.join() !== broken.join()) throw new Error(`broken: ${named.broken.join()}`);
        if (named.kept.join() !== kept.join()) throw new Error(`kept: ${named.kept.join()}`);
        if (named.broken.length + named.soAlso.length !== [...isKept.values()].filter((one) => !one).length) {
          throw new Error(`so also: ${named.soAlso.join()}`);
        }
        found.add(broken.join());
      }),
      { seed, numRuns: 300 },
    );
    expect(found.size).toBeGreaterThan(2);
  });
});

function inTurn(...operations: readonly (readonly [process: string, f: string, value: Value, output?: Value])[]) {
  return historyOf(
    operations.flatMap(([process, f, value, output]) => [
      { process, f, key: null, value, type: "invoke" as const },
      { process, f, key: null, value: output ?? value, type: "ok" as const },
    ]),
  );
}

test("an answer that nobody wrote breaks all four session guarantees, and so everything", () => {
  const history = inTurn(["a", "write", 1], ["a", "read", null, 2]);

  expect(brokenModels(history, modelOf("register"))).toMatchObject({
    broken: ["read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
    soAlso: ["causal", "causal+", "sequential", "linearizable"],
    kept: [],
    undecided: [],
  });
});

test("what could not be decided within the limits is named, and is neither kept nor broken", () => {
  const adds = Array.from({ length: 40 }, (_, i) => ["a", "add", i] as const);
  const history = inTurn(...adds, ["a", "read", null, [0]]);

  expect(brokenModels(history, modelOf("set"))).toMatchObject({
    broken: ["sequential"],
    soAlso: ["linearizable"],
    kept: [],
    undecided: ["causal+", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"],
  });
});
