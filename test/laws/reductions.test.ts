import { expect, test } from "vitest";
import { huntByBoth, huntByOrders, huntBySymmetry } from "./reducing.js";

const hunt = { seed: 20261126, runs: 80 };

test("reduced by symmetry, random scenarios have the verdict of the whole search, one state for each orbit, and witnesses that replay", () => {
  const tally = huntBySymmetry(hunt);

  expect(tally.get("smaller")).toBeGreaterThan(hunt.runs / 4);
  expect(tally.get("violated")).toBeGreaterThan(hunt.runs / 20);
});

test("reduced by persistent sets, random scenarios have the verdict and the quiescent worlds of the whole search", () => {
  const tally = huntByOrders(hunt);

  expect(tally.get("smaller")).toBeGreaterThan(hunt.runs / 10);
  expect(tally.get("violated")).toBeGreaterThan(hunt.runs / 20);
});

test("reduced by both, random scenarios have the verdict of the whole search, and witnesses that replay", () => {
  expect(huntByBoth(hunt).get("smaller")).toBeGreaterThan(hunt.runs / 4);
});
