import type { Choice } from "../../sim/choice.js";
import { describeChoice } from "../../sim/choice.js";
import { nextOperations } from "../../sim/client.js";
import { initialWorld } from "../../sim/initial.js";
import type { InFlight } from "../../sim/network.js";
import { NodeFailure } from "../../sim/node-failure.js";
import { step } from "../../sim/step.js";
import type { CompiledClient, CompiledNode, System } from "../../sim/system.js";
import type { ChoiceOf } from "../../sim/stage.js";
import type { Trace } from "../../sim/trace.js";
import { encode } from "../../sim/value.js";
import { type ClientSlot, encodeClientSlot, forkWorld, type NodeSlot, type World } from "../../sim/world.js";
import type { NodeId } from "../../sim/node-id.js";
import { CausalIdentity } from "./causal-identity.js";

/** What one event did in a replay. */
export interface Taken {
  /** The choice's canonical text; undefined where it did not happen. */
  readonly input: string | undefined;
  /** The name of what it takes up, as a message. */
  readonly takesUp: string | undefined;
  /** The state of its node or client, without timers and pending choices. */
  readonly before: string;
  readonly after: string;
  /** Texts of what it emitted, by name. */
  readonly emissions: ReadonlyMap<string, string>;
  /** The messages among them. */
  readonly messages: ReadonlyMap<string, InFlight>;
}

/** A recorded run taken again event by event, each in its slot, one of them left out or none. */
export class ReplayWithout {
  world: World;
  /** The world before the last event was taken. */
  before: World;
  /** What the last event was here; undefined where it did not happen. */
  choice: Choice | undefined;
  readonly identity: CausalIdentity;
  private readonly system: System;
  private readonly started: Pick<Taken, "emissions" | "messages">;

  /** @param left the event that is left out; -1 for none. */
  constructor(
    private readonly trace: Trace,
    private readonly left: number,
  ) {
    this.identity = new CausalIdentity(trace.system);
    this.identity.skipped = left;
    this.system = withoutInitial(trace, left);
    this.world = initialWorld(this.system, this.identity);
    this.before = this.world;
    this.started = this.emitted();
  }

  /** What starts and initial data came to, at the node of one of these events. */
  atStart(event: number): Taken {
    const after = stateText(this.world, this.trace.participants.get(event));
    const input = event === this.left ? undefined : "initial";
    return { input, takesUp: undefined, before: "", after, ...this.started };
  }

  /** Takes the next event in its slot, given the name of what it takes up in the recorded run. */
  take(event: number, slot?: string): Taken {
    const participant = this.trace.participants.get(event);
    const before = stateText(this.world, participant);
    this.identity.clear();
    this.before = this.world;
    const recorded = this.trace.choices[event] as Choice;
    const choice = event === this.left ? undefined : this.variantOf(event, recorded, slot);
    this.choice = choice;
    const takesUp = choice === undefined ? undefined : this.identity.takenUp(this.world, choice);
    const input = choice === undefined ? undefined : this.inputText(choice);
    const failure = choice === undefined ? "" : this.step(event, choice);
    const after = stateText(this.world, participant) + failure;
    return { input, takesUp, before, after, ...this.emitted() };
  }

  private emitted(): Pick<Taken, "emissions" | "messages"> {
    return { emissions: new Map(this.identity.emissions), messages: new Map(this.identity.messages) };
  }

  /** The messages that a choice would send now, by name. */
  wouldSend(choice: Choice): ReadonlyMap<string, InFlight> {
    this.identity.next = this.trace.length;
    this.identity.clear();
    try {
      step(this.system, this.world, choice, this.identity);
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
    }
    return new Map(this.identity.messages);
  }

  /** Whether the message of this name is in flight. */
  isInFlight(name: string): boolean {
    return this.system.participants.some((_, to) =>
      this.world.network.inbox(to).some((queue) => queue.some((item) => this.identity.nameOfMessage(item) === name)),
    );
  }

  /** The timers and choices of a node that are pending, with the choices that take them up. */
  pendingAt(node: number): { readonly name: string; readonly choice: Choice }[] {
    const slot = this.world.nodes[node] as NodeSlot;
    const { id } = this.system.nodes[node] as CompiledNode;
    const choices: Choice[] = [
      ...slot.timers.map(({ name }) => ({ kind: "fire", node: id, timer: name }) as const),
      ...slot.pending.flatMap(({ label, options }) =>
        options.map(({ value }) => ({ kind: "choose", node: id, label, option: value }) as const),
      ),
    ];
    return choices.map((choice) => ({ name: this.identity.takenUp(this.world, choice) as string, choice }));
  }

