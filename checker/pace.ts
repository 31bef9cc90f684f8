/** Long work that pauses now and then, as its `Pace` says, and gives its result in the end. */
export type InSlices<T> = Generator<undefined, T, undefined>;

/** What a long work is doing, and how much of it is done: of so many states, where that is known. */
export interface Activity {
  readonly doing: string;
  readonly done: number;
  readonly of: number | undefined;
}

/**
 * Says when a long work is to pause, and what it is doing then: after so many pieces, one of which takes about as long as
 * following one edge of a graph, or when it is late. A work that was never given a slice does not pause.
 */
export class Pace {
  private left = Number.POSITIVE_INFINITY;
  private isLate: (() => boolean) | undefined;
  private unasked = 0;
  private doing = "";
  private done = 0;
  private of: number | undefined;

  /** What it is doing. */
  get activity(): Activity {
    return { doing: this.doing, done: this.done, of: this.of };
  }

  /** Begins a slice of so many pieces. @param isLate asked now and then, and after each call of user code. */
  give(pieces: number, isLate?: () => boolean): void {
    this.left = pieces;
    this.isLate = isLate;
  }

  /** Notes that something else is done from now on, on so many states if that is known. */
  begin(doing: string, of?: number): void {
    [this.doing, this.done, this.of] = [doing, 0, of];
  }

  /** Notes that there is more of it to do than was known. */
  extend(states: number): void {
    if (this.of !== undefined) this.of += states;
  }

  /** Notes so many pieces of work; whether it is time to pause. */
  spend(pieces: number): boolean {
    this.left -= pieces;
    this.unasked += pieces;
    if (this.unasked >= unaskedMax) this.ask();
    return this.left <= 0;
  }

  /** Notes that one state more is done, which took so many pieces of work; whether it is time to pause. */
  finish(pieces: number): boolean {
    this.done += 1;
    return this.spend(pieces);
  }

  private ask(): void {
    this.unasked = 0;
    if (this.isLate?.() === true) this.left = 0;
  }
}

/** After so many pieces it is asked whether the work is late. */
const unaskedMax = 5000;

/** How many pieces a call of user code counts for, which may take any time. */
export const userCall = unaskedMax;

/** The result of work that does not pause. */
export function unpaused<T>(work: InSlices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
