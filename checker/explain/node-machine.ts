import type { Context as Baggage, Origin } from "../../sim/origin.js";
import { blindObserver } from "../../sim/carrier.js";
import type { Choice } from "../../sim/choice.js";
import type { Effect } from "../../sim/effect.js";
import { fullBudget } from "../../sim/fault.js";
import { initialWorld, takeInitial } from "../../sim/initial.js";
import type { Call, Message } from "../../sim/message.js";
import { type InFlight, Network } from "../../sim/network.js";
import type { NodeId } from "../../sim/node-id.js";
import type { Reaction } from "../../sim/node.js";
import type { StepObserver } from "../../sim/observer.js";
import { unsampled } from "../../sim/sample.js";
import { takeChoice } from "../../sim/step.js";
import type { CompiledNode, System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { encode, type Value } from "../../sim/value.js";
import { downSlot, type NodeSlot, type World } from "../../sim/world.js";
import type { Machine } from "../provenance/machine.js";
import { type Delivery, inputEvents, inputOf, type NodeInput } from "./node-input.js";
import { memoryOf, type Needed, type NodeMemory, originOf, remember, slotOf, type Touched } from "./node-memory.js";

/** What a node does at an input. */
export type NodeOutput =
  | { readonly kind: "reacted"; readonly sent: readonly SentMessage[]; readonly emitted: readonly Emitted[] }
  /** It was down, there was nothing to do, or the input has no handler. */
  | { readonly kind: "nothing" }
  | { readonly kind: "seen"; readonly values: readonly Value[] };

export interface SentMessage {
  readonly to: NodeId;
  readonly message: Message;
  readonly call?: Call;
  readonly baggage: Baggage;
  readonly bags: string;
}

export interface Emitted {
  readonly tracepoint: string;
  readonly fields: { readonly [name: string]: Value };
}

/** A node of a recorded run as a deterministic machine, with the inputs that it had and the events that they were. */
export interface NodeMachine {
  readonly machine: Machine<NodeMemory, NodeInput, NodeOutput>;
  readonly inputs: readonly NodeInput[];
  /** The event of each input. */
  readonly events: readonly number[];
}

/**
 * A node of a run as the machine that provenance explains. The kernel's own step runs; on subtraces that never were, a
 * throw changes no state, the firing of a timer that is not set and the taking of an option that is not asked for do
 * nothing, a message to a node that is down is lost, and a crash of a node that is down or a recovery of one that is up
 * does nothing. It starts after the node's `start`.
 */
export function nodeMachine(trace: Trace, node: number): NodeMachine {
  const events = inputEvents(trace, node);
  const inputs = events.map((event, position) => inputOf(trace, event, node, position));
  return { machine: machineOf(trace.system, node), inputs, events };
}

/** The machine of a node, without a run. */
export function machineOf(whole: System, node: number): Machine<NodeMemory, NodeInput, NodeOutput> {
  const system: System = {
    ...whole,
    monitors: [],
    nodes: whole.nodes.map((compiled) => ({ ...compiled, initial: [] })),
  };
  const stepping = new Stepping(system, node);
  return {
    initial: memoryOf(initialWorld(system, blindObserver(system)).nodes[node] as NodeSlot),
    nested: ["state"],
    step: (memory, input) => unsampled(() => stepping.step(memory, input)),
  };
}

interface Stepped {
  readonly state: NodeMemory;
  readonly output: NodeOutput;
}

/** Takes the kernel's steps in worlds that hold one node and nothing else. */
class Stepping {
  readonly #number: number;
  readonly #id: NodeId;
  readonly #empty: Network;
  readonly #budget = fullBudget({ crash: "any", recover: "any" });

  constructor(
    readonly system: System,
    node: number,
  ) {
    this.#number = node;
    this.#id = (system.nodes[node] as CompiledNode).id;
    this.#empty = Network.over(system.orders);
  }

  step(memory: NodeMemory, input: NodeInput): Stepped {
    const node = this.#id;
    switch (input.kind) {
      case "look":
        return {
          state: memory,
          output: { kind: "seen", values: input.at.map((path) => memory.getIn(path as readonly string[], notThere)) },
        };
      case "initial":
        return this.#take(memory, {}, (world, observer) =>
          takeInitial(this.system, world, this.#number, input.message, observer),
        );
      case "deliver":
        return this.#deliver(memory, input);
      case "fire":
        if (!memory.timers.has(input.timer)) return idle(memory);
        return this.#choose(memory, { timer: input.timer }, { ...input, node });
      case "choose":
        if (!offers(memory, input.label, input.option)) return idle(memory);
        return this.#choose(memory, { label: input.label }, { ...input, node });
      case "flush":
        if (memory.unflushed === null) return idle(memory);
        return this.#choose(memory, { unflushed: true }, { kind: "flush", node });
      case "crash":
        return memory.up ? this.#choose(memory, {}, { kind: "crash", node }) : idle(memory);
      case "recover":
        return memory.up ? idle(memory) : this.#choose(memory, { stable: true }, { kind: "recover", node });
    }
  }

  #deliver(memory: NodeMemory, delivery: Delivery): Stepped {
    const { slot, isVariant } = delivery;
    if (slot === undefined) return memory.up ? this.#arrive(memory, delivery) : idle(memory);
    if (isVariant === true && memory.slot === slot) return idle(memory);
    const { state, output } = memory.up ? this.#arrive(memory, delivery) : idle(memory);
    return { state: state.set("slot", slot), output };
  }

  #arrive(memory: NodeMemory, { from, message, call, baggage, bags }: Delivery): Stepped {
    const ends = { from, to: this.#id, sender: this.system.numberOf(from) as number, receiver: this.#number };
    const item = { ...ends, message, call, ...originOf(baggage), delayed: false, bags, text: undefined };
    return this.#take(memory, {}, (world, observer) => {
      world.network.add(item.sender, item.receiver, item);
      takeChoice({ system: this.system, world, observer }, { kind: "deliver", message: item });
    });
  }

  #choose(memory: NodeMemory, needed: Needed, choice: Choice): Stepped {
    return this.#take(memory, needed, (world, observer) =>
      takeChoice({ system: this.system, world, observer }, choice),
    );
  }

  #take(memory: NodeMemory, needed: Needed, take: (world: World, observer: StepObserver) => void): Stepped {
    const nodes = this.system.nodes.map(() => downSlot);
    nodes[this.#number] = slotOf(memory, needed);
    const world: World = {
      nodes,
      network: this.#empty.fork(),
      clients: [],
      monitors: [],
      budget: this.#budget,
      partitions: [],
    };
    const heard = new Heard(this.system);
    take(world, heard);
    const after = world.nodes[this.#number] as NodeSlot;
    return { state: remember(memory, after, touchedBy(needed, heard.effects)), output: heard.output };
  }
}

