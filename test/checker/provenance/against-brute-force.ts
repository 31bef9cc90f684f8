import { type BruteForce, bruteForce } from "../../../checker/provenance/brute-force.js";
import { explainOutput } from "../../../checker/provenance/explain-output.js";
import type { Engine } from "../../../checker/provenance/group.js";
import type { Positions } from "../../../checker/provenance/witnesses.js";
import type { Case, CaseSource } from "./cases.js";
import { Draw } from "./random.js";

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
export function firstDifference(source: CaseSource, options: Comparison): string | undefined {
  const draw = new Draw(options.seed);
  const [least, greatest] = options.lengths;
  for (let i = 0; i < options.count; i += 1) {
    const drawn = source.draw(draw, least + draw.below(greatest - least + 1));
    const expected = bruteForce(drawn.machine, drawn.trace, drawn.question);
    for (const engine of options.engines === "all" ? engines : [engines[i % engines.length] ?? "auto"]) {
      const found = difference(drawn, engine, expected);
      if (found !== undefined) {
        return `${engine}, case ${i}: ${JSON.stringify(drawn.trace)} ? ${JSON.stringify(drawn.question)}: ${found}`;
      }
    }
  }
  return undefined;
}

function difference({ machine, trace, question }: Case, engine: Engine, expected: BruteForce): string | undefined {
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
