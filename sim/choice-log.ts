import type { Choice, MessageChoice, MessageFault } from "./choice.js";
import type { InFlight } from "./network.js";

/**
 * The choices of a run, in order. Of a delivery only its message is kept, and the choice is made again when it is asked
 * for: a long run holds on to one object less for each step, and surviving objects are what it pays for most.
 */
export class ChoiceLog implements Iterable<Choice> {
  private readonly kept: (InFlight | Exclude<Choice, MessageChoice>)[] = [];
  /** The messages that met a fault instead, by position. */
  private readonly faults = new Map<number, MessageFault>();

  get length(): number {
    return this.kept.length;
  }

  push(choice: Choice): void {
    if ("message" in choice) {
      if (choice.kind !== "deliver") this.faults.set(this.kept.length, choice.kind);
      this.kept.push(choice.message);
    } else {
      this.kept.push(choice);
    }
  }

  *[Symbol.iterator](): Iterator<Choice> {
    for (const [i, kept] of this.kept.entries()) {
      yield "kind" in kept ? kept : { kind: this.faults.get(i) ?? "deliver", message: kept };
    }
  }
}
