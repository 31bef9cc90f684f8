import { type InSlices, unpaused } from "../../pace.js";
import { type BytesLeft, lazyZeros, type Room } from "../engine/room.js";
import { memoryIsFull } from "../parallel/shared-table.js";

/** Of a place: four bytes of a signature, another one, and one for how far it is from where it belongs. */
const bytesPerPlace = 6;

/** From this load on, it should be given more room; */
const loose = 0.9;

/** and from this one where memory is short. About two hundred places are then moved to put a signature among others. */
const dense = 0.95;

/** So far from where it belongs a signature can be, and there are so many places beyond the last one where any belongs. */
const farthest = 254;

/** There are at least so many places where signatures belong: the first bits of a signature follow from where it does. */
const homesMin = 2 ** 16;

/** So many places are moved between two pauses; so many that what is moved goes beyond all that belongs before them. */
const pieceHomes = 8192;

/**
 * A set of signatures, of 64 bits in two words each, of which the first `bits` count. It keeps 40 of them: those before follow
 * from where it is (Cleary, "Compact hash tables using bidirectional linear probing", 1984). A signature belongs further back the
 * greater it is, and all stand in order of where they belong (Amble and Knuth, "Ordered hash tables", 1974), each as soon
 * after that place as there is room. So the set is made larger in place, and by any factor: nothing moves towards the front.
 */
export class SignatureSet {
  size = 0;
  readonly bits: number;
  private readonly words: Int32Array;
  /** How far it is from where it belongs, plus 1, and eight bits more of a signature; 0 where there is none. */
  private readonly rest: Uint16Array;
  /** How many places there are where signatures belong: 4, 5, 6 or 7 times a power of two. */
  private homes = homesMin;
  /** How many of a signature's first bits are not kept. */
  private readonly implied: number;
  private loadWanted = loose;

  /**
   * @param expected how many there will be soon
   * @param bytes what it may take in the end
   */
  constructor(expected: number, bytes: number) {
    while (this.homes * loose < expected) this.homes = larger(this.homes);
    this.implied = Math.min(24, Math.floor(Math.log2(this.homes)));
    this.bits = 40 + this.implied;
    const places = this.homes + farthest;
    this.words = new Int32Array(lazyZeros(places, bytes / bytesPerPlace).buffer);
    this.rest = new Uint16Array(this.words.length);
  }

  get isTight(): boolean {
    return this.size > this.homes * this.loadWanted;
  }

  /** What makes it larger; nothing when it is to be filled further, as there are hardly so many bytes left. */
  moreRoom(bytesLeft: BytesLeft): Room | undefined {
    const bytes = (larger(this.homes) - this.homes) * bytesPerPlace;
    if (this.loadWanted === loose && bytesLeft(bytes) < 2 * bytes) this.loadWanted = dense;
    return this.isTight ? { bytes, work: this.enlarge() } : undefined;
  }

  /** Reads what `add` will read first; gives what depends on it. */
  touch(upper: number): number {
    const home = homeOf(upper, this.homes);
    return (this.words[home] as number) ^ (this.rest[home] as number);
  }

  /**
   * Adds a signature; false if it was there.
   *
   * @throws memoryIsFull when there is no room.
   */
  add(upper: number, lower: number): boolean {
    const { implied } = this;
    const word = (upper << implied) | (lower >>> (32 - implied));
    const byte = (lower >>> (24 - implied)) & 0xff;
    let outcome = this.put(homeOf(upper, this.homes), word, byte);
    while (outcome === "crowded") {
      unpaused(this.enlarge());
      outcome = this.put(homeOf(upper, this.homes), word, byte);
    }
    if (outcome === "added") this.size += 1;
    return outcome === "added";
  }

  /**
   * Makes it larger, by a seventh to a quarter: piece by piece, the last one first, it is taken out and put where it belongs then.
   *
   * @throws memoryIsFull when it has all that it may.
   */
  *enlarge(): InSlices<void> {
    const before = this.homes;
    const after = larger(before);
    if (after + farthest > this.words.length) throw memoryIsFull;
    const taken = new Int32Array(3 * (pieceHomes + farthest));
    for (let start = Math.floor((before - 1) / pieceHomes) * pieceHomes; start >= 0; start -= pieceHomes) {
      const end = this.take(start, Math.min(before, start + pieceHomes), taken);
      for (let at = 0; at < end; at += 3) {
        const home = homeOf(taken[at] as number, after);
        if (this.put(home, taken[at + 1] as number, taken[at + 2] as number) === "crowded") throw memoryIsFull;
      }
      yield;
    }
    this.homes = after;
    this.loadWanted = loose;
  }

  /** Takes out what belongs from one place to before another: for each the signature's first word, and what is kept of it. */
  private take(start: number, end: number, taken: Int32Array): number {
    const { words, rest, implied } = this;
    const scale = this.homes / 2 ** 32;
    const step = 2 ** (32 - implied);
    const steps = 2 ** implied / this.homes;
    let at = 0;
    for (let place = start; place < end + farthest; place += 1) {
      const found = rest[place] as number;
      const home = place + 1 - (found >>> 8);
      if (found === 0 || home < start) continue;
      const word = words[place] as number;
      // Of those that belong there, at most one has these bits of it.
      let upper = Math.floor(home * steps) * step + (word >>> implied);
      while (upper * scale < home) upper += step;
      while (upper * scale >= home + 1) upper -= step;
      taken[at] = upper;
      taken[at + 1] = word;
      taken[at + 2] = found & 0xff;
      rest[place] = 0;
      at += 3;
    }
    return at;
  }

  /** Puts a signature where it belongs, or as soon after it as those allow that belong before, if it is not there. */
  private put(home: number, word: number, byte: number): "added" | "known" | "crowded" {
    const { words, rest } = this;
    let place = home;
    let wanted = 0x100 | byte;
    for (; (rest[place] as number) >>> 8 >= wanted >>> 8; place += 1, wanted += 0x100) {
      if (rest[place] === wanted && words[place] === word) return "known";
    }
    if (wanted >= 0x10000) return "crowded";
    let end = place;
    for (; rest[end] !== 0; end += 1) if ((rest[end] as number) >= 0xff00) return "crowded";
    for (; end > place; end -= 1) {
      words[end] = words[end - 1] as number;
      rest[end] = (rest[end - 1] as number) + 0x100;
    }
    words[place] = word;
    rest[place] = wanted;
    return "added";
  }
}

/** Where a signature belongs. All of this is exact, as `homes` has three bits that count. */
function homeOf(upper: number, homes: number): number {
  return Math.floor((upper >>> 0) * (homes / 2 ** 32));
}

/** The next larger number of three bits that count. */
function larger(homes: number): number {
  return homes + 2 ** (Math.floor(Math.log2(homes)) - 2);
}