/** What is seen at a key that is not there. */
const notThere = Object.freeze({ absent: true });

function idle(state: NodeMemory): Stepped {
  return { state, output: { kind: "nothing" } };
}

function offers(memory: NodeMemory, label: string, option: Value): boolean {
  const text = encode(option);
  return memory.pending.get(label)?.options.some((offered) => offered.text === text) === true;
}

/** Hears what a step of the kernel gives: the handler's effects, and the messages that it sends. */
class Heard implements StepObserver {
  effects: readonly Effect[] = [];
  readonly #sent: SentMessage[] = [];
  readonly #emitted: Emitted[] = [];
  readonly #carrier: StepObserver | undefined;

  constructor(system: System) {
    this.#carrier = blindObserver(system);
  }

  get output(): NodeOutput {
    return { kind: "reacted", sent: this.#sent, emitted: this.#emitted };
  }

  begin(...event: Parameters<StepObserver["begin"]>): Origin {
    return this.#carrier?.begin(...event) ?? originOf([]);
  }

  emitted(origin: Origin, tracepoint: string, fields: { readonly [name: string]: Value }): Origin {
    this.#emitted.push({ tracepoint, fields });
    return this.#carrier?.emitted(origin, tracepoint, fields) ?? origin;
  }

  reacted(_node: number, { effects }: Reaction<unknown>): void {
    this.effects = effects;
  }

  sent({ to, message, call, context, bags }: InFlight): void {
    this.#sent.push({ to, message, ...(call === undefined ? {} : { call }), baggage: context, bags });
  }
}

/** What a reaction may have changed of the node's surroundings: what it was given, and what its effects name. */
function touchedBy({ timer, label, unflushed }: Needed, effects: readonly Effect[]): Touched {
  const timers = new Set(timer === undefined ? [] : [timer]);
  const labels = new Set(label === undefined ? [] : [label]);
  let stored = unflushed === true;
  for (const effect of effects) {
    if (effect.kind === "set-timer" || effect.kind === "cancel-timer") timers.add(effect.timer);
    else if (effect.kind === "choose") labels.add(effect.label);
    else if (effect.kind === "save" || effect.kind === "save-later") stored = true;
  }
  return { timers, labels, stored };
}
