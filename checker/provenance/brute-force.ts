import type { Value } from "../../sim/value.js";
import { contentText } from "./content.js";
import { attempt, type Machine, type Outcome } from "./machine.js";
import { bySizeThenPositions, type Positions } from "./witnesses.js";

/** All witnesses and all minimal sets of deletions, by running every subtrace: the definition, word for word. */
export interface BruteForce {
  /** Wat: minimal closed witnesses, by size and then positions. */
  readonly witnesses: readonly Positions[];
  /** Break: minimal sets of deletions that change the output. */
  readonly cuts: readonly Positions[];
  /** Whether a set of positions is a closed witness. */
  isClosed(positions: Positions): boolean;
  /** Whether a set of positions is a witness at all. */
  isWitness(positions: Positions): boolean;
}

/**
 * Why-across-time provenance by definition (Whittaker et al., SoCC 2018, section 3.2): 2^n runs, for tests and for small
 * traces. `part` explains only a part of the output.
 *
 * @throws RangeError for more than `lengthMax` inputs (16 unless given; 24 at most).
 */
export function bruteForce<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly NoInfer<Input>[],
  input: NoInfer<Input>,
  options: { readonly lengthMax?: number; readonly part?: (output: Output) => Value } = {},
): BruteForce {
  const lengthMax = Math.min(options.lengthMax ?? 16, 24);
  const n = trace.length;
  if (n > lengthMax) {
    throw new RangeError(`Brute force over ${n} inputs needs 2^${n} runs; it is limited to ${lengthMax} inputs.`);
  }
  const bad = badMasks(machine, trace, input, options.part);
  const open = insideBad(bad, n);
  const closed = (mask: number): boolean => open[mask] === 0;
  const witnesses: Positions[] = [];
  const cuts: Positions[] = [];
  const everything = 2 ** n - 1;
  for (let mask = 0; mask <= everything; mask += 1) {
    if (closed(mask) && everyBit(mask, n, (bit) => !closed(mask & ~bit))) witnesses.push(positionsIn(mask, n));
    if (!closed(mask) && everyBit(everything & ~mask, n, (bit) => closed(mask | bit)))
      cuts.push(positionsIn(everything & ~mask, n));
  }
  return {
    witnesses: witnesses.sort(bySizeThenPositions),
    cuts: cuts.sort(bySizeThenPositions),
    isClosed: (positions) => closed(maskOf(positions)),
    isWitness: (positions) => bad[maskOf(positions)] === 0,
  };
}

/** The content of an outcome, or of a part of it. */
export function outcomeText<Output>(outcome: Outcome<Output>, part?: (output: Output) => Value): string {
  return outcome.kind === "threw"
    ? `threw ${outcome.message}`
    : `output ${contentText(part === undefined ? outcome.value : part(outcome.value))}`;
}

function badMasks<State, Input, Output>(
  machine: Machine<State, Input, Output>,
  trace: readonly Input[],
  input: Input,
  part?: (output: Output) => Value,
): Uint8Array {
  const n = trace.length;
  const texts = new Array<string>(2 ** n);
  const run = (position: number, state: State, mask: number): void => {
    if (position === n) {
      texts[mask] = outcomeText(attempt(machine, state, input).outcome, part);
      return;
    }
    run(position + 1, state, mask);
    run(position + 1, attempt(machine, state, trace[position] as Input).state, mask | (1 << position));
  };
  run(0, machine.initial, 0);
  const wanted = texts[2 ** n - 1];
  return Uint8Array.from(texts, (text) => (text === wanted ? 0 : 1));
}

/** Marks all sets that lie inside a bad one. */
function insideBad(bad: Uint8Array, n: number): Uint8Array {
  const inside = bad.slice();
  for (let bit = 1; bit < 2 ** n; bit *= 2) {
    for (let mask = 0; mask < inside.length; mask += 1) {
      if ((mask & bit) === 0 && inside[mask | bit] === 1) inside[mask] = 1;
    }
  }
  return inside;
}

function everyBit(mask: number, n: number, holds: (bit: number) => boolean): boolean {
  for (let i = 0; i < n; i += 1) if ((mask & (1 << i)) !== 0 && !holds(1 << i)) return false;
  return true;
}

function positionsIn(mask: number, n: number): Positions {
  return Array.from({ length: n }, (_, i) => i).filter((i) => (mask & (1 << i)) !== 0);
}

function maskOf(positions: Positions): number {
  return positions.reduce((mask, position) => mask | (1 << position), 0);
}
