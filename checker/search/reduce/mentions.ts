import type { System } from "../../../sim/system.js";
import type { Value } from "../../../sim/value.js";
import type { Permutation } from "./permutation.js";
import { eachId } from "./renamed-value.js";

/** Tells what there is of values, and of participants by number. */
export interface Telling {
  readonly value: (value: Value) => void;
  readonly participant: (number: number) => void;
}

/** Finds out who is mentioned in values. */
export class Mentions {
  /** @param alike the participants that ever change their places: nobody else counts. */
  constructor(
    private readonly system: System,
    private readonly alike: readonly number[],
  ) {}

  /** The participants in what is told, in ascending order. */
  in(tell: (telling: Telling) => void): readonly number[] {
    const found = new Set<number>();
    const participant = (number: number | undefined): void => {
      if (number !== undefined && this.alike.includes(number)) found.add(number);
    };
    tell({ participant, value: (value) => eachId(value, (node) => participant(this.system.numberOf(node))) });
    return [...found].sort((a, b) => a - b);
  }
}

/** The places of these after a permutation, as a number while that is exact: what becomes of what mentions them depends on it alone. */
export function placesOf(mentioned: readonly number[], permutation: Permutation): number | string {
  if (mentioned.length > 10) return mentioned.map((one) => permutation[one]).join();
  let places = 0;
  for (const one of mentioned) places = places * 32 + (permutation[one] as number);
  return places;
}
