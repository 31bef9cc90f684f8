import type { LocalMoves } from "./local-moves.js";
import type { NumberSets } from "./number-sets.js";

/** Sets of messages, by the numbers that `LocalMoves` gives these. */
export class MessageSets {
  private readonly inboxes: readonly number[][];
  private readonly toReceiver: readonly number[][];

  constructor(
    participants: number,
    private readonly moves: LocalMoves,
    private readonly sets: NumberSets,
  ) {
    this.inboxes = Array.from({ length: participants }, () => []);
    this.toReceiver = Array.from({ length: participants }, () => []);
  }

  /** Those in an inbox. */
  in(participant: number, inbox: number): number {
    const known = this.inboxes[participant] as number[];
    return (known[inbox] ??= this.sets.of(this.moves.messagesIn(participant, inbox)));
  }

  /** Those of a set of messages that go to a participant. */
  to(receiver: number, messages: number): number {
    const known = this.toReceiver[receiver] as number[];
    return (known[messages] ??= this.sets.of(
      this.sets.members(messages).filter((message) => this.moves.receivers[message] === receiver),
    ));
  }
}
