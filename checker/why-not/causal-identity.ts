import type { Origin } from "../../sim/origin.js";
import { blindObserver } from "../../sim/carrier.js";
import type { Choice, MessageChoice } from "../../sim/choice.js";
import { encode, type Value } from "../../sim/value.js";
import { type Inbox, type InFlight, type Queue, textOf } from "../../sim/network.js";
import type { Causes, EventKind, StepObserver } from "../../sim/observer.js";
import type { System } from "../../sim/system.js";
import type { NodeSlot, PendingChoice, Timer, World } from "../../sim/world.js";

/**
 * Names events by what brought them about, so that an event is the same one in two runs whatever it carries: a delivery by
 * the event that sent the message and its place among the messages of its kind to its receiver, a firing by the event that
 * set the timer, an invocation by its client and index.
 *
 * It listens to steps that whoever drives them takes one at a time, having said which number the event gets.
 */
export class CausalIdentity implements StepObserver {
  /** The number of the next event. Counts on by itself; a driver sets it before a step. */
  next = 0;
  /** A number that is passed over: of initial data that a run is made without. */
  skipped = -1;
  /** What was sent, set and asked for since it was cleared: texts of contents, by names that another run may have too. */
  readonly emissions = new Map<string, string>();
  /** The messages among them. */
  readonly messages = new Map<string, InFlight>();
  private readonly carrier: StepObserver | undefined;
  private readonly places = new WeakMap<InFlight, string>();
  private readonly sentNow = new Map<string, number>();
  private delayed: string | undefined;
  private readonly ofInboxes = new WeakMap<Inbox, string>();
  private readonly ofSlots = new WeakMap<NodeSlot, string>();

  constructor(private readonly system: System) {
    this.carrier = blindObserver(system);
  }

  begin(kind: EventKind, participant: number, choice: Choice | undefined, causes: Causes): Origin {
    this.sentNow.clear();
    this.delayed = choice?.kind === "delay" ? this.places.get(choice.message) : undefined;
    if (this.next === this.skipped) this.next += 1;
    const event = this.next;
    this.next += 1;
    const context = this.carrier?.begin(kind, participant, choice, causes).context ?? [];
    return { event, context };
  }

  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin {
    if (this.carrier === undefined) return origin;
    return { event: origin.event, context: this.carrier.emitted(origin, tracepoint, fields).context };
  }

  sent(item: InFlight): void {
    const sort = `${item.receiver}.${item.message.kind}`;
    const before = this.sentNow.get(sort) ?? 0;
    this.sentNow.set(sort, before + 1);
    const place = this.delayed === undefined ? `${sort}.${before}` : `${this.delayed}~`;
    this.places.set(item, place);
    const name = `${item.event} ${place}`;
    this.emissions.set(name, textOf(item));
    this.messages.set(name, item);
  }

  timerSet(node: number, timer: Timer): void {
    this.emissions.set(timerName(node, timer), `${timer.delay}${timer.bags ?? ""}`);
  }

  asked(node: number, choice: PendingChoice): void {
    const options = choice.options.map(({ text }) => text).join("|");
    this.emissions.set(choiceName(node, choice), `${options}${choice.bags ?? ""}`);
  }

  /** Forgets what was emitted so far. */
  clear(): void {
    this.emissions.clear();
    this.messages.clear();
  }

