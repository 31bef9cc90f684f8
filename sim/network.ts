import type { Origin } from "./baggage.js";
import { contentHash } from "./content-hash.js";
import type { Envelope } from "./message.js";
import { byCodeUnits, encode } from "./value.js";

/** How a link delivers: in order of sending; in any order; or in any order, as often as one likes (a set of messages). */
export type LinkOrder = "fifo" | "any" | "set";

/** A message in flight. */
export interface InFlight {
  readonly envelope: Envelope;
  /** It left its first-in-first-out queue, and may be overtaken. */
  readonly delayed: boolean;
  readonly origin: Origin | undefined;
  /** Texts of the active bags' values, a part of its content; empty when there are none. */
  readonly bags: string;
  /** The canonical text of message, call and active bags, kept once it is known. */
  text: string | undefined;
  /** The content hash of the message, kept once it is known. */
  hash: number | undefined;
}

/** The messages of one link, in order of sending. */
export type Queue = readonly InFlight[];

/** All that is on its way to one participant, by the number of the sender. */
export type Inbox = readonly Queue[];

const empty: Queue = [];

/**
 * The messages in flight, by receiver and sender (participants are numbered: nodes, then clients).
 *
 * A shared network copies what it changes; an owned one, made for one simulation, is changed in place.
 */
export class Network {
  private constructor(
    private readonly orders: readonly (readonly LinkOrder[])[],
    private readonly inboxes: (readonly Queue[])[],
    private readonly texts: (string | undefined)[],
    private readonly owned: boolean,
  ) {}

  /** @param orders the order of the link from participant `from` to participant `to`, as `orders[to][from]`. */
  static over(orders: readonly (readonly LinkOrder[])[]): Network {
    return new Network(
      orders,
      orders.map((row) => row.map(() => empty)),
      orders.map(() => ""),
      false,
    );
  }

  fork(): Network {
    return new Network(this.orders, this.inboxes.slice(), this.texts.slice(), false);
  }

  own(): Network {
    const copies = this.inboxes.map((inbox) => inbox.map((queue) => queue.slice()));
    return new Network(this.orders, copies, this.texts.slice(), true);
  }

  order(from: number, to: number): LinkOrder {
    return this.orders[to]?.[from] as LinkOrder;
  }

  queue(from: number, to: number): Queue {
    return this.inboxes[to]?.[from] as Queue;
  }

  /** The messages on their way to a participant, by sender. A value: it stands for the same inbox in any network. */
  inbox(to: number): Inbox {
    return this.inboxes[to] as Inbox;
  }

  setInbox(to: number, inbox: Inbox): void {
    this.inboxes[to] = inbox;
    this.texts[to] = undefined;
  }

  /** Puts a message in flight. On a set link, one that is already there is not added again. */
  add(from: number, to: number, item: InFlight): void {
    const queue = this.queue(from, to);
    if (this.order(from, to) === "set" && findEqual(queue, item) >= 0) return;
    this.change(from, to, queue.length, 0, item);
  }

  remove(from: number, to: number, position: number): void {
    this.change(from, to, position, 1);
  }

  /** Puts a copy directly behind the message at this position. */
  duplicate(from: number, to: number, position: number, copy: InFlight): void {
    this.change(from, to, position + 1, 0, copy);
  }

  /** The canonical text of each receiver's inbox. */
  encodeInboxes(): string[] {
    return this.inboxes.map((_, to) => this.encodeInbox(to));
  }

  encodeInbox(to: number): string {
    const known = this.texts[to];
    if (known !== undefined) return known;
    const parts: string[] = [];
    (this.inboxes[to] as readonly Queue[]).forEach((queue, from) => {
      if (queue.length > 0) parts.push(`${from}(${encodeQueue(queue, this.order(from, to))})`);
    });
    const text = parts.join(" ");
    if (!this.owned) this.texts[to] = text;
    return text;
  }

  private change(from: number, to: number, position: number, removed: number, added?: InFlight): void {
    const inbox = this.inboxes[to] as readonly Queue[];
    this.texts[to] = undefined;
    if (this.owned) {
      const queue = inbox[from] as InFlight[];
      if (added === undefined) queue.splice(position, removed);
      else if (position === queue.length) queue.push(added);
      else queue.splice(position, removed, added);
      return;
    }
    const queue = (inbox[from] as Queue).slice() as InFlight[];
    if (added === undefined) queue.splice(position, removed);
    else queue.splice(position, removed, added);
    const copy = inbox.slice();
    copy[from] = queue.length === 0 ? empty : queue;
    this.inboxes[to] = copy;
  }
}

function encodeQueue(queue: Queue, order: LinkOrder): string {
  const inOrder = queue.filter((item) => !item.delayed).map(textOf);
  if (order !== "fifo") return inOrder.sort(byCodeUnits).join(",");
  const delayed = queue.filter((item) => item.delayed).map(textOf);
  return delayed.length === 0 ? inOrder.join(",") : `${inOrder.join(",")};${delayed.sort(byCodeUnits).join(",")}`;
}

/** The canonical text of a message in flight: message, call, active bags. */
export function textOf(item: InFlight): string {
  item.text ??= payloadText(item.envelope, item.bags);
  return item.text;
}

function payloadText(envelope: Envelope, bags: string): string {
  const call = envelope.call === undefined ? "" : ` for ${encode(envelope.call)}`;
  return `${encode(envelope.message)}${call}${bags}`;
}

/** The position of the first message in the queue with the same content, or -1. */
export function findEqual(queue: Queue, item: InFlight): number {
  const hash = hashOf(item);
  for (let position = 0; position < queue.length; position += 1) {
    const other = queue[position] as InFlight;
    if (other === item) return position;
    if ((other.hash ?? hashOf(other)) === hash && other.delayed === item.delayed && textOf(other) === textOf(item)) {
      return position;
    }
  }
  return -1;
}

function hashOf(item: InFlight): number {
  item.hash ??= contentHash(item.envelope.message);
  return item.hash;
}
