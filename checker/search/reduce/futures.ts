import { PairTable, absent } from "../engine/pair-table.js";
import type { LocalMoves, Move } from "./local-moves.js";
import type { NumberSets } from "./number-sets.js";

/** So many states of its own a participant may come to have, before they are taken for endless. */
const slotsMost = 4096;

/** Stands for the future of a participant that may come to do anything. */
export const endless = -2;

/** What a participant may come to do, at most. */
export interface Future {
  /** The set of the messages that it may send to others. */
  readonly sends: number;
  /** Its own states, the present one first. */
  readonly slots: readonly number[];
  /** Monitors may see it. */
  readonly isSeen: boolean;
}

/**
 * "Who can still send to me": from one own state on, given which messages there may be, a participant's local graph is closed
 * over all of them, in any order and as often as one likes. What it may do in truth is less.
 */
export class Futures {
  /** By number. */
  readonly all: Future[] = [];
  /** Those whose future is not known somewhere. */
  readonly endless = new Set<number>();
  private readonly known: readonly PairTable[];
  private readonly slotSets: number[] = [];

  constructor(
    participants: number,
    private readonly moves: LocalMoves,
    private readonly sets: NumberSets,
  ) {
    this.known = Array.from({ length: participants }, () => new PairTable());
  }

  /**
   * The number of a participant's future; `endless` where there seems to be no end of its states.
   *
   * @param messages the set of those that there may be for it.
   */
  of(participant: number, slot: number, messages: number): number {
    const table = this.known[participant] as PairTable;
    const known = table.get(slot, messages);
    if (known !== absent) return known;
    const future = this.moves.isExhausted(participant) ? undefined : this.close(participant, slot, messages);
    if (future === undefined) this.endless.add(participant);
    const number = future === undefined ? endless : this.all.push(future) - 1;
    table.set(slot, messages, number);
    return number;
  }

  /** The number of the set of a future's own states. */
  slotSetOf(future: number): number {
    return (this.slotSets[future] ??= this.sets.of((this.all[future] as Future).slots));
  }

  private close(participant: number, first: number, messages: number): Future | undefined {
    const { moves, sets } = this;
    const coming = new Set(sets.members(messages));
    const slots = new Set([first]);
    let sends = 0;
    let isSeen = false;
    const see = (move: Move): void => {
      slots.add(move.slot);
      sends = sets.union(sends, move.sendSet);
      for (const message of move.own) coming.add(message);
      isSeen ||= move.isSeen;
    };
    // A message that it sends to itself is one more to be taken in all of its states.
    for (let before = -1; before < coming.size;) {
      before = coming.size;
      for (const slot of slots) {
        if (slots.size > slotsMost || moves.isExhausted(participant)) return undefined;
        for (const move of moves.ofItself(participant, slot)) see(move);
        for (const message of coming) see(moves.onMessage(participant, slot, message));
      }
    }
    return { sends, slots: [...slots], isSeen };
  }
}
