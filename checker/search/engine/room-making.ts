import { unpaused } from "../../pace.js";
import type { EngineTables } from "./engine-tables.js";
import { boundless, type BytesLeft, type Room } from "./room.js";

/** In the time in which a state is expanded, room can be made for about so many. */
const statesPerStep = 16;

/** So many states are expanded in some hundredths of a second at most, unless user code is slow. */
const shortSlice = 2 ** 14;

/** The room that a search waits for before it expands the next state, made in slices between those of the search. */
export class RoomMaking {
  /** Whether all states are packed anew: until that is done, they cannot be read. */
  isPacking = false;
  private room: Room | undefined;

  /** @param havePacked called when all states have been packed anew. */
  constructor(
    private readonly tables: EngineTables,
    private readonly havePacked: () => void,
    private readonly bytesLeft: BytesLeft = boundless,
  ) {}

  /** Whether there is anything to be done. */
  get isDue(): boolean {
    return this.room !== undefined;
  }

  /** The bytes that it will take when it goes on, as far as that is known. */
  get bytesAhead(): number {
    return this.room?.bytes ?? 0;
  }

  /** Room is to be made for ids that have outgrown their fields. */
  widen(): void {
    this.room = this.tables.widening();
    this.isPacking = true;
  }

  /** Room is to be made for more states, `next` being the first that is still to be expanded. */
  grow(next: number): void {
    this.room = this.tables.visited.moreRoom(this.bytesLeft, next);
  }

  /** All states are to be packed anew, if not as it is due already, as they are; false if that has begun. */
  repack(): boolean {
    if (!this.isPacking) this.room = this.tables.repacking();
    else if (this.bytesAhead === 0) return false;
    else (this.room as Room).bytes = 0;
    this.isPacking = true;
    return true;
  }

  /** Does some of it; all in a slice of any number of states. */
  advance(states: number, isLate?: () => boolean): void {
    if (states === Number.POSITIVE_INFINITY) this.finish();
    while (this.room !== undefined) {
      this.room.bytes = 0;
      if (this.room.work.next().done === true) this.end();
      else if (this.room.bytes > 0 || isLate?.() !== false) return;
    }
  }

  /** Whether it takes no longer than a short slice, or than a slice of so many states. */
  isShort(states: number): boolean {
    if (states === Number.POSITIVE_INFINITY) return true;
    return this.tables.visited.size < statesPerStep * Math.min(states, shortSlice);
  }

  finish(): void {
    if (this.room === undefined) return;
    unpaused(this.room.work);
    this.end();
  }

  private end(): void {
    this.room = undefined;
    if (this.isPacking) this.havePacked();
    this.isPacking = false;
  }
}
