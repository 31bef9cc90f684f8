import { type Choice, describeChoice } from "../../../sim/choice.js";
import { type InFlight, type Inbox, Network, textOf } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import type { Arriving } from "../engine/counted-inbox.js";
import type { Interner } from "../engine/interner.js";
import type { LocalSteps } from "../engine/local-steps.js";
import { absent, PairTable } from "../engine/pair-table.js";

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
  /** What it sends to itself, and what of its inbox remains. */
  readonly own: readonly number[];
  /** It is a fault of a message in its inbox, which leaves its own state as it is. */
  readonly isOfInbox: boolean;
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
  private readonly places: readonly PairTable[];
  private readonly lists: (readonly Move[])[] = [];
  /** By receiver: the inbox that holds one message and nothing else. */
  private readonly single: number[][];
  private readonly empty: readonly number[];
  /** The number of each (receiver, message), and back. */
  private readonly numbers: number[][];
  readonly receivers: number[] = [];
  private readonly items: number[] = [];
  private readonly hypotheses: number[];

  /** @param faults the id of the faults that there may be. */
  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly steps: LocalSteps,
    private readonly faults: number,
  ) {
    this.hypotheses = system.participants.map(() => 0);
    this.inner = system.participants.map(() => []);
    this.delivered = system.participants.map(() => new PairTable());
    this.places = system.participants.map(() => new PairTable());
    this.single = system.participants.map(() => []);
    this.numbers = system.participants.map(() => []);
    const network = Network.over(system.orders);
    this.empty = system.participants.map((_, participant) => components.inboxId(network, participant));
  }

  /** Whether so much has been asked about a participant that no more is worth it. */
  isExhausted(participant: number): boolean {
    return (this.hypotheses[participant] as number) > hypothesesMost;
  }

  /** What a participant may do without any message. */
  ofItself(participant: number, slot: number): readonly Move[] {
    const known = this.inner[participant] as (readonly Move[])[];
    return (known[slot] ??= this.listed(participant, slot, this.empty[participant] as number));
  }

  /** What a participant does with a message; undefined when a state takes none. */
  onMessage(participant: number, slot: number, message: number): Move {
    const table = this.delivered[participant] as PairTable;
    const known = table.get(slot, message);
    if (known !== absent) return this.moves[known] as Move;
    const inbox = this.inboxOf(participant, this.items[message] as number);
    this.hypotheses[participant] = (this.hypotheses[participant] as number) + 1;
    const found = this.listed(participant, slot, inbox).find(({ name }) => name.startsWith("deliver"));
    if (found === undefined)
      throw new Error("A message that is alone in an inbox is not offered; this is a bug of ours.");
    table.set(slot, message, this.moves.length);
    this.moves.push(found);
    return found;
  }

  /** All that a participant may do, with whatever is in its inbox. */
  offered(participant: number, slot: number, inbox: number): readonly Move[] {
    const table = this.places[participant] as PairTable;
    const known = table.get(slot, inbox);
    if (known !== absent) return this.lists[known] as readonly Move[];
    const list = this.listed(participant, slot, inbox);
    table.set(slot, inbox, this.lists.length);
    this.lists.push(list);
    return list;
  }

  /** The numbers of the messages in an inbox. */
  messagesIn(participant: number, inbox: number): number[] {
    const queues = this.components.inboxes[participant]?.values[inbox] as Inbox;
    return queues.flatMap((queue) => queue.map((item) => this.numberOfMessage(participant, item)));
  }

  private numberOfMessage(participant: number, item: InFlight): number {
    const from = this.system.numberOf(item.from) as number;
    const interner = this.steps.items[participant] as Interner<Arriving>;
    return this.numberOf(participant, interner.idOf(`${from} ${textOf(item)}`, { from, item }));
  }

  private listed(participant: number, slot: number, inbox: number): readonly Move[] {
    const place = { participant, slot, inbox, faults: this.faults };
    return [...this.steps.regular(place), ...this.steps.faulty(place)].map((step) => ({
      name: describeChoice(step.choice),
      message: step.choice.kind === "deliver" ? this.numberOfMessage(participant, step.choice.message) : undefined,
      isOfInbox: isOfInbox(step.choice),
      slot: step.slot,
      sends: (step.effects?.receivers ?? []).map((receiver, i) =>
        this.numberOf(receiver, step.effects?.items[i] as number),
      ),
      own: inbox === step.inbox || isOfInbox(step.choice) ? [] : this.messagesIn(participant, step.inbox),
      isSeen: (step.effects?.observations.length ?? 0) > 0,
      fails: step.failure !== undefined,
    }));
  }

  private inboxOf(participant: number, item: number): number {
    const known = this.single[participant] as number[];
    return (known[item] ??= this.makeInbox(participant, item));
  }

  private makeInbox(participant: number, id: number): number {
    const network = Network.over(this.system.orders);
    const { from, item } = this.steps.items[participant]?.values[id] as Arriving;
    network.add(from, participant, item);
    return this.components.inboxId(network, participant);
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

/** Whether it is the fate of a message that is not delivered: then nothing is sent to oneself. */
function isOfInbox({ kind }: Choice): boolean {
  return kind === "drop" || kind === "duplicate" || kind === "delay" || kind === "error";
}
