import type { System } from "../../../sim/system.js";
import { absent, PairTable } from "../engine/pair-table.js";
import type { LocalMoves, Move } from "./local-moves.js";
import type { NumberSets } from "./number-sets.js";

/** So many states of a participant are looked at before its moves are taken not to commute. */
const slotsMost = 64;

/** Instead of a set: a move to come does not commute with one of now. */
export const disturbed = -2;

/**
 * Observed commutativity: whether what a participant may do now commutes with whatever it may do with messages that are still
 * to come. Two moves commute if either order gives the same state and the same messages, as their memoised steps show; it
 * must hold in each state that the moves to come lead to.
 */
export class Commuting {
  /** By participant: the number of each pair of own state and messages that may be next; and of each with messages to come. */
  private readonly places: readonly PairTable[];
  private readonly known: readonly PairTable[];
  private readonly nexts: readonly PairTable[];

  constructor(
    private readonly system: System,
    private readonly moves: LocalMoves,
    private readonly sets: NumberSets,
  ) {
    const tables = (): PairTable[] => system.participants.map(() => new PairTable());
    [this.places, this.known, this.nexts] = [tables(), tables(), tables()];
  }

  /**
   * The set of the messages that the moves to come may send, if all of them commute; else `disturbed`.
   *
   * @param messages the set of those that may still come.
   */
  with(participant: number, slot: number, inbox: number, messages: number): number {
    const next = this.next(participant, slot, inbox);
    const places = this.places[participant] as PairTable;
    let place = places.get(slot, next);
    if (place === absent) places.set(slot, next, (place = this.placeCount++));
    const table = this.known[participant] as PairTable;
    const known = table.get(place, messages);
    if (known !== absent) return known;
    const found = this.find(participant, slot, next, messages) ?? disturbed;
    table.set(place, messages, found);
    return found;
  }

  private placeCount = 0;

  /** The set of the messages of which one may be next. */
  private next(participant: number, slot: number, inbox: number): number {
    const table = this.nexts[participant] as PairTable;
    const known = table.get(slot, inbox);
    if (known !== absent) return known;
    const next = this.sets.of(this.moves.next(participant, slot, inbox));
    table.set(slot, inbox, next);
    return next;
  }

  private find(participant: number, first: number, next: number, messages: number): number | undefined {
    const { moves, sets } = this;
    const sends = new Set<number>();
    const ofItself = moves.ofItself(participant, first);
    const names = new Set(ofItself.map(({ name }) => name));
    const taken = new Set(sets.members(next));
    const now = [...ofItself, ...[...taken].map((message) => moves.onMessage(participant, first, message))];
    const coming = sets.members(messages).filter((message) => !taken.has(message));
    const slots = new Set([first]);
    for (const slot of slots) {
      const later = [
        ...coming.map((message) => moves.onMessage(participant, slot, message)),
        ...moves.ofItself(participant, slot).filter(({ name }) => !names.has(name)),
      ];
      for (const move of later) {
        // What it sends to itself is a message more to come, which nobody has counted.
        if (move.own.length > 0 || !now.every((one) => this.commute(participant, slot, one, move))) return undefined;
        slots.add(move.slot);
        for (const message of move.sends) sends.add(message);
      }
      if (slots.size > slotsMost || moves.isExhausted(participant)) return undefined;
    }
    return sets.of(sends);
  }

  /** Whether two moves may be taken in either order in a state. */
  private commute(participant: number, slot: number, now: Move, later: Move): boolean {
    const one = this.take(participant, slot, now);
    const other = this.take(participant, slot, later);
    const oneAfter = other && this.take(participant, other.slot, now);
    const otherAfter = one && this.take(participant, one.slot, later);
    if (one === undefined || other === undefined || oneAfter === undefined || otherAfter === undefined) return false;
    const all = [one, other, oneAfter, otherAfter];
    if (all.some(({ fails, own }) => fails || own.length > 0)) return false;
    if ((one.isSeen || oneAfter.isSeen) && (other.isSeen || otherAfter.isSeen)) return false;
    if (oneAfter.slot !== otherAfter.slot) return false;
    const [forth, back] = [
      [...one.sends, ...otherAfter.sends],
      [...other.sends, ...oneAfter.sends],
    ];
    return sorted(forth) === sorted(back) && !this.sharesQueue(participant, forth);
  }

  /** The same move in another state of the participant; undefined when it is not offered there. */
  private take(participant: number, slot: number, { name, message }: Move): Move | undefined {
    if (message !== undefined) return this.moves.onMessage(participant, slot, message);
    return this.moves.ofItself(participant, slot).find((move) => move.name === name);
  }

  /** Whether two of these go to the same receiver on a link that keeps their order. */
  private sharesQueue(participant: number, sends: readonly number[]): boolean {
    const queues = sends
      .map((message) => this.moves.receivers[message] as number)
      .filter((receiver) => this.system.orders[receiver]?.[participant] === "fifo");
    return new Set(queues).size < queues.length;
  }
}

function sorted(numbers: readonly number[]): string {
  return [...numbers].sort((a, b) => a - b).join();
}
