import type { CountField } from "./counted-inbox.js";
import { keyWidth } from "./key-table.js";
import type { Words } from "./state-table.js";

/** Where a component's id stands in a state's words. No field crosses a word. */
export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/** How a state's component ids are packed into words. */
export interface Layout {
  readonly fields: readonly Field[];
  /** Within the fields of inboxes that are kept as counts, those of each participant's messages. */
  readonly counts: readonly (readonly CountField[] | null)[];
  readonly width: number;
}

/** How wide a field is wanted, whether it is likely to want more soon, and whether the next id will have no room. */
export interface Wanted {
  readonly bits: number;
  readonly isGrowing: boolean;
  readonly isFull: boolean;
}

/**
 * Packs fields of so many bits: wide ones first, each into the word with the most room. The bits left over in a word go in
 * turn to those of its fields that are full or growing, so that they are outgrown less often.
 */
export function packFields(components: readonly Wanted[]): Pick<Layout, "fields" | "width"> {
  const wanted = components.map((one, component) => ({ ...one, component }));
  wanted.sort((a, b) => b.bits - a.bits || a.component - b.component);
  const total = wanted.reduce((sum, { bits }) => sum + bits, 0);
  const words = Array.from({ length: Math.max(keyWidth, Math.ceil(total / 32)) }, (): Word => ({
    used: 0,
    fields: [],
  }));
  for (const field of wanted) {
    let word = words.reduce((roomiest, other) => (other.used < roomiest.used ? other : roomiest));
    if (word.used + field.bits > 32) words.push((word = { used: 0, fields: [] }));
    word.used += field.bits;
    word.fields.push(field);
  }
  const fields: Field[] = [];
  words.forEach((word, position) => {
    spreadSpareBits(word);
    let shift = 0;
    for (const { component, bits } of word.fields) {
      fields[component] = { word: position, shift, bits };
      shift += bits;
    }
  });
  return { fields, width: words.length };
}

interface Word {
  used: number;
  readonly fields: (Omit<Wanted, "bits"> & { readonly component: number; bits: number })[];
}

/** In turn to all fields that vary: first to those that are full, and to those that are growing three times as often. */
function spreadSpareBits({ used, fields }: Word): void {
  const varying = fields.filter(({ bits }) => bits > 0);
  const full = varying.filter(({ isFull }) => isFull);
  const growing = varying.filter(({ isFull, isGrowing }) => isGrowing && !isFull);
  const others = varying.filter(({ isFull, isGrowing }) => !isGrowing && !isFull);
  const turns = [...full, ...growing, ...growing, ...growing, ...others];
  for (let spare = 32 - used, i = 0; spare > 0 && turns.length > 0; spare -= 1, i += 1) {
    (turns[i % turns.length] as { bits: number }).bits += 1;
  }
}

/** Bits for ids below a count; a component that never changes takes none. */
export function bitsFor(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

export function readField(words: Words, at: number, { word, shift, bits }: Field): number {
  return bits === 32 ? (words[at + word] as number) : ((words[at + word] as number) >>> shift) & ((1 << bits) - 1);
}

export function writeField(words: Words, at: number, { word, shift, bits }: Field, id: number): void {
  const mask = bits === 32 ? 0xffffffff : ((1 << bits) - 1) << shift;
  words[at + word] = ((words[at + word] as number) & ~mask) | (id << shift);
}

/** Whether an id fits into a field. */
export function fits({ bits }: Field, id: number): boolean {
  return bits >= 31 || id < 1 << bits;
}

/** The same field of each participant, in columns, for loops over all of them. */
export interface FieldColumns {
  readonly words: Uint32Array;
  readonly shifts: Uint32Array;
  readonly masks: Uint32Array;
}

export function fieldColumns(fields: readonly Field[]): FieldColumns {
  return {
    words: Uint32Array.from(fields, ({ word }) => word),
    shifts: Uint32Array.from(fields, ({ shift }) => shift),
    masks: Uint32Array.from(fields, ({ bits }) => (bits === 32 ? 0xffffffff : (1 << bits) - 1)),
  };
}

export function readColumn(words: Words, at: number, { words: word, shifts, masks }: FieldColumns, i: number): number {
  return (((words[at + (word[i] as number)] as number) >>> (shifts[i] as number)) & (masks[i] as number)) >>> 0;
}
