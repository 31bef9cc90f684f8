import type { Choice, MessageChoice, MessageFault } from "../choice.js";
import { nextOperations } from "../client.js";
import { boundaryOf, enabledChoices, fireable, isCut, isLeft } from "../enabled.js";
import { EventQueue } from "../event-queue.js";
import type { InFlight, LinkOrder } from "../network.js";
import { type Random, stream } from "../random.js";
import type { Recorder } from "../recorder.js";
import type { Strategy, StrategyFor } from "../strategy.js";
import type { CompiledClient, System } from "../system.js";
import type { ClientSlot, NodeSlot, PendingChoice, Timer, World } from "../world.js";
import { FaultPlan, type PlannedFault } from "./fault-plan.js";
import { changes } from "./listing.js";

/**
 * Simulates in virtual time: latencies, think times and faults are drawn, each from a stream of its own, and the earliest
 * that is due happens next. The same seed gives the same run.
 */
export function timed(seed: number): StrategyFor {
  return (system) => new Timed(system, seed);
}

/** What falls due at some time. It is checked when it is due, since by then it may have become pointless. */
type Entry =
  | InFlight
  | { readonly kind: "timer"; readonly node: number; readonly timer: Timer }
  | { readonly kind: "ask"; readonly node: number; readonly asked: PendingChoice }
  | { readonly kind: "flush"; readonly node: number }
  | { readonly kind: "client"; readonly client: number }
  | { readonly kind: "fault"; readonly fault: PlannedFault };

/** Ticks from asking for a choice, or saving later, to its taking. */
const ownDelay = [1, 100] as const;

class Timed implements Strategy {
  readonly name = "timed";
  private readonly queue = new EventQueue<Entry>();
  /** By node, client, and link, in this order. */
  private readonly streams: Random[] = [];
  private redeliveries: Random | undefined;
  private readonly plan: FaultPlan;
  private readonly lastArrival: number[] = [];
  /** Messages that were due while their link was cut. */
  private held: InFlight[] = [];
  /** The faults drawn for messages under way; all others will be delivered. */
  private readonly fates = new Map<InFlight, MessageFault>();
  private recorder: Recorder | undefined;
  readonly observer = {
    sent: (item: InFlight): void => this.sent(item),
    timerSet: (node: number, timer: Timer): void => {
      this.queue.push(this.queue.now + timer.delay, { kind: "timer", node, timer });
    },
    asked: (node: number, asked: PendingChoice): void => {
      this.queue.push(this.queue.now + this.nodeStream(node).between(...ownDelay), { kind: "ask", node, asked });
    },
    savedLater: (node: number): void => {
      this.queue.push(this.queue.now + this.nodeStream(node).between(...ownDelay), { kind: "flush", node });
    },
    closed: (client: number): void => this.think(client),
  };

  constructor(
    private readonly system: System,
    private readonly seed: number,
  ) {
    this.plan = new FaultPlan(system, seed);
    system.clients.forEach((_, client) => {
      this.think(client);
    });
    for (const { time, fault } of this.plan.initial()) this.queue.push(time, { kind: "fault", fault });
  }

  recordTo(recorder: Recorder): void {
    this.recorder = recorder;
  }

  next(world: World): Choice | undefined {
    for (;;) {
      const entry = this.queue.pop() ?? this.redelivery(world);
      if (entry === undefined) return undefined;
      const choice = this.choiceOf(entry, world);
      if (choice === undefined) continue;
      if (this.recorder !== undefined) this.recorder.now = this.queue.now;
      if (choice.kind === "heal") this.release();
      return choice;
    }
  }

  /** What is due as a choice; undefined when it has become pointless. */
  private choiceOf(entry: Entry, world: World): Choice | undefined {
    if ("message" in entry) return this.messageChoice(entry, world);
    switch (entry.kind) {
      case "timer": {
        const slot = world.nodes[entry.node] as NodeSlot;
        const node = this.system.participants[entry.node];
        return node !== undefined && slot.timers.includes(entry.timer) && fireable(slot.timers).includes(entry.timer)
          ? { kind: "fire", node, timer: entry.timer.name }
          : undefined;
      }
      case "ask":
        return this.askedChoice(entry.node, entry.asked, world);
      case "flush": {
        const node = this.system.participants[entry.node];
        return node !== undefined && world.nodes[entry.node]?.unflushed !== undefined
          ? { kind: "flush", node }
          : undefined;
      }
      case "client":
        return this.invocation(entry.client, world);
      case "fault": {
        for (const { time, fault } of this.plan.after(entry.fault, this.queue.now)) {
          this.queue.push(time, { kind: "fault", fault });
        }
        return this.plan.choiceOf(entry.fault, world);
      }
    }
  }

