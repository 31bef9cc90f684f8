import { expect, test } from "vitest";
import { duplicatingPlans, huntByBothEngines } from "../laws/both-engines.js";

const many = { maxStates: 3000, maxDepth: Number.POSITIVE_INFINITY };
const few = { maxStates: 600, maxDepth: Number.POSITIVE_INFINITY };

test.each([1, 2])("the engine agrees with the plain search on 5,000 random scenarios, seed %i", (seed) => {
  expect(huntByBothEngines({ seed, runs: 5000 }, many).get("holds")).toBeGreaterThan(1000);
});

test.each([1, 2])("the engine agrees with the plain search where messages are there twice, seed %i", (seed) => {
  expect(huntByBothEngines({ seed, runs: 5000 }, few, duplicatingPlans).get("unknown")).toBeGreaterThan(100);
});
