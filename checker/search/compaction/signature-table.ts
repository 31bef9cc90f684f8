import type { Words } from "../engine/state-table.js";

/** How many bits of a state are kept. */
export const signatureBits = 48;

/** What a slot takes: its signature, and the slot of the state that it was reached from. */
export const bytesPerSlot = 10;

/** No more slots than this share are filled: beyond, look-ups become long. */
const loadMax = 0.95;

/** Stands for the slot before the initial state's. */
export const noSlot = 0xffffffff;

/**
 * A set of states of which only a signature of 48 bits is kept: hash compaction (Wolper and Leroy, "Reliable hashing without
 * collision detection", CAV 1993). The signature does not depend on the place, as in Stern and Dill, "Improved probabilistic
 * verification by hash compaction", CHARME 1995, with double hashing in place of theirs. Two states of one signature that
 * meet on a way through the table are taken for one, so that the second is left out.
 */
export class SignatureTable {
  size = 0;
  readonly slots: number;
  private readonly low: Uint32Array;
  private readonly high: Uint16Array;
  private readonly parents: Uint32Array;
  private readonly highMask: number;
  private readonly lowMask: number;

  /** @param bits of a signature; fewer than 48 only to see what is then left out */
  constructor(
    bytes: number,
    readonly bits = signatureBits,
  ) {
    this.slots = primeBelow(Math.max(16, Math.min(noSlot - 1, Math.floor(bytes / bytesPerSlot))));
    this.low = new Uint32Array(this.slots);
    this.high = new Uint16Array(this.slots);
    this.parents = new Uint32Array(this.slots);
    this.lowMask = bits >= 32 ? 0xffffffff : 2 ** bits - 1;
    this.highMask = bits > 32 ? 2 ** (bits - 32) - 1 : 0;
  }

  get isFull(): boolean {
    return this.size >= this.slots * loadMax;
  }

  parentOf(slot: number): number {
    return this.parents[slot] as number;
  }

  /** The slot of a state of `width` words if it is new, as far as one can tell; else -1 minus the slot where it is. */
  insert(words: Words, at: number, width: number, parent: number): number {
    const { low, high, slots } = this;
    const [first, second] = this.signature(words, at, width);
    const step = 1 + (mix(words, at, width, 0x5bd1e995) % (slots - 1));
    for (let slot = mix(words, at, width, 0x27d4eb2f) % slots; ; slot = (slot + step) % slots) {
      if (low[slot] === 0) {
        low[slot] = first;
        high[slot] = second;
        this.parents[slot] = parent;
        this.size += 1;
        return slot;
      }
      if (low[slot] === first && high[slot] === second) return -1 - slot;
    }
  }

  /** Whether a state is one that this slot may stand for. */
  matches(slot: number, words: Words, at: number, width: number): boolean {
    const [first, second] = this.signature(words, at, width);
    return this.low[slot] === first && this.high[slot] === second;
  }

  private signature(words: Words, at: number, width: number): [number, number] {
    // A slot whose low part is 0 is empty.
    const first = (mix(words, at, width, 0x9e3779b1) & this.lowMask) >>> 0;
    return [first === 0 ? 1 : first, mix(words, at, width, 0x165667b1) & this.highMask];
  }
}

/** Murmur3's finalizer over each word, begun differently for each hash of the same state. */
function mix(words: Words, at: number, width: number, seed: number): number {
  let hash = seed;
  for (let word = 0; word < width; word += 1) {
    hash = Math.imul(hash ^ (words[at + word] as number), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 13)) + Math.imul(seed, word + 1);
    hash ^= hash >>> 16;
  }
  hash = Math.imul(hash ^ (hash >>> 16), seed | 1);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function primeBelow(number: number): number {
  for (let candidate = number | 1; ; candidate -= 2) if (isPrime(candidate)) return candidate;
}

function isPrime(number: number): boolean {
  for (let factor = 3; factor * factor <= number; factor += 2) if (number % factor === 0) return false;
  return true;
}
