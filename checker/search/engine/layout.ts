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
  readonly width: number;
}

/** Packs fields that hold ids below these counts, wide ones first, each into the first word with room. */
export function layoutFor(counts: readonly number[]): Layout {
  const wanted = counts.map((count, component) => ({ component, bits: bitsFor(count) }));
  wanted.sort((a, b) => b.bits - a.bits || a.component - b.component);
  const used: number[] = [];
  const fields: Field[] = [];
  for (const { component, bits } of wanted) {
    let word = used.findIndex((taken) => taken + bits <= 32);
    if (word < 0) word = used.push(0) - 1;
    const shift = used[word] as number;
    used[word] = shift + bits;
    fields[component] = { word, shift, bits };
  }
  return { fields, width: Math.max(1, used.length) };
}

/** Bits for ids below a count; a component that never changes takes none. */
function bitsFor(count: number): number {
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
