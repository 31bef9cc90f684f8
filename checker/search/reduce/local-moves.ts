import { describeChoice } from "../../../sim/choice.js";
import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import { type LocalStep, noEffects } from "../engine/local-step.js";
import type { LocalSteps } from "../engine/local-steps.js";
import { absent, PairTable } from "../engine/pair-table.js";
import type { NumberSets } from "./number-sets.js";
import { SingleInboxes } from "./single-inboxes.js";

/** What one participant may do in one of its own states, as the other participants see it. */
export interface Move {
  /** The choice's name: it is the same move in each state that offers it. */
  readonly name: string;
  /** The message that it takes; undefined when it takes none. */
  readonly message: number | undefined;
  /** Its own state after. */
  readonly slot: number;
  /** What it sends to others: numbers of (receiver, message), in order. */
  readonly sends: readonly number[];
  /** The set of these. */
  readonly sendSet: number;
  /** What it sends to itself, and what of its inbox remains. */
  readonly own: readonly number[];
  /** Monitors see it. */
  readonly isSeen: boolean;
  readonly fails: boolean;
}

/** So many times one participant's local moves are found out for what may never come. */
const hypothesesMost = 3_000;

/**
 * The moves of single participants, each found out once: what it does of itself in a state, and what it does with a message,
 * whether or not that message can ever reach it there.
 */
export class LocalMoves {
  private readonly inner: (readonly Move[])[][];
  private readonly delivered: readonly PairTable[];
  private readonly moves: Move[] = [];
  private readonly inboxes: SingleInboxes;
  /** The number of each (receiver, message), and back. */
  private readonly numbers: number[][];
  readonly receivers: number[] = [];
  private readonly items: number[] = [];
  private readonly hypotheses: number[];

  /**
   * @param faults the id of the faults that there may be.
   * @param sets numbers the sets of messages.
   */
  constructor(
    system: System,
    components: Components,
    private readonly steps: LocalSteps,
    private readonly faults: number,
    private readonly sets: NumberSets,
  ) {
    this.hypotheses = system.participants.map(() => 0);
    this.inner = system.participants.map(() => []);
    this.delivered = system.participants.map(() => new PairTable());
    this.numbers = system.participants.map(() => []);
    this.inboxes = new SingleInboxes(system, components);
  }

  /** Whether so much has been asked about a participant that no more is worth it. */
  isExhausted(participant: number): boolean {
    return (this.hypotheses[participant] as number) > hypothesesMost;
  }

  /** What a participant may do without any message. */
  ofItself(participant: number, slot: number): readonly Move[] {
    const known = this.inner[participant] as (readonly Move[])[];
    return (known[slot] ??= this.alone(participant, slot));
  }

  /** What a participant does with a message; undefined when a state takes none. */
  onMessage(participant: number, slot: number, message: number): Move {
    const table = this.delivered[participant] as PairTable;
    const known = table.get(slot, message);
    if (known !== absent) return this.moves[known] as Move;
    const inbox = this.inboxes.of(participant, this.items[message] as number);
    this.hypotheses[participant] = (this.hypotheses[participant] as number) + 1;
    const [step] = this.steps.deliveries({ participant, slot, inbox, faults: this.faults });
    if (step === undefined)
      throw new Error("A message that is alone in an inbox is not offered; this is a bug of ours.");
    const move = this.moveOf(participant, inbox, step);
    table.set(slot, message, this.moves.length);
    this.moves.push(move);
    return move;
  }

  /** The numbers of the messages in an inbox of which one may be next. */
  next(participant: number, slot: number, inbox: number): number[] {
    const choices = this.steps.offered({ participant, slot, inbox, faults: this.faults });
    return choices.flatMap((choice) =>
      choice.kind === "deliver" ? [this.numberOf(participant, this.inboxes.itemOf(participant, choice.message))] : [],
    );
  }

  /** The numbers of the messages in an inbox. */
  messagesIn(participant: number, inbox: number): number[] {
    return this.inboxes.itemsIn(participant, inbox).map((item) => this.numberOf(participant, item));
  }

  private alone(participant: number, slot: number): readonly Move[] {
    const place = { participant, slot, inbox: this.inboxes.empty[participant] as number, faults: this.faults };
    const steps = [...this.steps.regular(place), ...this.steps.faulty(place)];
    return steps.map((step) => this.moveOf(participant, place.inbox, step));
  }

  private moveOf(participant: number, inbox: number, { choice, slot, inbox: left, effects, failure }: LocalStep): Move {
    const { receivers, items, observations } = effects ?? noEffects;
    const sends = receivers.map((receiver, i) => this.numberOf(receiver, items[i] as number));
    return {
      name: describeChoice(choice),
      message:
        choice.kind === "deliver"
          ? this.numberOf(participant, this.inboxes.itemOf(participant, choice.message))
          : undefined,
      slot,
      sends,
      sendSet: this.sets.of(sends),
      own: inbox === left ? [] : this.messagesIn(participant, left),
      isSeen: observations.length > 0,
      fails: failure !== undefined,
    };
  }

  private numberOf(receiver: number, item: number): number {
    const known = this.numbers[receiver] as number[];
    if (known[item] === undefined) {
      known[item] = this.receivers.length;
      this.receivers.push(receiver);
      this.items.push(item);
    }
    return known[item] as number;
  }
}
