import { type BruteForce, bruteForce } from "../../../checker/provenance/brute-force.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import type { Engine } from "../../../checker/provenance/group.js";
import type { Positions } from "../../../checker/provenance/witnesses.js";
import { Draw } from "./random.js";
import type { Subject } from "./subjects.js";

const engines: readonly Engine[] = ["auto", "diagram", "summaries", "joint", "lazy"];

interface Comparison {
  readonly seed: number;
  readonly count: number;
  /** The least and the greatest length of a trace. */
  readonly lengths: readonly [number, number];
  /** Every engine on every trace, or one per trace. */
  readonly engines: "all" | "in turn";
}

/** The first difference between an engine and the definition on random traces, as a sentence; or none. */
export function firstDifference(subject: Subject<unknown, unknown, unknown>, options: Comparison): string | undefined {
  const draw = new Draw(options.seed);
  const [least, greatest] = options.lengths;
  for (let i = 0; i < options.count; i += 1) {
    const trace = draw.list(least + draw.below(greatest - least + 1), () => subject.input(draw));
    const question = subject.question(draw);
    const expected = bruteForce(subject.machine, trace, question);
    for (const engine of options.engines === "all" ? engines : [engines[i % engines.length] ?? "auto"]) {
      const found = difference(subject, trace, question, engine, expected);
      if (found !== undefined) {
        return `${engine}, case ${i}: ${JSON.stringify(trace)} ? ${JSON.stringify(question)}: ${found}`;
      }
    }
  }
  return undefined;
}

function difference(
  { machine }: Subject<unknown, unknown, unknown>,
  trace: readonly unknown[],
  question: unknown,
  engine: Engine,
  expected: BruteForce,
): string | undefined {
  const actual = explainOutput(machine, trace, question, { engine });
  if (actual.status !== "exact") return actual.status;
  const witnesses = shown(actual.witnesses.list(10_000));
  if (witnesses !== shown(expected.witnesses)) return `witnesses ${witnesses} instead of ${shown(expected.witnesses)}`;
  if (actual.witnesses.count !== BigInt(expected.witnesses.length)) return `count ${actual.witnesses.count}`;
  const cuts = actual.witnesses.cuts(10_000);
  if (cuts === "unknown" || shown(cuts) !== shown(expected.cuts)) {
    return `cuts ${JSON.stringify(cuts)} instead of ${shown(expected.cuts)}`;
  }
  return undefined;
}

function shown(sets: readonly Positions[]): string {
  return sets
    .map((set) => `{${set.join()}}`)
    .sort()
    .join(" ");
}
