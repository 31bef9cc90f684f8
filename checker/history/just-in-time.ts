import type { StateSpace } from "./state-space.js";
import type { Timeline } from "./timeline.js";
import { TupleTable } from "./tuple-table.js";

/** How a search ended: with a legal order, without one (and the longest legal prefix), or before its end. */
export type SearchResult =
  | { readonly kind: "found"; readonly order: readonly number[] }
  | { readonly kind: "impossible"; readonly prefix: readonly number[] }
  | { readonly kind: "stopped"; readonly prefix: readonly number[] };

/** Tells a search to give up; asked now and then, with the number of steps so far. */
export type ShouldStop = (steps: number) => boolean;

/**
 * Searches an order of the operations that is legal and respects real time, by just-in-time linearization: an operation
 * is placed when its return forces it, or when it is needed before one that is forced.
 *
 * Depth first over (layer, which pending operations are placed, state), each visited once, compared exactly. The
 * reductions, none of which loses a solution: a read is placed as soon as its answer fits; of pending operations of one
 * class, the one that returns first is placed first; operations of another part than the forced one wait for their own
 * return; an operation of unknown outcome is placed only where it changes the state, and a configuration that failed
 * takes with it all that differ by having used up more of these.
 *
 * After Wing and Gong, "Testing and verifying concurrent objects" (1993); Lowe, "Testing for linearizability" (2017);
 * Horn and Kroening, "Faster linearizability checking via P-compositionality" (2015). Exponential in the number of
 * operations that are pending together, linear in the length of the history otherwise.
 */
export function searchJustInTime(space: StateSpace, timeline: Timeline, shouldStop: ShouldStop): SearchResult {
  return new Search(space, timeline).run(shouldStop);
}

/** The fields of a frame before its sets. */
const layerField = 0;
const stateField = 1;
const pathField = 2;
const cursorField = 3;
const candidateField = 4;
const setsField = 5;

class Search {
  readonly #maskWords: number;
  readonly #crashWords: number;
  readonly #width: number;
  /** The configuration being made: the fields of a frame. */
  readonly #now: Int32Array;
  #frames: Int32Array;
  #depth = 0;
  #candidates: number[] = [];
  readonly #path: number[] = [];
  #best: readonly number[] = [];
  #bestCompleted = -1;
  /** The length of the path that is best so far, or -1 when it is copied already. */
  #bestLength = -1;
  readonly #visited: TupleTable;
  readonly #visitedKey: Int32Array;
  /** For each visited key, the sets of unknown operations that were used up in vain. */
  readonly #usedInVain: Int32Array[][] = [];
  readonly #seenClass = new Map<number, number>();
  #stamp = 0;

  constructor(
    readonly space: StateSpace,
    readonly timeline: Timeline,
  ) {
    this.#maskWords = (timeline.slots + 31) >>> 5;
    this.#crashWords = (timeline.crashed.length + 31) >>> 5;
    this.#width = setsField + this.#maskWords + this.#crashWords;
    this.#now = new Int32Array(this.#width);
    this.#now[stateField] = space.initial;
    this.#frames = new Int32Array(this.#width * 16);
    this.#visitedKey = new Int32Array(2 + this.#maskWords);
    this.#visited = new TupleTable(this.#visitedKey.length);
  }

