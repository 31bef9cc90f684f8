import type { Origin } from "./origin.js";
import { contentHash } from "./content-hash.js";
import { freezeWhole } from "./freeze.js";
import type { Envelope } from "./message.js";
import { byCodeUnits, encode } from "./value.js";

/** How a link delivers: in order of sending; in any order; or in any order, as often as one likes (a set of messages). */
export type LinkOrder = "fifo" | "any" | "set";

/**
 * A message in flight: an envelope, and by itself the origin of what becomes of it. It is one flat object, since a run keeps
 * each of them.
 */
export interface InFlight extends Envelope, Origin {
  /** The numbers of those that it is from and to. */
  readonly sender: number;
  readonly receiver: number;
  /** It left its first-in-first-out queue, and may be overtaken. */
  readonly delayed: boolean;
  /** Texts of the active bags' values, a part of its content; empty when there are none. */
  readonly bags: string;
  /** The canonical text of message, call and active bags, kept once it is known. */
  text: string | undefined;
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
    /** Of an owned network, the content hashes of all messages, as `hashes[to][from]`: to be searched at one go. */
    private readonly hashes: number[][][] | undefined,
  ) {}

  /** @param orders the order of the link from participant `from` to participant `to`, as `orders[to][from]`. */
  static over(orders: readonly (readonly LinkOrder[])[]): Network {
    return new Network(
      orders,
      orders.map((row) => row.map(() => empty)),
      orders.map(() => ""),
      undefined,
    );
  }

  fork(): Network {
    return new Network(this.orders, this.inboxes.slice(), this.texts.slice(), undefined);
  }

  own(): Network {
    const copies = this.inboxes.map((inbox) => inbox.map((queue) => queue.slice()));
    const hashes = copies.map((inbox) => inbox.map((queue) => queue.map(hashOf)));
    return new Network(this.orders, copies, this.texts.slice(), hashes);
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
    if (this.order(from, to) === "set" && this.find(from, to, item) >= 0) return;
    // What cannot be kept is refused where it is sent; a simulation may never ask for the text, and goes without.
    if (this.hashes === undefined) textOf(item);
    this.insert(from, to, this.queue(from, to).length, item);
  }

  /** Puts a copy directly behind the message at this position. */
  duplicate(from: number, to: number, position: number, copy: InFlight): void {
    this.insert(from, to, position + 1, copy);
  }

  private insert(from: number, to: number, position: number, item: InFlight): void {
    const queue = this.changing(from, to);
    if (position === queue.length) queue.push(item);
    else queue.splice(position, 0, item);
    const hashes = this.hashes?.[to]?.[from];
    if (hashes === undefined) return;
    if (position === hashes.length) hashes.push(hashOf(item));
    else hashes.splice(position, 0, hashOf(item));
  }

  remove(from: number, to: number, position: number): void {
    const queue = this.changing(from, to);
    takeOut(queue, position);
    const hashes = this.hashes?.[to]?.[from];
    if (hashes !== undefined) takeOut(hashes, position);
    else if (queue.length === 0) (this.inboxes[to] as Queue[])[from] = empty;
  }

  /** A queue that may be written to: in a shared network, a copy that takes the queue's place. */
  private changing(from: number, to: number): InFlight[] {
    this.texts[to] = undefined;
    this.foundIn = undefined;
    const inbox = this.inboxes[to] as Queue[];
    if (this.hashes !== undefined) return inbox[from] as InFlight[];
    const copy = inbox.slice();
    const queue = (inbox[from] as Queue).slice() as InFlight[];
    copy[from] = queue;
    this.inboxes[to] = copy;
    return queue;
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
    if (this.hashes === undefined) this.texts[to] = text;
    return text;
  }

  /** The position of the first message of a link with the same content as this one, or -1. */
  find(from: number, to: number, item: InFlight): number {
    const queue = this.queue(from, to);
    if (this.foundIn === queue && queue[this.foundAt] === item) return this.foundAt;
    const hashes = this.hashes?.[to]?.[from];
    if (hashes === undefined) return queue.findIndex((other) => isEqual(other, item));
    this.foundIn = queue;
    this.foundAt = findByHash(queue, hashes, item);
    return this.foundAt;
  }

  /** Of an owned network, where something was found last, until something changes: whoever asks usually asks again. */
  private foundIn: Queue | undefined;
  private foundAt = -1;
}

/** As `splice`, without an array of what was taken out. */
function takeOut<T>(items: T[], position: number): void {
  for (let i = position + 1; i < items.length; i += 1) items[i - 1] = items[i] as T;
  items.pop();
}

function encodeQueue(queue: Queue, order: LinkOrder): string {
  const inOrder = queue.filter((item) => !item.delayed).map(textOf);
  if (order !== "fifo") return inOrder.sort(byCodeUnits).join(",");
  const delayed = queue.filter((item) => item.delayed).map(textOf);
  return delayed.length === 0 ? inOrder.join(",") : `${inOrder.join(",")};${delayed.sort(byCodeUnits).join(",")}`;
}

/** The canonical text of a message in flight: message, call, active bags. */
export function textOf(item: InFlight): string {
  if (item.text === undefined) {
    item.text = payloadText(item, item.bags);
    freezeWhole(item.message);
    freezeWhole(item.call);
  }
  return item.text;
}

function payloadText(envelope: Envelope, bags: string): string {
  const call = envelope.call === undefined ? "" : ` for ${encode(envelope.call)}`;
  return `${encode(envelope.message)}${call}${bags}`;
}

/** Looks at the hashes first, which are one after the other in memory. */
function findByHash(queue: Queue, hashes: readonly number[], item: InFlight): number {
  const own = queue.indexOf(item);
  const hash = own >= 0 ? (hashes[own] as number) : hashOf(item);
  for (let at = hashes.indexOf(hash); at >= 0; at = hashes.indexOf(hash, at + 1)) {
    if (at === own || isEqual(queue[at] as InFlight, item)) return at;
  }
  return -1;
}

function isEqual(a: InFlight, b: InFlight): boolean {
  return a === b || (a.delayed === b.delayed && textOf(a) === textOf(b));
}

function hashOf(item: InFlight): number {
  return contentHash(item.message);
}

/** What users see of a message in flight. */
export function envelopeOf({ from, to, message, call }: InFlight): Envelope {
  return call === undefined ? { from, to, message } : { from, to, message, call };
}