  /** The name of the event that a choice makes, by the events that it comes from. */
  nameOf(world: World, choice: Choice): string {
    if ("message" in choice) {
      return `${choice.kind} ${this.nameOfMessage((this.own(world, choice) as MessageChoice).message)}`;
    }
    switch (choice.kind) {
      case "fire": {
        const slot = world.nodes[this.system.nodeNumber(choice.node)];
        const timer = slot?.timers.find(({ name }) => name === choice.timer);
        return timer === undefined ? "fire" : `fire ${timerName(this.system.nodeNumber(choice.node), timer)}`;
      }
      case "choose": {
        const slot = world.nodes[this.system.nodeNumber(choice.node)];
        const asked = slot?.pending.find(({ label }) => label === choice.label);
        if (asked === undefined) return "choose";
        return `choose ${choiceName(this.system.nodeNumber(choice.node), asked)} ${encode(choice.option)}`;
      }
      case "flush":
      case "crash":
      case "recover":
        return `${choice.kind} ${choice.node.text}`;
      case "invoke": {
        const { operation } = choice;
        const asked = operation === undefined ? "" : ` ${operation.to.text} ${encode(operation.message)}`;
        return `invoke ${choice.client.text} ${choice.index}${asked}`;
      }
      case "give-up":
        return `give-up ${choice.client.text} ${choice.index}`;
      case "partition":
        return `partition ${choice.name}`;
      case "heal":
        return "heal";
    }
  }

  /** The name of what a choice takes up: the message, timer or pending choice that an earlier event emitted. */
  takenUp(world: World, choice: Choice): string | undefined {
    switch (choice.kind) {
      case "deliver":
      case "drop":
      case "duplicate":
      case "delay":
      case "error":
      case "fire":
        return this.nameOf(world, choice).slice(choice.kind.length + 1);
      case "choose":
        return this.nameOf(world, choice).slice(7, -encode(choice.option).length - 1);
      default:
        return undefined;
    }
  }

  /** The message of this name in flight on a link, whatever it carries, and whether it is delayed or not. */
  messageNamed(world: World, { sender, receiver }: InFlight, name: string): InFlight | undefined {
    const wanted = undelayed(name);
    return world.network.queue(sender, receiver).find((item) => undelayed(this.nameOfMessage(item)) === wanted);
  }

  /** The same choice, of a world whose messages have identities: with its own message in place of an equal one. */
  own(world: World, choice: Choice): Choice {
    if (!("message" in choice)) return choice;
    const { sender, receiver } = choice.message;
    const message = world.network.queue(sender, receiver)[world.network.find(sender, receiver, choice.message)];
    return message === undefined || message === choice.message ? choice : { kind: choice.kind, message };
  }

  /** The names of all that is under way in a world: with the world's text, it decides the names of all that may follow. */
  underWay(world: World): string {
    const texts: string[] = [];
    for (let to = 0; to < this.system.participants.length; to += 1) texts.push(this.ofInbox(world, to));
    for (const slot of world.nodes) texts.push(this.ofSlot(slot));
    return texts.join(";");
  }

  nameOfMessage(item: InFlight): string {
    return `${item.event} ${this.places.get(item) ?? ""}`;
  }

  private ofInbox(world: World, to: number): string {
    const inbox = world.network.inbox(to);
    let known = this.ofInboxes.get(inbox);
    if (known === undefined) {
      known = inbox.map((queue, from) => this.ofQueue(queue, world.network.order(from, to) === "fifo")).join("|");
      this.ofInboxes.set(inbox, known);
    }
    return known;
  }

  /** Where messages may overtake each other, only the order of equal ones is kept: the one sent first goes first. */
  private ofQueue(queue: Queue, isFifo: boolean): string {
    if (queue.length === 0) return "";
    const inOrder = isFifo ? queue.filter((item) => !item.delayed) : [];
    const others = queue.filter((item) => !isFifo || item.delayed);
    if (others.length > 1) others.sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
    return [...inOrder, ...others].map((item) => this.nameOfMessage(item)).join(",");
  }

  private ofSlot(slot: NodeSlot): string {
    let known = this.ofSlots.get(slot);
    if (known === undefined) {
      const origins = [...slot.timers, ...slot.pending].map(({ origin }) => origin?.event);
      known = origins.join(",");
      this.ofSlots.set(slot, known);
    }
    return known;
  }
}

function undelayed(name: string): string {
  return name.replace(/~+$/, "");
}

function timerName(node: number, timer: Timer): string {
  return `${timer.origin?.event} timer ${node}.${timer.name}`;
}

function choiceName(node: number, choice: PendingChoice): string {
  return `${choice.origin?.event} choice ${node}.${choice.label}`;
}
