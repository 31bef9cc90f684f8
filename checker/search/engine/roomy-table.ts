import { type InSlices, unpaused } from "../../pace.js";
import { type BytesLeft, cleared, doubled, enlarged, type HomeOf, reserved, type Room } from "./room.js";
import type { VisitedTable, Words } from "./state-table.js";

/** The arena has room for so many more when more is made. */
const spareTuples = 512;

/** From this load on a table gets more room; */
export const loose = 5 / 8;

/** and from this one where memory is short. Linear probing then looks at about 30 pairs for one that is not there. */
export const dense = 7 / 8;

/** A table grows by no less than this share of itself. */
const leastGrowth = 1 / 64;

const wordBytes = Uint32Array.BYTES_PER_ELEMENT;

/**
 * What tables with an arena of tuples and an open-addressing table of pairs of words have in common: they get more room in
 * slices when they are asked (`moreRoom`); who does not ask gets it at once.
 *
 * The table of pairs doubles. Where there is no memory for that and for the states that it would be for, it is filled further,
 * and then grows by as much as there is: homes are spread over any number of slots by multiplication (Lemire, "Fast random
 * integer generation in an interval", 2019) in place of a mask.
 */
export abstract class RoomyTable implements VisitedTable {
  arena: Words;
  size = 0;
  /** There may be more of them than are in use. */
  protected slots: Words;
  /** Of an index into the slots, always even. The homes are before `length`; a run that begins there may go on behind. */
  protected mask = 0;
  /** By which a hash is multiplied to find its home; 0 if the mask alone gives it, as the length is a power of two. */
  protected scale = 0;
  private length = 0;
  private loadMax = loose;

  /**
   * @param capacity a power of two: tuples for which there is room in the arena at first
   * @param homeOf the hash of a pair, of which the lowest bit does not count.
   */
  constructor(
    readonly width: number,
    capacity: number,
    private readonly homeOf: HomeOf,
  ) {
    this.arena = new Uint32Array(capacity * width);
    this.slots = new Uint32Array(capacity * 4);
    this.setLength(capacity * 4);
  }

  abstract addAll(tuples: Words, count: number, fresh: Uint32Array): number;

  /** Puts a tuple of the arena into the table, in which it is not. */
  protected abstract put(position: number): void;

  truncate(size: number): void {
    this.size = size;
  }

  /** Takes over the memory of the slots of another table, which is not to be used any more. */
  inPlaceOf(other: VisitedTable | undefined): this {
    if (!(other instanceof RoomyTable)) return this;
    this.slots = other.slots;
    this.loadMax = other.loadMax;
    this.setLength(other.length);
    return this;
  }

  *adopt(arena: Words, size: number): InSlices<void> {
    this.arena = arena;
    this.size = size;
    let { length } = this;
    while (size * 2 > length * this.loadMax) length *= 2;
    yield* this.rebuild(length);
  }

  get isTight(): boolean {
    return this.isLoaded(this.loadMax) || this.isShort(spareTuples);
  }

  moreRoom(bytesLeft: BytesLeft): Room {
    const { size, width } = this;
    const most = mostStates(size, width, bytesLeft(0));
    const length = this.isLoaded(this.loadMax) ? this.nextLength(bytesLeft) : this.length;
    const slots = spanOf(length) > this.slots.length ? length : length - this.length;
    const arena = this.isShort(spareTuples) ? size * width : 0;
    return { bytes: (slots + arena) * wordBytes, work: this.makeRoom(length, spareTuples, most) };
  }

  /** Makes room at once for so many more, if there is none, and to keep the load below a share. */
  protected reserve(count: number, load = (1 + this.loadMax) / 2): void {
    let { length } = this;
    while ((this.size + count) * 2 > length * load) length *= 2;
    if (length > this.length || this.isShort(count)) unpaused(this.makeRoom(length, count));
  }

  /** The length to go on with, now that the table is full: twice as much, or what there is memory for. */
  private nextLength(bytesLeft: BytesLeft): number {
    const { length, size, width } = this;
    // The table, and the states that it is for, each with its parent.
    const ofDouble = (length + size * (width + 1)) * wordBytes;
    const left = bytesLeft(ofDouble);
    let share = 1;
    while (share * ofDouble > left && share > leastGrowth) share /= 2;
    const isFilled = share === 1 || this.loadMax === dense;
    this.loadMax = share === 1 ? loose : dense;
    return isFilled ? length + 2 * Math.ceil((length * share) / 2) : length;
  }

  private isLoaded(load: number): boolean {
    return this.size * 2 > this.length * load;
  }

  private isShort(count: number): boolean {
    return (this.size + count) * this.width > this.arena.length;
  }

  private *makeRoom(length: number, count: number, most?: number): InSlices<void> {
    while (this.scale === 0 && length >= this.length * 2) yield* this.double(most);
    if (length > this.length) yield* this.rebuild(length);
    while (this.isShort(count)) {
      this.arena = yield* enlarged(this.arena, this.size * this.width, most && most * this.width);
    }
  }

  private *double(most?: number): InSlices<void> {
    const { length } = this;
    if (length * 2 > this.slots.length) {
      this.slots = yield* enlarged(this.slots, length, most && spanOf((2 * most) / dense));
    }
    yield* doubled(this.slots, length, this.homeOf);
    this.setLength(length * 2);
  }

  /** Puts all tuples of the arena into a table of this length. */
  private *rebuild(length: number): InSlices<void> {
    let end = this.length;
    if (spanOf(length) > this.slots.length) this.slots = reserved(spanOf(length));
    else while (end < this.slots.length && (this.slots[end] !== 0 || this.slots[end + 1] !== 0)) end += 2;
    // Those that are new are written to as well: a page that is read first has to be mapped twice.
    yield* cleared(this.slots, Math.max(end, length));
    this.setLength(length);
    for (let position = 0; position < this.size; position += 1) {
      if (position % 1024 === 1023) yield;
      this.put(position);
    }
  }

  private setLength(length: number): void {
    const span = spanOf(length);
    this.length = length;
    this.mask = span - 2;
    this.scale = span === length ? 0 : length / 2 ** 33;
  }
}

/** The even index at which the search for what has this hash begins, in a table with such a mask and scale. */
export function homeIn(mask: number, scale: number, hash: number): number {
  return scale === 0 ? hash & mask : ((hash >>> 0) * scale) << 1;
}

/** No more states than these can be there once so many bytes more are in use: each takes its words, and its parent. */
export function mostStates(size: number, width: number, bytesLeft: number): number {
  return size + Math.floor(bytesLeft / ((width + 1) * wordBytes));
}

/** The next power of two. */
function spanOf(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}
