import { stream } from "../../../sim/random.js";
import type { Components } from "../engine/components.js";
import { type Field, readField } from "../engine/layout.js";
import type { Packing } from "../engine/packing.js";
import type { Words } from "../engine/state-table.js";
import { ValueSignatures } from "./value-signatures.js";

/** A byte has so many values, of two words each. */
const wordsPerByte = 512;

/**
 * Signatures of states, of two words: to each bit of a component's id (of the count of each message, where an inbox is kept as
 * counts) belongs a random signature. A state has that of all its bits together by exclusive or, mixed one to one. So any
 * two states have the same with probability 1/2^64 (Carter and Wegman, "Universal classes of hash functions", 1979, class
 * H3), and it makes no difference how they are packed.
 */
export class StateHash {
  /** For each byte of a state's words, each of its values. */
  private table: Int32Array = new Int32Array(0);
  /** How many messages have a field of their own, which the table knows of. */
  private messages = 0;
  private readonly drawn = new Map<string, Int32Array>();
  private readonly countedAtFirst: Components["counted"];
  /** Of the inboxes that were counts at first, and are not any more. */
  private readonly valued: Valued[] = [];

  constructor(
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly seed = 0,
  ) {
    this.countedAtFirst = [...components.counted];
    this.relayout();
  }

  /** Gives the signatures of the first `count` states. */
  hash(states: Words, count: number, uppers: Int32Array, lowers: Int32Array): void {
    if (this.messages !== this.messagesNow) this.relayout();
    const { table, packing, valued } = this;
    const { width } = packing;
    for (let state = 0; state < count; state += 1) {
      let upper = 0;
      let lower = 0;
      for (let word = 0; word < width; word += 1) {
        let rest = states[state * width + word] as number;
        const end = (word + 1) * 4 * wordsPerByte;
        for (let byte = word * 4 * wordsPerByte; byte < end; byte += wordsPerByte, rest >>>= 8) {
          upper ^= table[byte + ((rest & 0xff) << 1)] as number;
          lower ^= table[byte + ((rest & 0xff) << 1) + 1] as number;
        }
      }
      for (let i = 0; i < valued.length; i += 1) {
        const { component, signatures } = valued[i] as Valued;
        const at = signatures.at(readField(states, state * width, packing.field(component)));
        upper ^= signatures.words[at] as number;
        lower ^= signatures.words[at + 1] as number;
      }
      lower ^= mixed(upper);
      uppers[state] = upper ^ mixed(lower);
      lowers[state] = lower;
    }
  }

  /** After the packing has changed. */
  relayout(): void {
    const { components, packing } = this;
    this.messages = this.messagesNow;
    const bits = new Int32Array(packing.width * 64);
    const place = ({ word, shift, bits: length }: Field, drawn: Int32Array): void => {
      bits.set(drawn.subarray(0, 2 * length), 2 * (word * 32 + shift));
    };
    components.all.forEach((_, component) => {
      const participant = component - components.inboxComponent(0);
      const inbox = components.counted[participant];
      inbox?.fields.forEach((_, message) => {
        place(packing.countField(participant, message), this.drawnFor(component, message));
      });
      if (inbox !== undefined || this.valued.some((known) => known.component === component)) return;
      const atFirst = this.countedAtFirst[participant];
      if (atFirst === undefined) return place(packing.field(component), this.drawnFor(component));
      const messagesOf = (id: number): number[] => atFirst.messagesIn(components.inboxOf(participant, id));
      const drawnFor = (message: number): Int32Array => this.drawnFor(component, message);
      this.valued.push({ component, signatures: new ValueSignatures(messagesOf, drawnFor) });
    });
    this.table = tableOf(bits);
  }

  private get messagesNow(): number {
    return this.components.counted.reduce((sum, inbox) => sum + (inbox?.fields.length ?? 0), 0);
  }

  /** The signatures of the bits of an id, or of the count of one message. */
  private drawnFor(component: number, message?: number): Int32Array {
    const purpose = `signatures of ${component}/${message ?? ""}`;
    const known = this.drawn.get(purpose);
    if (known !== undefined) return known;
    const random = stream(this.seed, purpose);
    const drawn = Int32Array.from({ length: 64 }, () => random.between(0, 0xffffffff));
    this.drawn.set(purpose, drawn);
    return drawn;
  }
}

interface Valued {
  readonly component: number;
  readonly signatures: ValueSignatures;
}

/** The signatures of all values of each byte, by those of the bits. */
function tableOf(bits: Int32Array): Int32Array {
  const bytes = bits.length / 16;
  const table = new Int32Array(bytes * wordsPerByte);
  for (let byte = 0; byte < bytes; byte += 1) {
    for (let value = 1; value < 256; value += 1) {
      const bit = 31 - Math.clz32(value);
      for (const word of [0, 1]) {
        const others = table[byte * wordsPerByte + 2 * (value ^ (1 << bit)) + word] as number;
        table[byte * wordsPerByte + 2 * value + word] = others ^ (bits[2 * (byte * 8 + bit) + word] as number);
      }
    }
  }
  return table;
}

/** Murmur3's finalizer. */
function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
