import type { Call, Message } from "../../sim/message.js";
import type { InFlight } from "../../sim/network.js";
import type { NodeId } from "../../sim/node-id.js";
import { none, type Trace } from "../../sim/trace.js";
import { contentText } from "../provenance/content.js";
import type { SentMessage } from "./node-machine.js";

/** A message of a run, named by where it comes from: which of the equal ones that an event sent. */
export interface Emission {
  /** The event that sent it, or made the copy. */
  readonly event: number;
  readonly text: string;
  /** How many equal ones the same event sent before it. */
  readonly copy: number;
}

const texts = new WeakMap<object, string>();

/** The text of a message's content: receiver, message, call, and what active bags carry. Kept once it is known. */
export function sentText(sent: SentMessage): string {
  let text = texts.get(sent);
  if (text === undefined) {
    text = textOf(sent.to, sent.message, sent.call, sent.bags);
    texts.set(sent, text);
  }
  return text;
}

export function itemText(item: InFlight): string {
  let text = texts.get(item);
  if (text === undefined) {
    const { to, message, call } = item;
    text = textOf(to, message, call, item.bags);
    texts.set(item, text);
  }
  return text;
}

/** A message in flight as what was sent, with the baggage of active bags alone. */
export function messageOf({ to, message, call, context, bags }: InFlight, { system }: Trace): SentMessage {
  const baggage = context.slice(0, system.activeBags.length);
  return { to, message, ...(call === undefined ? {} : { call }), baggage, bags };
}

function textOf(to: NodeId, message: Message, call: Call | undefined, bags: string): string {
  return `${contentText([to, message, call ?? null])}${bags}`;
}

/** Which message each event of a run is about: deliveries, losses, and the network's faults. */
export class Emissions {
  readonly #ofEvent = new Map<number, Emission>();
  /** What each event sent, in order; of a copy that the network made, the copy. */
  readonly #sent = new Map<number, InFlight[]>();
  /** The messages that have left the network, by event and text. */
  readonly #taken = new Map<string, number>();

  constructor(readonly trace: Trace) {
    for (const { event, item } of trace.sent) {
      // A message that is delayed is still the one that was sent.
      if (trace.kind(event) === "delay") continue;
      const sent = this.#sent.get(event);
      if (sent === undefined) this.#sent.set(event, [item]);
      else sent.push(item);
    }
    for (let event = 0; event < trace.length; event += 1) this.#see(event);
  }

  #see(event: number): void {
    const choice = this.trace.choices[event];
    const cause = this.trace.causes.get(event);
    if (choice === undefined || !("message" in choice) || cause === none) return;
    const text = itemText(choice.message);
    const key = `${cause} ${text}`;
    const copy = this.#taken.get(key) ?? 0;
    const { from, to } = choice.message;
    const isTaken = choice.kind !== "duplicate" && choice.kind !== "delay" && !this.#isSet(from, to);
    if (isTaken) this.#taken.set(key, copy + 1);
    this.#ofEvent.set(event, { event: cause, text, copy });
  }

  #isSet(from: NodeId, to: NodeId): boolean {
    const { system } = this.trace;
    return system.orders[system.numberOf(to) as number]?.[system.numberOf(from) as number] === "set";
  }

  /** The message that the event delivers, loses, or befalls; undefined for other events. */
  of(event: number): Emission | undefined {
    return this.#ofEvent.get(event);
  }

  /** What an event sent, in order. */
  sentBy(event: number): readonly InFlight[] {
    return this.#sent.get(event) ?? [];
  }

  /** Messages that were sent and neither delivered nor lost by the end. */
  left(): Emission[] {
    const left: Emission[] = [];
    for (const [event, sent] of this.#sent) {
      const copies = new Map<string, number>();
      for (const item of sent) {
        const text = itemText(item);
        const copy = copies.get(text) ?? 0;
        copies.set(text, copy + 1);
        const { from, to } = item;
        if (this.#isSet(from, to) || copy >= (this.#taken.get(`${event} ${text}`) ?? 0))
          left.push({ event, text, copy });
      }
    }
    return left;
  }
}
