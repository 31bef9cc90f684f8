import type { Machine } from "../../../checker/provenance/machine.js";
import type { Draw } from "./random.js";
import type { Subject } from "./subjects.js";

/** A trace of a machine and what it is asked after it. */
export interface Case {
  readonly machine: Machine<unknown, unknown, unknown>;
  readonly trace: readonly unknown[];
  readonly question: unknown;
}

/** Random cases of one kind, for the comparison of engines with brute force. */
export interface CaseSource {
  readonly name: string;
  readonly draw: (draw: Draw, length: number) => Case;
}

export function casesOf(subject: Subject<unknown, unknown, unknown>): CaseSource {
  return {
    name: subject.name,
    draw: (draw, length) => ({
      machine: subject.machine,
      trace: draw.list(length, () => subject.input(draw)),
      question: subject.question(draw),
    }),
  };
}
