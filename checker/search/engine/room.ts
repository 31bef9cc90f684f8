import type { InSlices } from "../../pace.js";
import type { Words } from "./state-table.js";

/** Work that makes room in tables. Nothing can be looked up or added before it is done. */
export interface Room {
  /** The bytes that the work will take when it goes on; 0 while that is not known, and once it has begun to. */
  bytes: number;
  readonly work: InSlices<void>;
}

/** How many bytes more may be taken. Where there are fewer than `wanted`, what is not alive any more is given back before. */
export type BytesLeft = (wanted: number) => number;

export const boundless: BytesLeft = () => Number.POSITIVE_INFINITY;

/** How much is done between two pauses: about ten microseconds. */
const pieceWords = 8192;

/** A page of memory, in words: the operating system gives no less. */
const pageWords = 1024;

/** From so many words on, more is reserved than asked for. */
const manyWords = 2 ** 20;

/** The most elements of a typed array whose indices stay whole numbers of 32 bits. */
const mostWords = 2 ** 31;

/**
 * Zeros, at least so many; where they are many, as many as there will be at most, so that there is no need to copy them: eight
 * times as many where that is not known.
 */
export function reserved(length: number, most = Number.POSITIVE_INFINITY): Words {
  return lazyZeros(length, length < manyWords ? length : Number.isFinite(most) ? most : length * 8);
}

/** Zeros, at least so many, and as many as are wanted if the system allows. It gives memory only to those that are written to. */
export function lazyZeros(least: number, wanted: number): Words {
  for (let more = Math.floor(Math.min(mostWords, wanted)); more > least; more = Math.floor(more / 2)) {
    try {
      return new Uint32Array(more);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return new Uint32Array(least);
}

/** The words, of which so many are in use, in an array of at least twice the length; `most` is what there will be at most. */
export function* enlarged(words: Words, used: number, most?: number): InSlices<Words> {
  const larger = reserved(words.length * 2, most);
  for (let at = 0; at < used; at += pieceWords) {
    larger.set(words.subarray(at, Math.min(used, at + pieceWords)), at);
    yield;
  }
  return larger;
}

/** Makes the first `length` words 0. */
export function* cleared(words: Words, length: number): InSlices<void> {
  for (let at = 0; at < length; at += pieceWords * 8) {
    words.fill(0, at, Math.min(length, at + pieceWords * 8));
    yield;
  }
}

/** Where the search for a pair begins in a table: an even number, of which only the low bits count. */
export type HomeOf = (first: number, second: number) => number;

/**
 * Doubles an open-addressing table of pairs in place: its first `length` words are in use, and as many after them are 0 and become
 * so, too. A pair of zeros is an empty slot. A pair's place in the larger table is where it was, before that, or in the new half;
 * so nothing is written where something waits to be moved, but for the run of pairs that begins at the table's end and goes on
 * at its start, which are taken out first and put back last.
 */
export function* doubled(slots: Words, length: number, homeOf: HomeOf): InSlices<void> {
  const mask = length * 2 - 2;
  const put = (first: number, second: number): void => {
    let slot = homeOf(first, second) & mask;
    while (slots[slot] !== 0 || slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = first;
    slots[slot + 1] = second;
  };
  let start = 0;
  while (slots[start] !== 0 || slots[start + 1] !== 0) start += 2;
  const wrapped = slots.slice(0, start);
  slots.fill(0, 0, start);
  let written = length;
  for (let slot = start; slot < length; slot += 2) {
    if (slot % pieceWords === 0) yield;
    // A page that is read before it is written to has to be mapped twice, and the second time all threads are interrupted.
    for (; written < slot + length + pageWords; written += pageWords) slots[written] = 0;
    const first = slots[slot] as number;
    const second = slots[slot + 1] as number;
    if (first === 0 && second === 0) continue;
    slots[slot] = 0;
    slots[slot + 1] = 0;
    put(first, second);
  }
  for (let at = 0; at < start; at += 2) put(wrapped[at] as number, wrapped[at + 1] as number);
}
