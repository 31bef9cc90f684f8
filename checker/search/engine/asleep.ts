import { unpaused } from "../../pace.js";
import { faultyRow, messageFaultsRow, networkRow, ownFaultsRow } from "./intern-log.js";
import { type LocalStep, noEffects, type Place } from "./local-step.js";
import { enlarged } from "./room.js";
import type { Words } from "./state-table.js";

/**
 * For each state that is still to be expanded: the participants that are asleep in it, a bit for each of the first 32. The
 * steps of one that is asleep, faults left out, lead to states that are visited already, so that a breadth-first search
 * need not make them to know that: sleep sets (Godefroid, "Partial-order methods for the verification of concurrent systems",
 * 1996, chapter 5), with a participant in place of a transition.
 *
 * Let `s` be found from `p` by a step `a`, and `b` be a step of another participant to which `a` sends nothing. Then `b` may be
 * taken in `p`, too, and `a` after it, and both orders lead to one state, since a step depends on its own participant's state
 * and inbox alone and adds to the others' inboxes alone. If `b` led from `p` to a state that was visited before `s`, that
 * state is expanded before `s`, and so what `b` leads to from `s` is visited by then. This is so if `b` is listed before `a`, or
 * if its participant was asleep in `p`.
 */
export class Asleep {
  /** Those before it are not asked for any more. */
  private oldest = 0;
  /** A state's mask is at its number, modulo this power of two. */
  private length: number;

  private masks: Masks;

  /**
   * @param words for masks, as many as a power of two; more are reserved when these are too few
   * @param participants how many there are: masks are as narrow as these allow
   */
  constructor(
    private words: Words = new Uint32Array(1024),
    private readonly participants = 32,
  ) {
    this.masks = masksOn(words, participants);
    this.length = this.masks.length;
  }

  /** Who is asleep in a state, which is expanded now. */
  in(state: number): number {
    this.oldest = state;
    return this.masks[state & (this.length - 1)] as number;
  }

  /** Keeps who sleeps in one state, for which there is room. */
  set(state: number, mask: number): void {
    this.masks[state & (this.length - 1)] = mask;
  }

  /**
   * Keeps who sleeps in the `count` states from number `first` on.
   *
   * @param batch who sleeps in those of a batch, `fresh` being the places of these states in it.
   */
  keep(first: number, count: number, batch: Uint32Array, fresh: Uint32Array): void {
    while (first + count - this.oldest > this.length) this.grow(first);
    const { masks } = this;
    const last = this.length - 1;
    for (let i = 0; i < count; i += 1) masks[(first + i) & last] = batch[fresh[i] as number] as number;
  }

  /** Twice the length: every other state's mask stays where it is. */
  private grow(end: number): void {
    const { length } = this;
    if (length * 2 > this.masks.length) {
      this.words = unpaused(enlarged(this.words, this.words.length));
      this.masks = masksOn(this.words, this.participants);
    }
    const { masks } = this;
    for (let state = this.oldest; state < end; state += 1) {
      if ((state & length) !== 0) masks[state & (length * 2 - 1)] = masks[state & (length - 1)] as number;
    }
    this.length = length * 2;
  }
}

type Masks = Uint8Array | Uint16Array | Uint32Array;

function masksOn(words: Words, participants: number): Masks {
  if (participants > 16) return words;
  const { buffer, byteOffset, byteLength } = words;
  return participants > 8
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether a participant is one of those of a mask, which has bits for the first 32 alone. */
export function isAmong(mask: number, participant: number): boolean {
  return (mask & bitOf(participant)) !== 0;
}

/** What a step does to what sleeps: after it, `(asleep & leaves) | puts` does. */
export interface Lull {
  readonly leaves: number;
  readonly puts: number;
}

/** @param kind of the row that the step is in */
export function lullBy(kind: number, place: Place, step: LocalStep): Lull {
  const leaves = kind === networkRow ? 0 : undisturbedBy(place, step);
  return { leaves, puts: leaves & listedBefore(kind, place) };
}

/** The participants whose steps commute with this one; none where monitors see it, as their values depend on the order. */
function undisturbedBy({ participant }: Place, { effects = noEffects, failure }: LocalStep): number {
  if (failure !== undefined || effects.observations.length > 0) return 0;
  return effects.receivers.reduce((mask, receiver) => mask & ~bitOf(receiver), ~bitOf(participant));
}

/** The participants whose steps are listed before those of a row; faults are listed after all that are none. */
function listedBefore(kind: number, { participant }: Place): number {
  const isFault = kind === faultyRow || kind === ownFaultsRow || kind === messageFaultsRow;
  return isFault || participant >= 32 ? -1 : bitOf(participant) - 1;
}

function bitOf(participant: number): number {
  return participant < 32 ? 1 << participant : 0;
}
