import { type Choice, describeChoice } from "../../../sim/choice.js";
import { grown } from "../engine/state-table.js";
import type { Followers } from "./followers.js";
import { NumberSets } from "./number-sets.js";

/** A visited state whose steps were put to sleep that are to be taken after all: the set of their choices. */
export interface Woken {
  readonly state: number;
  readonly choices: number;
}

/**
 * Sleep sets: steps that need not be taken from a state, since a step on the way there was taken after them and commutes with
 * them, so that the same is reached the other way round (Godefroid, 1996, chapter 5). They drop no states, only steps.
 *
 * A state that is reached again keeps what sleeps on both ways; what sleeps no longer is taken then (Godefroid, Holzmann and
 * Pirottin, "State-space caching revisited", 1995). Only states of which all steps are taken put any to sleep: the cycle
 * condition of the others needs that nothing sleeps where they lead.
 */
export class SleepSets {
  private readonly sets = new NumberSets();
  private readonly numbers = new Map<string, number>();
  /** By entry, the number of its choice. */
  private readonly known: (number | undefined)[] = [];
  /** For each state, the set of the choices that sleep there. */
  private asleep: Uint32Array = new Uint32Array(1024);

  constructor(private readonly followers: Followers) {}

  /** The listed steps of a state that are awake, in order. */
  awake(state: number): readonly number[] {
    const asleep = this.asleep[state] as number;
    const steps = this.followers.all();
    return asleep === 0 ? steps : steps.filter((step) => !this.sets.has(asleep, this.choiceOf(step)));
  }

  /** Those of the listed steps of a state that are woken. */
  woken({ choices }: Woken): number[] {
    return this.followers.all().filter((step) => this.sets.has(choices, this.choiceOf(step)));
  }

  /** Nothing sleeps in this state from now on. */
  wake(state: number): void {
    this.asleep[state] = 0;
  }

  /** What sleeps after a listed step of a state, of which the first so many of `taken` were taken before it: those that commute with it. */
  after(state: number, step: number, taken: readonly number[], before: number): number {
    const { followers, sets } = this;
    const asleep = this.asleep[state] as number;
    let sleeping = 0;
    for (let other = 0; asleep !== 0 && other < followers.count; other += 1) {
      const choice = this.choiceOf(other);
      if (sets.has(asleep, choice) && followers.commute(step, other)) sleeping = sets.with(sleeping, choice);
    }
    for (let i = 0; i < before; i += 1) {
      const other = taken[i] as number;
      if (followers.commute(step, other)) sleeping = sets.with(sleeping, this.choiceOf(other));
    }
    return sleeping;
  }

  /** Told that a step leads to a state in which these sleep; gives what is to be taken there after all, if it was expanded. */
  reach(
    state: number,
    asleep: number,
    { isNew, isExpanded }: { readonly isNew: boolean; readonly isExpanded: boolean },
  ): Woken | undefined {
    if (state >= this.asleep.length) this.asleep = grown(this.asleep);
    if (isNew) {
      this.asleep[state] = asleep;
      return undefined;
    }
    const before = this.asleep[state] as number;
    if (before === 0 || before === asleep) return undefined;
    const both = this.sets.intersection(before, asleep);
    this.asleep[state] = both;
    if (both === before || !isExpanded) return undefined;
    return { state, choices: this.sets.of(this.sets.members(before).filter((member) => !this.sets.has(both, member))) };
  }

  private choiceOf(step: number): number {
    const { successors } = this.followers;
    return (this.known[successors.entries[step] as number] ??= this.numberOf(successors.choiceOf(step)));
  }

  private numberOf(choice: Choice): number {
    const name = describeChoice(choice);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }
}
