import { expect, test } from "vitest";
import { firstDifference } from "./against-brute-force.js";
import { subjects } from "./subjects.js";

const rows = subjects.map((subject) => [subject.name, subject] as const);

test.each(rows)(
  "%s: on 1,200 short traces each engine in turn finds exactly the witnesses and cuts of the definition",
  (_, subject) => {
    expect(
      firstDifference(subject, { seed: 20181011, count: 1200, lengths: [0, 7], engines: "in turn" }),
    ).toBeUndefined();
  },
);

test.each(rows)(
  "%s: on traces of 8 to 12 inputs all engines find exactly the witnesses and cuts of the definition",
  (_, subject) => {
    expect(firstDifference(subject, { seed: 20181013, count: 8, lengths: [8, 12], engines: "all" })).toBeUndefined();
  },
);
