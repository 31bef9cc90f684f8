import { expect, test } from "vitest";
import { huntByBoth, huntByOrders, huntBySymmetry } from "../laws/reducing.js";

test.each([1, 2, 3, 4])("reductions keep the verdict on 4,000 random scenarios of each kind, seed %i", (seed) => {
  for (const hunt of [huntBySymmetry, huntByOrders, huntByBoth]) {
    expect(hunt({ seed, runs: 4000 }).get("smaller")).toBeGreaterThan(200);
  }
});
