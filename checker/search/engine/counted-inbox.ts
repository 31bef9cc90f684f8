import { type Inbox, type InFlight, type LinkOrder, textOf } from "../../../sim/network.js";
import { byCodeUnits } from "../../../sim/value.js";
import type { Interner } from "./interner.js";

/** A message on its way to a participant. */
export interface Arriving {
  readonly from: number;
  readonly item: InFlight;
}

/** Where the count of one distinct message stands within its inbox's field. */
export interface CountField {
  readonly shift: number;
  readonly bits: number;
}

/** Stands for an inbox that the present fields cannot hold. */
export const tooMany = -1;

/** With more bits than this, an inbox is better kept as one interned value. */
export const inboxBitsMax = 24;

/**
 * An inbox as a number: how often each distinct message is in it, in fields of one bit each (a bitset) until one of them is
 * there twice. The fields stand in the order in which deliveries are offered, but for messages that came about since the
 * last layout. For links without an order of their own.
 */
export class CountedInbox {
  /** By number of the message; without those that were seen after the last layout. */
  fields: readonly CountField[] = [];
  /** Whether all fields have one bit; and stand in the order in which deliveries are offered. */
  isBitset = true;
  isInOrder = true;
  /** The first bits of all fields, in the order in which deliveries are offered. */
  bitsInOrder: readonly number[] = [];
  /** The message whose field begins at a bit. */
  readonly itemAt = new Int32Array(32);
  private readonly bitsWanted: number[] = [];
  /** By the id of the faults: the bits of the messages that the partitions in force hold back. */
  readonly held = new Map<number, number>();
  private isFull = false;
  private room = 0;
  private isGivenUp = false;

  /** @param orders the orders of the links that lead here, by sender */
  constructor(
    private readonly items: Interner<Arriving>,
    private readonly orders: readonly LinkOrder[],
    private readonly bitsMax: number,
  ) {}

  /** Whether a message has no field, or too narrow a one. */
  get isOutgrown(): boolean {
    return !this.isGivenUp && (this.isFull || this.items.size > this.fields.length);
  }

  /** Fields for all messages seen so far, as wide as they are wanted; null when that is too much for one inbox. */
  wantedFields(): readonly CountField[] | null {
    const fields: CountField[] = [];
    let shift = 0;
    for (const item of this.inOrder()) {
      const bits = this.bitsWanted[item] ?? 1;
      fields[item] = { shift, bits };
      shift += bits;
    }
    return shift <= this.bitsMax ? fields : null;
  }

  /**
   * @param fields null when it is to be an interned value from now on, and no room is needed here any more
   * @param room how many bits there are
   */
  adopt(fields: readonly CountField[] | null, room: number): void {
    this.isGivenUp = fields === null;
    if (fields === null) return;
    this.fields = fields;
    this.room = Math.min(room, this.bitsMax);
    this.isFull = false;
    this.isBitset = fields.every(({ bits }) => bits === 1);
    fields.forEach(({ shift, bits }, item) => {
      this.itemAt[shift] = item;
      this.bitsWanted[item] = bits;
    });
    this.order();
  }

  /** Gives fields to messages that have none, if there is room; false if there is not. */
  extend(): boolean {
    if (this.isGivenUp) return true;
    if (this.isFull) return false;
    const fields = this.fields.slice();
    let shift = fields.reduce((sum, { bits }) => sum + bits, 0);
    for (let item = fields.length; item < this.items.size; item += 1, shift += 1) {
      if (this.bitsWanted[item] !== undefined || shift === this.room) return false;
      fields[item] = { shift, bits: 1 };
      this.itemAt[shift] = item;
    }
    this.fields = fields;
    this.order();
    return true;
  }

  private order(): void {
    this.held.clear();
    this.bitsInOrder = this.inOrder().flatMap((item) => this.fields[item]?.shift ?? []);
    this.isInOrder = this.bitsInOrder.every((bit, i) => i === 0 || bit > (this.bitsInOrder[i - 1] as number));
  }

