/** The operations placed so far, which remembers the longest legal prefix that it has been. */
export class LongestPath {
  readonly #path: number[] = [];
  #best: readonly number[] = [];
  #bestCompleted = -1;
  /** The length of the path that is best so far, or -1 when it is copied already. */
  #bestLength = -1;

  get length(): number {
    return this.#path.length;
  }

  /** The operations placed now. */
  get operations(): readonly number[] {
    return [...this.#path];
  }

  push(operation: number): void {
    this.#path.push(operation);
  }

  /** Compares by completed operations only: those of unknown outcome need not have happened. */
  rate(completed: number): void {
    if (completed <= this.#bestCompleted) return;
    this.#bestCompleted = completed;
    this.#bestLength = this.#path.length;
  }

  /** Takes back the last placements; the best path is copied only when some of it is about to go. */
  backTo(length: number): void {
    if (this.#bestLength > length) {
      this.#best = this.#path.slice(0, this.#bestLength);
      this.#bestLength = -1;
    }
    this.#path.length = Math.min(this.#path.length, length);
  }

  /** Takes all back, and gives the best there was. */
  longest(): readonly number[] {
    this.backTo(0);
    return this.#best;
  }
}