  private messageChoice(item: InFlight, world: World): Choice | undefined {
    const { sender: from, receiver: to } = item;
    if (isCut(this.system, world, from, to)) {
      this.held.push(item);
      return undefined;
    }
    const fate = this.fateOf(item);
    const queue = world.network.queue(from, to);
    const isInOrder = world.network.order(from, to) === "fifo" && !item.delayed;
    // A first-in-first-out link delivers its head, whichever message that is by now.
    const message = isInOrder ? queue.find((one) => !one.delayed) : queue[world.network.find(from, to, item)];
    if (message === undefined) return undefined;
    const kind = this.possible(fate, message, world);
    // The network's copy is another message with an arrival of its own; this one still has to arrive.
    if (kind === "duplicate") this.queue.push(this.queue.now, item);
    return { kind, message };
  }

  /** The fate that was drawn for a message; what befalls another in its place, or comes of it, is drawn no more. */
  private fateOf(item: InFlight): MessageChoice["kind"] {
    const fault = this.fates.size === 0 ? undefined : this.fates.get(item);
    if (fault === undefined) return "deliver";
    this.fates.delete(item);
    return fault;
  }

  /** The fate that was drawn, if it is still possible: the head may be another message than the one it was drawn for. */
  private possible(fate: MessageChoice["kind"], { to, message }: InFlight, world: World): MessageChoice["kind"] {
    if (fate === "deliver" || !isLeft(world, fate)) return "deliver";
    const fails = fate === "error" && boundaryOf(this.system, to, message.kind) === undefined;
    return fails ? "deliver" : fate;
  }

  private askedChoice(number: number, asked: PendingChoice, world: World): Choice | undefined {
    const node = this.system.participants[number];
    if (node === undefined || world.nodes[number]?.pending.includes(asked) !== true) return undefined;
    const option = asked.options[this.nodeStream(number).between(0, asked.options.length - 1)];
    return option === undefined ? undefined : { kind: "choose", node, label: asked.label, option: option.value };
  }

  private invocation(number: number, world: World): Choice | undefined {
    const client = this.system.clients[number] as CompiledClient;
    const slot = world.clients[number] as ClientSlot;
    const operations = nextOperations(client, slot);
    const operation = operations[this.clientStream(number).between(0, operations.length - 1)];
    if (operation === undefined) return undefined;
    const impatience = this.plan.impatience(number, slot.next, this.queue.now);
    if (impatience !== undefined) this.queue.push(impatience.time, { kind: "fault", fault: impatience.fault });
    const listed = client.workload.kind === "any" ? { operation } : {};
    return { kind: "invoke", client: client.id, index: slot.next, ...listed };
  }

  private sent(item: InFlight): void {
    const { sender: from, receiver: to } = item;
    const link = to * this.system.participants.length + from;
    const order = this.system.orders[to]?.[from] as LinkOrder;
    const { latency } = this.system.timing;
    let time = this.queue.now + this.linkStream(link, from, to).between(latency[0], latency[1]);
    if (order === "fifo" && !item.delayed) {
      time = Math.max(time, this.lastArrival[link] ?? 0);
      this.lastArrival[link] = time;
    }
    const fate = this.plan.fateOf(item, order);
    if (fate !== "deliver") this.fates.set(item, fate);
    this.queue.push(time, item);
  }

  /** After healing, what was held back arrives, in the order in which it was due. */
  private release(): void {
    for (const entry of this.held) this.queue.push(this.queue.now, entry);
    this.held = [];
  }

  /** With nothing else due: a message of a set link whose delivery would still change the world, any one of them. */
  private redelivery(world: World): Entry | undefined {
    if (!this.system.orders.some((row) => row.includes("set"))) return undefined;
    const messages = enabledChoices(this.system, world).flatMap((choice) =>
      choice.kind === "deliver" && changes(this.system, world, choice) ? [choice.message] : [],
    );
    this.redeliveries ??= stream(this.seed, "redelivery");
    const message = messages[this.redeliveries.between(0, messages.length - 1)];
    return message;
  }

  private think(client: number): void {
    const time = this.queue.now + this.clientStream(client).between(...this.system.timing.think);
    this.queue.push(time, { kind: "client", client });
  }

  private linkStream(link: number, from: number, to: number): Random {
    const names = this.system.participants;
    const position = names.length + link;
    return this.streams[position] ?? this.begin(position, `latency ${names[from]?.text}->${names[to]?.text}`);
  }

  private clientStream(client: number): Random {
    const position = this.system.nodes.length + client;
    return this.streams[position] ?? this.begin(position, `client ${this.system.clients[client]?.id.text}`);
  }

  /** The node's own dice: its pending choices, and when what it saves later is flushed. */
  private nodeStream(node: number): Random {
    return this.streams[node] ?? this.begin(node, `choices ${this.system.nodes[node]?.id.text}`);
  }

  private begin(position: number, purpose: string): Random {
    const made = stream(this.seed, purpose);
    this.streams[position] = made;
    return made;
  }
}