  private step(event: number, choice: Choice): string {
    this.identity.next = event;
    try {
      this.world = step(this.system, this.world, choice, this.identity);
      return "";
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.identity.clear();
      return ` ${error.message}`;
    }
  }

  /** An invocation says what it asks, a delivery whether there is anybody; that a message was delayed makes no difference. */
  private inputText(choice: Choice): string {
    if ("message" in choice) {
      const text = describeChoice({ kind: choice.kind, message: { ...choice.message, delayed: false } });
      return choice.kind === "deliver" && this.world.nodes[choice.message.receiver]?.up === false
        ? `${text}, lost`
        : text;
    }
    if (choice.kind !== "invoke") return describeChoice(choice);
    const number = this.clientNumber(choice.client);
    const asked =
      choice.operation ?? nextOperations(this.clientNumbered(number), this.world.clients[number] as ClientSlot)[0];
    return `${describeChoice(choice)} ${asked === undefined ? "" : `${asked.to.text} ${encode(asked.message)}`}`;
  }

  /** What a recorded choice is in this world; undefined where there is nothing to take. */
  private variantOf(event: number, recorded: Choice, slot: string | undefined): Choice | undefined {
    const { world, identity } = this;
    switch (recorded.kind) {
      case "deliver":
      case "drop":
      case "duplicate":
      case "delay":
      case "error": {
        if (slot === undefined) return identity.own(world, recorded);
        const message = identity.messageNamed(world, recorded.message, slot);
        return message === undefined ? undefined : { kind: recorded.kind, message };
      }
      case "fire":
        return this.nodeAt(event).timers.some(({ name }) => name === recorded.timer) ? recorded : undefined;
      case "choose": {
        const asked = this.nodeAt(event).pending.find(({ label }) => label === recorded.label);
        const option = encode(recorded.option);
        return asked?.options.some(({ text }) => text === option) === true ? recorded : undefined;
      }
      case "flush":
        return this.nodeAt(event).unflushed === undefined ? undefined : recorded;
      case "crash":
        return this.nodeAt(event).up ? recorded : undefined;
      case "recover":
        return this.nodeAt(event).up ? undefined : recorded;
      case "invoke":
        return this.isAsked(recorded) ? recorded : undefined;
      case "give-up": {
        const { open, next } = this.world.clients[this.clientNumber(recorded.client)] as ClientSlot;
        return open === undefined || next - 1 !== recorded.index ? undefined : recorded;
      }
      case "partition":
      case "heal":
        return recorded;
    }
  }

  private nodeAt(event: number): NodeSlot {
    return this.world.nodes[this.trace.participants.get(event)] as NodeSlot;
  }

  private clientNumber(client: NodeId): number {
    return (this.system.numberOf(client) as number) - this.system.nodes.length;
  }

  /**
   * Whether a client has the operation of this slot, once it is ready for it: what it waits for in vain is given up. What it asks
   * follows the results that it has.
   */
  private isAsked({ client, index, operation }: ChoiceOf<"invoke">): boolean {
    const number = this.clientNumber(client);
    const { open, next } = this.world.clients[number] as ClientSlot;
    if (open !== undefined || next !== index) this.setNext(number, index);
    if (operation !== undefined) return true;
    return nextOperations(this.clientNumbered(number), this.world.clients[number] as ClientSlot).length > 0;
  }

  private clientNumbered(number: number): CompiledClient {
    return this.system.clients[number] as CompiledClient;
  }

  private setNext(number: number, next: number): void {
    const world = forkWorld(this.world);
    const slot = world.clients[number] as ClientSlot;
    world.clients[number] = { ...slot, next, open: undefined, text: undefined };
    this.world = world;
  }
}

/** The scenario without a message of a node's initial data. */
function withoutInitial(trace: Trace, left: number): System {
  const { system } = trace;
  if (left < 0 || trace.kind(left) !== "initial") return system;
  const node = trace.participants.get(left);
  let start = left;
  while (trace.kind(start) !== "start") start -= 1;
  const nodes = system.nodes.map((compiled, number) =>
    number === node ? { ...compiled, initial: compiled.initial.filter((_, i) => i !== left - start - 1) } : compiled,
  );
  return { ...system, nodes };
}

function stateText(world: World, participant: number): string {
  const slot = world.nodes[participant];
  if (slot !== undefined) {
    const { up, state, stable, unflushed, bags } = slot;
    const kept = [stable, unflushed].map((one) => (one === undefined ? "-" : `${encode(one.value)}${one.bags ?? ""}`));
    return `${up ? "up" : "down"} ${encode(state)} ${kept.join(" ")}${bags ?? ""}`;
  }
  const client = world.clients[participant - world.nodes.length];
  return client === undefined ? "" : encodeClientSlot(client);
}