  private inOrder(): number[] {
    const { values } = this.items;
    return [...values.keys()].sort((a, b) => byOffer(values[a] as Arriving, values[b] as Arriving));
  }

  /** The number of an inbox, or `tooMany`: then fields that could hold it are wanted. */
  idOf(inbox: Inbox): number {
    const counts = new Map<number, number>();
    for (const message of this.messagesIn(inbox)) counts.set(message, (counts.get(message) ?? 0) + 1);
    let id = 0;
    let fits = true;
    for (const [item, count] of counts) {
      const bits = 32 - Math.clz32(count);
      const field = this.fields[item];
      if (field !== undefined && bits <= field.bits) {
        id |= count << field.shift;
        continue;
      }
      this.want(item, bits);
      fits = false;
    }
    return fits ? id : tooMany;
  }

  messagesIn(inbox: Inbox): number[] {
    return inbox.flatMap((queue, from) =>
      queue.map((item) => this.items.idOf(`${from} ${textOf(item)}`, { from, item })),
    );
  }

  inboxOf(id: number): Inbox {
    const inbox = this.orders.map((): InFlight[] => []);
    for (const message of this.messagesOf(id)) {
      const { from, item } = this.items.values[message] as Arriving;
      inbox[from]?.push(item);
    }
    return inbox;
  }

  /** The messages of an inbox, each as often as it is there, in the order in which they are offered. */
  messagesOf(id: number): number[] {
    const messages: number[] = [];
    for (const bit of this.bitsInOrder) {
      const message = this.itemAt[bit] as number;
      const { shift, bits } = this.fields[message] as CountField;
      for (let count = (id >>> shift) & ((1 << bits) - 1); count > 0; count -= 1) messages.push(message);
    }
    return messages;
  }

  /** The inbox of one message. */
  inboxWith(message: number | undefined): Inbox {
    const { from, item } =
      message === undefined ? { from: -1, item: undefined } : (this.items.values[message] as Arriving);
    return this.orders.map((_, sender) => (sender === from && item !== undefined ? [item] : []));
  }

  /** The lowest bits of the fields of all messages that are there. */
  present(id: number): number {
    if (this.isBitset) return id;
    let present = 0;
    for (const { shift, bits } of this.fields) {
      if (((id >>> shift) & ((1 << bits) - 1)) !== 0) present |= 1 << shift;
    }
    return present;
  }

  /** The bits of the messages that are offered before the one whose field begins at a bit. */
  before(bit: number): number {
    return this.bitsInOrder.slice(0, this.bitsInOrder.indexOf(bit)).reduce((bits, other) => bits | (1 << other), 0);
  }

  /** Whether a message stays where it is when it comes again, and when it is delivered. */
  isInSet(message: number): boolean {
    return this.orders[(this.items.values[message] as Arriving).from] === "set";
  }

  /** The inbox with one message more, or `tooMany`: then a field that could hold it is wanted. */
  add(id: number, message: number): number {
    const field = this.fields[message];
    if (field === undefined) return tooMany;
    const most = (1 << field.bits) - 1;
    const count = (id >>> field.shift) & most;
    if (count > 0 && this.isInSet(message)) return id;
    if (count < most) return id + (1 << field.shift);
    this.want(message, field.bits + 1);
    return tooMany;
  }

  /** The inbox with one less of a message that is there. */
  remove(id: number, message: number): number {
    return id - (1 << (this.fields[message] as CountField).shift);
  }

  private want(message: number, bits: number): void {
    this.bitsWanted[message] = Math.max(this.bitsWanted[message] ?? 1, bits);
    this.isFull = true;
  }
}

/** By sender, then by content, as `enabledChoices` offers deliveries. */
function byOffer(a: Arriving, b: Arriving): number {
  return a.from - b.from || byCodeUnits(textOf(a.item), textOf(b.item));
}
