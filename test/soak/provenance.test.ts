import { expect, test } from "vitest";
import { firstDifference } from "../checker/provenance/against-brute-force.js";
import { subjects } from "../checker/provenance/subjects.js";

const perMachine = Math.ceil(200_000 / subjects.length);

test.each(subjects.map((subject) => [subject.name, subject] as const))(
  "%s: its share of 200,000 random traces, each engine in turn, without a difference from brute force",
  (_, subject) => {
    expect(
      firstDifference(subject, { seed: 2018, count: perMachine, lengths: [0, 8], engines: "in turn" }),
    ).toBeUndefined();
    expect(firstDifference(subject, { seed: 2019, count: 100, lengths: [9, 12], engines: "all" })).toBeUndefined();
  },
);
