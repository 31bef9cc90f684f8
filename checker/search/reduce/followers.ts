import { type Choice, participantOf } from "../../../sim/choice.js";
import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import type { LocalStep, Place } from "../engine/local-step.js";
import type { Words } from "../engine/state-table.js";
import type { Successors } from "../engine/successors.js";

const isFaultBit = 1;
const isSeenBit = 2;
const isBudgetedBit = 4;
const isChangeBit = 8;

/** The steps that follow a state, as those who leave some of them out look at them: in columns, by the number of the successor. */
export class Followers {
  count = 0;
  /** The participant whose step it is; -1 for the network's own. */
  places = new Int32Array(64);
  /** For each participant, how many of them are its own. */
  readonly counts: Int32Array;
  /** The state's words; not to be kept. */
  words: Words = new Uint32Array(0);
  private flags = new Uint8Array(64);
  /** By length: the list of so many numbers. */
  private readonly lists: (readonly number[])[] = [];
  /** By entry. */
  private readonly placeOf: number[] = [];
  private readonly flagsOf: number[] = [];

  constructor(
    private readonly system: System,
    readonly successors: Successors,
  ) {
    this.counts = new Int32Array(system.participants.length);
  }

  /** @throws NodeFailure when a workload fails to say what comes next. */
  list(state: number): void {
    const { successors, placeOf, flagsOf, counts } = this;
    successors.list(state);
    this.words = successors.visited.wordsOf(state);
    this.learn();
    const { count, entries, failures } = successors;
    this.count = count;
    if (count > this.flags.length) [this.flags, this.places] = [new Uint8Array(2 * count), new Int32Array(2 * count)];
    const { flags, places } = this;
    counts.fill(0);
    for (let i = 0; i < count; i += 1) {
      const entry = entries[i] as number;
      const place = placeOf[entry] as number;
      places[i] = place;
      if (place >= 0) counts[place] = (counts[place] as number) + 1;
      const isChange = failures[i] !== undefined || !this.isSame(i);
      flags[i] = (flagsOf[entry] as number) | (isChange ? isChangeBit : 0);
    }
  }

  /** All of them, by number. */
  all(): readonly number[] {
    const { count, lists } = this;
    return (lists[count] ??= Array.from({ length: count }, (_, step) => step));
  }

  isAny(isTrue: (step: number) => boolean): boolean {
    for (let step = 0; step < this.count; step += 1) if (isTrue(step)) return true;
    return false;
  }

  /** Whether it leads to another state, or fails, and is no fault. */
  isProgress(step: number): boolean {
    return ((this.flags[step] as number) & (isChangeBit | isFaultBit)) === isChangeBit;
  }

  /** Whether monitors see it. */
  isSeen(step: number): boolean {
    return ((this.flags[step] as number) & isSeenBit) !== 0;
  }

  /**
   * Whether two steps of a state may be taken in either order: of different participants always, as one step can only add to
   * another's inbox, unless monitors see both or both draw on a budget. The network's own depend on all.
   */
  commute(one: number, other: number): boolean {
    const [place, otherPlace] = [this.places[one] as number, this.places[other] as number];
    if (place === otherPlace || place < 0 || otherPlace < 0) return false;
    return ((this.flags[one] as number) & (this.flags[other] as number) & (isSeenBit | isBudgetedBit)) === 0;
  }

  /** Whether it changes any of these bits of the state. */
  touches(step: number, mask: Words): boolean {
    const { words } = this;
    const { tuples } = this.successors;
    const at = step * words.length;
    for (let word = 0; word < words.length; word += 1) {
      if ((((words[word] as number) ^ (tuples[at + word] as number)) & (mask[word] as number)) !== 0) return true;
    }
    return false;
  }

  private isSame(step: number): boolean {
    const { words } = this;
    const { tuples } = this.successors;
    const at = step * words.length;
    for (let word = 0; word < words.length; word += 1) if (words[word] !== tuples[at + word]) return false;
    return true;
  }

  /** Takes in the entries that have been made since. */
  private learn(): void {
    const { entries } = this.successors.rows;
    for (let entry = this.placeOf.length; entry < entries.size; entry += 1) {
      const { choice, effects, faults } = entries.steps[entry] as LocalStep;
      this.placeOf.push(this.participantOf(choice));
      const isSeen = (effects?.observations.length ?? 0) > 0;
      const isBudgeted = faults !== (entries.places[entry] as Place).faults;
      this.flagsOf.push(
        (isFault(choice) ? isFaultBit : 0) | (isSeen ? isSeenBit : 0) | (isBudgeted ? isBudgetedBit : 0),
      );
    }
  }

  private participantOf(choice: Choice): number {
    const id = participantOf(choice);
    return id === undefined ? -1 : (this.system.numberOf(id) as number);
  }
}
