import { expect, test } from "vitest";
import type { Engine } from "../../../checker/provenance/explain-output.js";
import { firstDifference } from "./against-brute-force.js";
import { subjects } from "./subjects.js";

const engines: readonly Engine[] = ["auto", "diagram", "summaries", "joint", "lazy"];

test.each(subjects.flatMap((subject) => engines.map((engine) => [subject.name, engine, subject] as const)))(
  "%s: the engine %s finds exactly the witnesses and cuts of the definition",
  (_, engine, subject) => {
    expect(firstDifference(subject, engine, { seed: 20181011, count: 200, lengthMax: 9 })).toBeUndefined();
  },
);
