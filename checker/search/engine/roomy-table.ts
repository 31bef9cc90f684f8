import { type InSlices, unpaused } from "../../pace.js";
import { cleared, doubled, enlarged, type HomeOf, type Room } from "./room.js";
import type { VisitedTable, Words } from "./state-table.js";

/** The arena has room for so many more when more is made. */
const spareTuples = 512;

/**
 * What tables with an arena of tuples and an open-addressing table of pairs of words have in common: they get more room in
 * slices when they are asked (`moreRoom`), from a load of 5/8 on; who does not ask gets it at once.
 */
export abstract class RoomyTable implements Pick<VisitedTable, "isTight" | "moreRoom"> {
  arena: Words;
  size = 0;
  /** There may be more of them than are in use. */
  protected slots: Words;
  /** How many words of the slots are in use: a power of two. */
  protected length: number;

  /** @param capacity a power of two: tuples for which there is room in the arena at first */
  constructor(
    readonly width: number,
    capacity: number,
    private readonly homeOf: HomeOf,
  ) {
    this.arena = new Uint32Array(capacity * width);
    this.length = capacity * 4;
    this.slots = new Uint32Array(this.length);
  }

  get isTight(): boolean {
    return this.isLoaded(5 / 8) || this.isShort(spareTuples);
  }

  moreRoom(): Room {
    const { slots, length, size, width } = this;
    const table = !this.isLoaded(5 / 8) ? 0 : length * 2 <= slots.length ? length : length * 2;
    const arena = this.isShort(spareTuples) ? size * width : 0;
    return { bytes: (table + arena) * Uint32Array.BYTES_PER_ELEMENT, work: this.makeRoom(spareTuples, 5 / 8) };
  }

  /** Makes room at once for so many more, if there is none, and to keep the load below a share. */
  protected reserve(count: number, load: number): void {
    if (this.isShort(count) || this.isLoaded(load, count)) unpaused(this.makeRoom(count, load));
  }

  /** Takes over an arena with so many tuples, all slots being empty then. */
  protected *takeOver(arena: Words, size: number): InSlices<void> {
    this.arena = arena;
    this.size = size;
    let { length } = this;
    while (size * 16 > length * 5) length *= 2;
    if (length > this.slots.length) this.slots = new Uint32Array(length);
    else yield* cleared(this.slots, this.length);
    this.length = length;
  }

  /** Of an index into the slots: always even. */
  protected get mask(): number {
    return this.length - 2;
  }

  private isLoaded(load: number, more = 0): boolean {
    return (this.size + more) * 2 > this.length * load;
  }

  private isShort(count: number): boolean {
    return (this.size + count) * this.width > this.arena.length;
  }

  private *makeRoom(count: number, load: number): InSlices<void> {
    while (this.isLoaded(load, count)) {
      const { length } = this;
      if (length * 2 > this.slots.length) this.slots = yield* enlarged(this.slots, length);
      yield* doubled(this.slots, length, this.homeOf);
      this.length = length * 2;
    }
    while (this.isShort(count)) this.arena = yield* enlarged(this.arena, this.size * this.width);
  }
}
