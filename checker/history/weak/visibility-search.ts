import type { ShouldStop } from "../just-in-time.js";
import type { Guarantees } from "./guarantees.js";
import { effectOf, type Observations } from "./observations.js";

/** Sets of updates are bits of an integer here. */
export const updatesMax = 30;

/** Thrown inside, caught by the judge: the limit was reached. */
export class Stopped extends Error {}

/**
 * Whether each observer can be given a set of updates that it saw, so that the guarantees hold and the answers fit: for
 * objects of any kind, by trying all sets. Exponential; meant for histories with few updates.
 *
 * @throws Stopped when `shouldStop` says so.
 */
export function isExplainedBySearch(
  observations: Observations,
  observers: readonly number[],
  guarantees: Guarantees,
  shouldStop: ShouldStop,
): boolean {
  return new VisibilitySearch(observations, observers, guarantees, shouldStop).run();
}

class VisibilitySearch {
  readonly #bitOf: Map<number, number>;
  /** For each update, those that everyone who sees it sees too, and before it. */
  #below: number[];
  readonly #seen: number[] = [];
  #steps = 0;

  constructor(
    readonly observations: Observations,
    readonly observers: readonly number[],
    readonly guarantees: Guarantees,
    readonly shouldStop: ShouldStop,
  ) {
    const { updates } = observations;
    this.#bitOf = new Map(updates.map((update, bit) => [update, bit]));
    this.#below = updates.map((update) =>
      guarantees.monotonicWrites ? this.#setOf((other) => observations.precedes(other, update)) : 0,
    );
  }

  run(): boolean {
    return this.#choose(0);
  }

  #choose(index: number): boolean {
    const observer = this.observers[index];
    if (observer === undefined) return this.#allHold();
    const must = this.#forced(observer, index);
    const may = this.#setOf((update) => update !== observer && !this.observations.precedes(observer, update));
    if ((must & ~may) !== 0) return false;
    const free = may & ~must;
    // All subsets of `free`, the small ones not first but each once: the usual trick of counting within a mask.
    for (let extra = 0; ; extra = (extra - free) & free) {
      this.#count();
      const seen = must | extra;
      if (this.#tryWith(observer, index, seen)) return true;
      if (extra === free) return false;
    }
  }

  #tryWith(observer: number, index: number, seen: number): boolean {
    const below = this.#below;
    this.#below = this.#withWritesAfter(observer, seen);
    this.#seen[index] = seen;
    const fits = this.#isClosedUpTo(index) && this.#isExplained(observer, seen) && this.#choose(index + 1);
    if (!fits) this.#below = below;
    return fits;
  }

  #forced(observer: number, index: number): number {
    const { observations, guarantees } = this;
    let must = guarantees.readYourWrites ? this.#setOf((update) => observations.precedes(update, observer)) : 0;
    if (guarantees.monotonicReads) {
      for (let i = 0; i < index; i += 1) {
        if (observations.precedes(this.observers[i] ?? 0, observer)) must |= this.#seen[i] ?? 0;
      }
    }
    return this.#closed(must);
  }

  #closed(set: number): number {
    for (let before = -1; set !== before;) {
      before = set;
      for (let bit = 0; bit < this.#below.length; bit += 1) if ((set >>> bit) & 1) set |= this.#below[bit] ?? 0;
    }
    return set;
  }

  #withWritesAfter(observer: number, seen: number): number[] {
    if (!this.guarantees.writesFollowReads) return this.#below;
    const { updates, precedes } = this.observations;
    return this.#below.map((below, bit) => {
      const update = updates[bit] ?? 0;
      return update === observer || precedes(observer, update) ? below | seen : below;
    });
  }

  #isClosedUpTo(index: number): boolean {
    for (let i = 0; i <= index; i += 1) {
      const seen = this.#seen[i] ?? 0;
      for (let bit = 0; bit < this.#below.length; bit += 1) {
        if (((seen >>> bit) & 1) === 1 && ((this.#below[bit] ?? 0) & ~seen) !== 0) return false;
      }
    }
    return true;
  }

  /** Whether some order of what was seen, with all below before, gives the answer. */
  #isExplained(observer: number, seen: number): boolean {
    const { space } = this.observations;
    const place = (left: number, state: number): boolean => {
      this.#count();
      if (left === 0) return space.next(state, observer) >= 0;
      for (let bit = 0; bit < this.#below.length; bit += 1) {
        if (((left >>> bit) & 1) === 0 || ((this.#below[bit] ?? 0) & left) !== 0) continue;
        const after = effectOf(this.observations, state, this.observations.updates[bit] ?? 0);
        if (after >= 0 && place(left & ~(1 << bit), after)) return true;
      }
      return false;
    };
    return place(seen, space.initial);
  }

  /** The order may have become stricter after an observer was explained. */
  #allHold(): boolean {
    if (this.guarantees.oneOrder) return this.#haveOneOrder();
    return this.observers.every((observer, i) => this.#isExplained(observer, this.#seen[i] ?? 0));
  }

  #haveOneOrder(): boolean {
    const { space, updates } = this.observations;
    const all = this.observers.reduce((set, _, i) => set | (this.#seen[i] ?? 0), 0);
    const place = (left: number, states: readonly number[]): boolean => {
      this.#count();
      if (left === 0) return this.observers.every((observer, i) => space.next(states[i] ?? 0, observer) >= 0);
      for (let bit = 0; bit < updates.length; bit += 1) {
        if (((left >>> bit) & 1) === 0 || ((this.#below[bit] ?? 0) & left) !== 0) continue;
        const after = states.map((state, i) =>
          (((this.#seen[i] ?? 0) >>> bit) & 1) === 1 ? effectOf(this.observations, state, updates[bit] ?? 0) : state,
        );
        if (after.every((state) => state >= 0) && place(left & ~(1 << bit), after)) return true;
      }
      return false;
    };
    return place(
      all,
      this.observers.map(() => space.initial),
    );
  }

  #setOf(belongs: (update: number) => boolean): number {
    let set = 0;
    for (const [update, bit] of this.#bitOf) if (belongs(update)) set |= 1 << bit;
    return set;
  }

  #count(): void {
    this.#steps += 1;
    if ((this.#steps & 255) === 0 && this.shouldStop(this.#steps)) throw new Stopped();
  }
}
