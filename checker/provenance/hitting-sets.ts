import { OutOfBudget } from "./effort.js";

/**
 * Sets that meet every required set and contain no forbidden one, found one after the other by a small complete search
 * (Davis, Putnam, Logemann, Loveland) that prefers large ones.
 */
export class HittingSets {
  readonly #required: (readonly number[])[] = [];
  readonly #requiredBy: number[][];
  readonly #forbidden: (readonly number[])[] = [];
  /** How many members of each required set are still in. */
  #left: number[] = [];
  #out: Uint8Array;
  #barred: Uint8Array;
  #steps = 0;

  /** Sets of numbers below `size`. */
  constructor(
    readonly size: number,
    readonly stepsMax: number,
  ) {
    this.#requiredBy = Array.from({ length: size }, () => []);
    this.#out = new Uint8Array(size);
    this.#barred = new Uint8Array(size);
  }

  /** At least one of these is in. */
  require(set: readonly number[]): void {
    for (const member of set) this.#requiredBy[member]?.push(this.#required.length);
    this.#required.push(set);
  }

  /** Not all of these are in. */
  forbid(set: readonly number[]): void {
    this.#forbidden.push(set);
  }

  /** Another set, or undefined when there is none. @throws OutOfBudget */
  next(): number[] | undefined {
    this.#out.fill(0);
    this.#barred.fill(0);
    this.#left = this.#required.map((set) => set.length);
    this.#steps = 0;
    if (this.#left.includes(0) || !this.#search()) return undefined;
    return Array.from({ length: this.size }, (_, i) => i).filter((i) => this.#out[i] === 0);
  }

  #search(): boolean {
    this.#steps += 1;
    if (this.#steps > this.stepsMax) throw new OutOfBudget("rounds");
    const choice = this.#narrowest();
    if (choice === undefined) return true;
    const barred: number[] = [];
    for (const member of choice) {
      if (!this.#canLeave(member)) continue;
      this.#move(member, 1);
      if (this.#search()) return true;
      this.#move(member, 0);
      this.#barred[member] = 1;
      barred.push(member);
    }
    for (const member of barred) this.#barred[member] = 0;
    return false;
  }

  /** The members that may leave of the forbidden set with the fewest of them; undefined if none is still all in. */
  #narrowest(): readonly number[] | undefined {
    let best: readonly number[] | undefined;
    for (const set of this.#forbidden) {
      if (set.some((member) => this.#out[member] === 1)) continue;
      const choice = set.filter((member) => this.#canLeave(member));
      if (best === undefined || choice.length < best.length) best = choice;
      if (best.length === 0) break;
    }
    return best;
  }

  #canLeave(member: number): boolean {
    if (this.#barred[member] === 1) return false;
    return (this.#requiredBy[member] ?? []).every((required) => (this.#left[required] ?? 0) > 1);
  }

  #move(member: number, out: 0 | 1): void {
    this.#out[member] = out;
    for (const required of this.#requiredBy[member] ?? [])
      this.#left[required] = (this.#left[required] ?? 0) + (out === 1 ? -1 : 1);
  }
}