  run(shouldStop: ShouldStop): SearchResult {
    if (this.#enter()) return { kind: "found", order: [...this.#path] };
    let steps = 0;
    while (this.#depth > 0) {
      steps += 1;
      if ((steps & 1023) === 0 && shouldStop(steps)) {
        this.#backTo(0);
        return { kind: "stopped", prefix: this.#best };
      }
      if (this.#advance() && this.#enter()) return { kind: "found", order: [...this.#path] };
    }
    this.#backTo(0);
    return { kind: "impossible", prefix: this.#best };
  }

  /** Makes the next child of the top frame, or drops the frame. */
  #advance(): boolean {
    const top = (this.#depth - 1) * this.#width;
    const cursor = this.#field(top, cursorField);
    if (cursor >= this.#candidates.length) {
      this.#candidates.length = this.#field(top, candidateField);
      this.#depth -= 1;
      return false;
    }
    this.#frames[top + cursorField] = cursor + 1;
    const operation = this.#candidates[cursor] ?? 0;
    this.#backTo(this.#field(top, pathField));
    for (let i = 0; i < this.#width; i += 1) this.#now[i] = this.#frames[top + i] ?? 0;
    this.#place(operation, this.space.next(this.#field(top, stateField), operation));
    return true;
  }

  /** Takes the configuration on until a choice is needed; true when all is placed. */
  #enter(): boolean {
    const { returning } = this.timeline;
    for (;;) {
      const layer = this.#now[layerField] ?? 0;
      if (layer >= returning.length) return true;
      this.#placeReads(layer);
      const forced = returning[layer] ?? 0;
      if (!this.#isPlaced(forced)) break;
      this.#unmark(forced);
      this.#now[layerField] = layer + 1;
    }
    this.#rate();
    if (this.#isNew()) this.#push();
    return false;
  }

  #placeReads(layer: number): void {
    const { pending, pendingStart } = this.timeline;
    const state = this.#now[stateField] ?? 0;
    const end = pendingStart[layer + 1] ?? 0;
    for (let i = pendingStart[layer] ?? 0; i < end; i += 1) {
      const operation = pending[i] ?? 0;
      if (!this.space.isRead(operation) || this.#isPlaced(operation)) continue;
      if (this.space.next(state, operation) >= 0) this.#place(operation, state);
    }
  }

  #place(operation: number, state: number): void {
    this.#now[stateField] = state;
    this.#path.push(operation);
    const slot = this.timeline.slotOf[operation] ?? -1;
    if (slot >= 0) this.#set(setsField + (slot >>> 5), slot & 31);
    else {
      const number = -1 - slot;
      this.#set(setsField + this.#maskWords + (number >>> 5), number & 31);
    }
  }

  #set(word: number, bit: number): void {
    this.#now[word] = (this.#now[word] ?? 0) | (1 << bit);
  }

  #unmark(operation: number): void {
    const slot = this.timeline.slotOf[operation] ?? 0;
    const word = setsField + (slot >>> 5);
    this.#now[word] = (this.#now[word] ?? 0) & ~(1 << (slot & 31));
  }

  #isPlaced(operation: number): boolean {
    const slot = this.timeline.slotOf[operation] ?? 0;
    return (((this.#now[setsField + (slot >>> 5)] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  /** Notes the configuration; false if it was here before, or one that had used up fewer unknown operations. */
  #isNew(): boolean {
    this.#visitedKey[0] = this.#now[layerField] ?? 0;
    this.#visitedKey[1] = this.#now[stateField] ?? 0;
    for (let i = 0; i < this.#maskWords; i += 1) this.#visitedKey[2 + i] = this.#now[setsField + i] ?? 0;
    const before = this.#visited.size;
    const id = this.#visited.add(this.#visitedKey);
    if (this.#crashWords === 0) return id === before;
    const used = this.#now.slice(setsField + this.#maskWords);
    const known = this.#usedInVain[id];
    if (known === undefined) this.#usedInVain[id] = [used];
    else if (known.some((set) => isSubset(set, used))) return false;
    else known.push(used);
    return true;
  }

  #push(): void {
    const base = this.#depth * this.#width;
    if (base + this.#width > this.#frames.length) {
      const larger = new Int32Array(this.#frames.length * 2);
      larger.set(this.#frames);
      this.#frames = larger;
    }
    this.#frames.set(this.#now, base);
    this.#frames[base + pathField] = this.#path.length;
    this.#frames[base + cursorField] = this.#candidates.length;
    this.#frames[base + candidateField] = this.#candidates.length;
    this.#depth += 1;
    this.#listCandidates();
  }

  /**
   * Appends what may be placed next: first what by its rank came before the forced operation, then that, then what makes
   * it fit, then the rest by return, then the unknown.
   */
  #listCandidates(): void {
    const { returning, pending, pendingStart, crashed, crashedBefore } = this.timeline;
    const layer = this.#now[layerField] ?? 0;
    const state = this.#now[stateField] ?? 0;
    const forced = returning[layer] ?? 0;
    const first = this.#candidates.length;
    const later: number[] = [];
    this.#stamp += 1;
    for (let i = pendingStart[layer] ?? 0; i < (pendingStart[layer + 1] ?? 0); i += 1) {
      const operation = pending[i] ?? 0;
      if (this.#isPlaced(operation) || !this.#isUseful(operation, forced)) continue;
      const after = this.space.next(state, operation);
      if (after < 0) continue;
      if (this.#isBefore(operation, forced)) this.#insertByRank(operation, first);
      else if (operation === forced || this.space.next(after, forced) >= 0) this.#candidates.push(operation);
      else later.push(operation);
    }
    for (let i = 0; i < (crashedBefore[layer] ?? 0); i += 1) {
      if (((this.#now[setsField + this.#maskWords + (i >>> 5)] ?? 0) >>> (i & 31)) & 1) continue;
      const operation = crashed[i] ?? 0;
      if (!this.#isUseful(operation, forced)) continue;
      const after = this.space.next(state, operation);
      if (after < 0 || after === state) continue;
      if (this.space.next(after, forced) >= 0) this.#candidates.push(operation);
      else later.push(operation);
    }
    for (const operation of later) this.#candidates.push(operation);
  }

  #isBefore(operation: number, forced: number): boolean {
    return this.space.rankOf(operation) < this.space.rankOf(forced);
  }

  /** Among the candidates from `first` that are ranked lower than the forced operation; those stand in front. */
  #insertByRank(operation: number, first: number): void {
    const rank = this.space.rankOf(operation);
    let place = first;
    while (place < this.#candidates.length && this.space.rankOf(this.#candidates[place] ?? 0) < rank) place += 1;
    this.#candidates.splice(place, 0, operation);
  }

  #isUseful(operation: number, forced: number): boolean {
    const { space } = this;
    if (space.isRead(operation) || space.partOf(operation) !== space.partOf(forced)) return false;
    const kind = space.classOf(operation);
    if (this.#seenClass.get(kind) === this.#stamp) return false;
    this.#seenClass.set(kind, this.#stamp);
    return true;
  }

  /** The longest legal prefix counts completed operations only: the unknown ones need not have happened. */
  #rate(): void {
    let completed = this.#now[layerField] ?? 0;
    for (let i = 0; i < this.#maskWords; i += 1) completed += bitsOf(this.#now[setsField + i] ?? 0);
    if (completed <= this.#bestCompleted) return;
    this.#bestCompleted = completed;
    this.#bestLength = this.#path.length;
  }

  /** Takes back the last placements; the best path is copied only when some of it is about to go. */
  #backTo(length: number): void {
    if (this.#bestLength > length) {
      this.#best = this.#path.slice(0, this.#bestLength);
      this.#bestLength = -1;
    }
    this.#path.length = Math.min(this.#path.length, length);
  }

  #field(base: number, field: number): number {
    return this.#frames[base + field] ?? 0;
  }
}

function isSubset(small: Int32Array, large: Int32Array): boolean {
  for (let i = 0; i < small.length; i += 1) if (((small[i] ?? 0) & ~(large[i] ?? 0)) !== 0) return false;
  return true;
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
