import { describeChoice } from "../../../sim/choice.js";
import { grown } from "../engine/state-table.js";
import type { Follower } from "./followers.js";
import { NumberSets } from "./number-sets.js";

/** A visited state whose steps were put to sleep that are to be taken after all. */
export interface Woken {
  readonly state: number;
  /** The names of their choices. */
  readonly names: ReadonlySet<string>;
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
  private readonly names: string[] = [];
  /** For each state, the set of the choices that sleep there. */
  private asleep: Uint32Array = new Uint32Array(1024);

  /** Those of a state's steps that are awake, in order. */
  awake(state: number, steps: readonly Follower[]): Follower[] {
    const asleep = this.asleep[state] as number;
    if (asleep === 0) return [...steps];
    const members = new Set(this.sets.members(asleep));
    return steps.filter((step) => !members.has(this.numberOf(step)));
  }

  /** Nothing sleeps in this state from now on. */
  wake(state: number): void {
    this.asleep[state] = 0;
  }

  /** What sleeps after a step of a state, of which these were taken before it: those that commute with it. */
  after(state: number, step: Follower, before: readonly Follower[], all: readonly Follower[]): number {
    const asleep = this.sets.members(this.asleep[state] as number);
    const sleeping = asleep.length === 0 ? [] : all.filter((other) => asleep.includes(this.numberOf(other)));
    return this.sets.of(
      [...sleeping, ...before].filter((other) => commute(step, other)).map((other) => this.numberOf(other)),
    );
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
    const [both, woken]: [number[], number[]] = [[], []];
    const now = this.sets.members(asleep);
    for (const member of this.sets.members(before)) (now.includes(member) ? both : woken).push(member);
    this.asleep[state] = this.sets.of(both);
    if (woken.length === 0 || !isExpanded) return undefined;
    return { state, names: new Set(woken.map((member) => this.names[member] as string)) };
  }

  private numberOf({ choice }: Follower): number {
    const name = describeChoice(choice);
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}

/**
 * Whether two steps of a state may be taken in either order: of different participants always, as one step can only add to
 * another's inbox, unless monitors see both or both draw on a budget. The network's own depend on all.
 */
function commute(one: Follower, other: Follower): boolean {
  if (one.place === other.place || one.place < 0 || other.place < 0) return false;
  return !(one.isSeen && other.isSeen) && !(one.isBudgeted && other.isBudgeted);
}
