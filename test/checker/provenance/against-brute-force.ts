import { bruteForce } from "../../../checker/provenance/brute-force.js";
import { type Engine, explainOutput } from "../../../checker/provenance/explain-output.js";
import type { Subject } from "./subjects.js";
import { Draw } from "./random.js";

/** The first difference between an engine and the definition on `count` random traces, as a sentence; or none. */
export function firstDifference(
  subject: Subject<unknown, unknown, unknown>,
  engine: Engine,
  options: { readonly seed: number; readonly count: number; readonly lengthMax: number },
): string | undefined {
  const draw = new Draw(options.seed);
  for (let i = 0; i < options.count; i += 1) {
    const trace = draw.list(draw.below(options.lengthMax + 1), () => subject.input(draw));
    const question = subject.question(draw);
    const expected = bruteForce(subject.machine, trace, question);
    const actual = explainOutput(subject.machine, trace, question, { engine });
    const at = `${subject.name}, ${engine}, case ${i}: ${JSON.stringify(trace)} ? ${JSON.stringify(question)}`;
    if (actual.status !== "exact") return `${at}: ${actual.status}`;
    const witnesses = actual.witnesses.list(10_000);
    const sorted = witnesses.map((witness) => witness.join()).sort();
    const wanted = expected.witnesses.map((witness) => witness.join()).sort();
    if (sorted.join(" | ") !== wanted.join(" | "))
      return `${at}: {${sorted.join(" | ")}} instead of {${wanted.join(" | ")}}`;
    if (actual.witnesses.count !== BigInt(wanted.length)) return `${at}: counts ${actual.witnesses.count}`;
    const cuts = actual.witnesses.cuts(10_000);
    if (
      cuts === "unknown" ||
      cuts
        .map((cut) => cut.join())
        .sort()
        .join(" | ") !==
        expected.cuts
          .map((cut) => cut.join())
          .sort()
          .join(" | ")
    ) {
      return `${at}: cuts ${JSON.stringify(cuts)} instead of ${JSON.stringify(expected.cuts)}`;
    }
  }
  return undefined;
}
