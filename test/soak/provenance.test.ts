import { expect, test } from "vitest";
import { firstDifference } from "../checker/provenance/against-brute-force.js";
import { casesOf } from "../checker/provenance/cases.js";
import { nodeCases } from "../checker/provenance/node-cases.js";
import { subjects } from "../checker/provenance/subjects.js";

const sources = [...subjects.map(casesOf), ...nodeCases];
const perSource = Math.ceil(200_000 / sources.length);

test.each(sources.map((source) => [source.name, source] as const))(
  "%s: its share of 200,000 random traces of up to 12 inputs, without a difference from brute force",
  (_, source) => {
    const [short, middle] = [{ count: Math.ceil(perSource * 0.9) }, { count: Math.ceil(perSource * 0.1) }];
    expect(firstDifference(source, { ...short, seed: 2018, lengths: [0, 7], engines: "in turn" })).toBeUndefined();
    expect(firstDifference(source, { ...middle, seed: 2020, lengths: [8, 12], engines: "in turn" })).toBeUndefined();
    expect(firstDifference(source, { seed: 2019, count: 40, lengths: [9, 12], engines: "all" })).toBeUndefined();
  },
);
