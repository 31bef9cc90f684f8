import { contentHash } from "../../../sim/content-hash.js";

/** What an entry made: a row of steps (see `Rows`), an inbox with one message more, or a monitor's next value. */
export const regularRow = 0;
export const faultyRow = 1;
export const networkRow = 2;
export const arrival = 3;
export const observed = 4;
/** Of an inbox that is kept as counts: what a participant does of itself, and with one message; and so the faults. */
export const ownRow = 5;
export const deliveryRow = 6;
export const ownFaultsRow = 7;
export const messageFaultsRow = 8;
/** Such an inbox becomes an interned value. */
export const interning = 9;

/** An entry: what was made, whose (a participant or monitor), and of which ids. */
export interface Made {
  readonly kind: number;
  readonly owner: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

/** Raised when replaying makes something else than what the log tells of. */
export class InternsDiverged extends Error {
  override readonly name = "InternsDiverged";
  constructor(
    readonly entry: number,
    readonly made: Made,
  ) {
    super(`Entry ${entry} of the intern log is not made again as it was.`);
  }
}

/**
 * In which order ids came about, as whole numbers. Values are the user's own and cannot be decoded from a text; but whoever
 * makes the same things in the same order gets the same ids, as user code is pure. So a search is taken up again from the
 * log and its states, and workers agree on ids without sending each other a value.
 *
 * Each entry has a hash of all texts that were interned and all ids that were given since the log began, which tells when
 * user code gives something else than it did: it was changed, or is not pure.
 */
export class InternLog {
  /** How many entries have been made here: as many as there are, unless others append too. */
  replayed = 0;
  private content = 0;

  /**
   * @param cells what it is kept in: the number of entries, then the entries. It is replaced by a longer one when it is full,
   * unless it is over shared memory, where being full is an error.
   */
  constructor(protected cells: Int32Array = new Int32Array(1 + 64 * cellsPerEntry)) {}

  /** How many entries there are. */
  get length(): number {
    return Atomics.load(this.cells, 0);
  }

  /** A copy of all entries, to be written. */
  get written(): Int32Array {
    return this.cells.slice(0, 1 + this.length * cellsPerEntry);
  }

  at(entry: number): Made {
    const at = 1 + entry * cellsPerEntry;
    const [head, first, second, third] = this.cells.subarray(at, at + 4) as unknown as [number, number, number, number];
    return { kind: head % kinds, owner: Math.floor(head / kinds), first, second, third };
  }

  /** Takes over the entries of a log that was written; they are made again by `replayInterns`. */
  follow(written: Int32Array): void {
    this.cells = written.slice();
    this.replayed = 0;
  }

  /** Something is about to be made here that is not in the log yet, or to be made again. */
  begin(): void {}

  /** Takes a text that was interned, or the name or message of what was made, into the hash. */
  seeText(text: string): void {
    this.seeId(contentHash(text));
  }

  /** Takes an id that was given into the hash. */
  seeId(id: number): void {
    const mixed = Math.imul(this.content ^ id, 0x85ebca6b);
    this.content = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) ^ (mixed >>> 13);
  }

  /**
   * Says that this has been made: a new entry, or, while entries are replayed, the next one.
   *
   * @throws InternsDiverged when the next entry tells of something else.
   */
  add(made: Made): void {
    const entry = this.replayed;
    const cells = [made.kind + made.owner * kinds, made.first, made.second, made.third, this.content];
    const at = 1 + entry * cellsPerEntry;
    if (entry < this.length) {
      if (cells.some((cell, i) => this.cells[at + i] !== cell)) throw new InternsDiverged(entry, this.at(entry));
    } else {
      if (at + cellsPerEntry > this.cells.length) this.grow();
      this.cells.set(cells, at);
      Atomics.store(this.cells, 0, entry + 1);
    }
    this.replayed = entry + 1;
  }

  private grow(): void {
    if (!(this.cells.buffer instanceof ArrayBuffer)) throw new Error("The shared intern log is full.");
    const longer = new Int32Array(this.cells.length * 2);
    longer.set(this.cells);
    this.cells = longer;
  }
}

const kinds = 10;
export const cellsPerEntry = 5;
