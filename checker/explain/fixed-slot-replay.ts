import { List } from "immutable";
import { boundaryOf } from "../../sim/enabled.js";
import type { MessageChoice } from "../../sim/choice.js";
import type { Trace } from "../../sim/trace.js";
import type { Result } from "../../sim/workload.js";
import { outcomeText } from "../provenance/brute-force.js";
import { attempt, type Outcome } from "../provenance/machine.js";
import { itemText, messageOf, sentText } from "./emission.js";
import type { NodeInput } from "./node-input.js";
import type { NodeOutput, SentMessage } from "./node-machine.js";
import type { NodeMemory } from "./node-memory.js";
import type { Question } from "./question.js";
import { endingsOf, type RunMachines } from "./run-machines.js";
import { carried, slotNumber } from "./slots.js";

/** What became of a run of which some events were left out. */
export interface Replayed {
  /** Whether the event happened, with the content that it had. */
  happened(event: number): boolean;
  /** Whether what the question asks about is as it was. */
  isAsItWas(question: Question): boolean;
}

/**
 * Runs a recorded run again without some of its events, everything else in its place: each delivery delivers what its
 * sender now sends in that place, which may be another message or none. The whole run is one machine over its events, and
 * this is the oracle for explanations across nodes. Linear in the run.
 */
export class FixedSlotReplay {
  readonly #answers: ReadonlySet<number>;
  readonly #actual: Playing;

  constructor(readonly machines: RunMachines) {
    const { nodes, participants } = machines.trace.system;
    const clients = participants
      .slice(nodes.length)
      .map((_, client) => endingsOf(machines.trace, client + nodes.length));
    this.#answers = new Set(clients.flat().map(({ event }) => event));
    this.#actual = new Playing(machines, this.#answers, () => true);
  }

  without(isLeftOut: (event: number) => boolean): Replayed {
    const played = new Playing(this.machines, this.#answers, (event) => !isLeftOut(event));
    return {
      happened: (event) => played.happened.has(event),
      isAsItWas: (question) => played.text(question) === this.#actual.text(question),
    };
  }
}

class Playing {
  /** Events that happened as they did. */
  readonly happened = new Set<number>();
  readonly #memories: NodeMemory[];
  /** The memory of each node before each of its inputs, for looks into the past. */
  readonly #before: NodeMemory[][];
  readonly #outcomes = new Map<number, Outcome<NodeOutput>>();
  readonly #sent = new Map<number, readonly SentMessage[]>();
  readonly #slots = new Map<number, readonly (SentMessage | undefined)[]>();
  readonly #results: List<Result>[];
  readonly #operations = new Map<number, string>();

  constructor(
    readonly machines: RunMachines,
    readonly answers: ReadonlySet<number>,
    isKept: (event: number) => boolean,
  ) {
    const { trace } = machines;
    this.#memories = trace.system.nodes.map((_, node) => machines.node(node).machine.initial);
    this.#before = trace.system.nodes.map(() => []);
    this.#results = trace.system.clients.map(() => List());
    for (let event = 0; event < trace.length; event += 1) {
      const kept = isKept(event);
      const node = trace.participants.get(event);
      const isInput = machines.trace.system.nodes[node] !== undefined && machines.node(node).positions.has(event);
      if (isInput) this.#before[node]?.push(this.#memories[node] as NodeMemory);
      if (trace.kind(event) === "start") this.#sent.set(event, this.#recorded(event));
      else if (kept) this.#play(event, trace, isInput);
    }
  }

  #recorded(event: number): SentMessage[] {
    return this.machines.emissions.sentBy(event).map((item) => messageOf(item, this.machines.trace));
  }

  #play(event: number, trace: Trace, isInput: boolean): void {
    const choice = trace.choices[event];
    const message = choice !== undefined && "message" in choice ? this.#carried(event) : undefined;
    if (choice !== undefined && "message" in choice) {
      if (message === undefined) return;
      if (sentText(message) === itemText(choice.message)) this.happened.add(event);
    }
    if (isInput) this.#input(event, message);
    else if (choice !== undefined && "message" in choice)
      this.#atNetworkOrClient(event, choice, message as SentMessage);
    else if (choice?.kind === "invoke") this.#invoke(event);
    else {
      if (choice?.kind === "give-up") this.#end(event, null);
      this.happened.add(event);
    }
  }

  #input(event: number, message: SentMessage | undefined): void {
    const node = this.machines.trace.participants.get(event);
    const { machine, inputs, positions } = this.machines.node(node);
    const recorded = inputs[positions.get(event) as number] as NodeInput;
    const before = this.#memories[node] as NodeMemory;
    let input = recorded;
    if (recorded.kind === "deliver" && message !== undefined) {
      const { message: content, call, baggage, bags } = message;
      input = {
        kind: "deliver",
        from: recorded.from,
        message: content,
        ...(call === undefined ? {} : { call }),
        baggage,
        bags,
      };
    } else if (isPossible(before, recorded)) this.happened.add(event);
    const { state, outcome } = attempt(machine, before, input);
    this.#memories[node] = state;
    this.#outcomes.set(event, outcome);
    if (outcome.kind === "output" && outcome.value.kind === "reacted") this.#sent.set(event, outcome.value.sent);
  }

  #atNetworkOrClient(event: number, choice: MessageChoice, message: SentMessage): void {
    if (choice.kind === "duplicate") this.#sent.set(event, [message]);
    else if (choice.kind === "deliver" && this.answers.has(event)) this.#end(event, message.message);
    else if (choice.kind === "error") {
      const boundary = boundaryOf(this.machines.trace.system, choice.message.envelope.to, message.message.kind);
      if (boundary === undefined) return;
      const { call, baggage, bags } = message;
      const reply = {
        to: choice.message.envelope.from,
        message: boundary.reply,
        ...(call === undefined ? {} : { call }),
      };
      this.#sent.set(event, [{ ...reply, baggage, bags }]);
    }
  }

  #end(event: number, result: Result): void {
    const client = this.machines.trace.participants.get(event) - this.machines.trace.system.nodes.length;
    this.#results[client] = (this.#results[client] as List<Result>).push(result);
  }

  #invoke(event: number): void {
    const number = this.machines.trace.participants.get(event) - this.machines.trace.system.nodes.length;
    const client = this.machines.client(number);
    const recorded = this.#recorded(event);
    if (client === undefined) {
      this.#sent.set(event, recorded);
      this.happened.add(event);
      return;
    }
    const results = this.#results[number] as List<Result>;
    const { outcome } = attempt(client.machine, results, { kind: "next" });
    this.#operations.set(event, outcomeText(outcome));
    const operation = outcome.kind === "output" ? outcome.value : null;
    if (operation === null || recorded[0] === undefined) return;
    const sent = { ...recorded[0], to: operation.to, message: operation.message };
    this.#sent.set(event, [sent]);
    if (sentText(sent) === sentText(recorded[0])) this.happened.add(event);
  }

  /** The message that the slot of a delivery or a network fault now carries. */
  #carried(event: number): SentMessage | undefined {
    const emission = this.machines.emissions.of(event);
    if (emission === undefined) return undefined;
    const recorded = this.machines.emissions.sentBy(emission.event);
    let slots = this.#slots.get(emission.event);
    if (slots === undefined) {
      slots = carried(recorded, this.#sent.get(emission.event) ?? []);
      this.#slots.set(emission.event, slots);
    }
    return slots[slotNumber(recorded, emission.text, emission.copy)];
  }

  /** What is seen of what a question asks about. */
  text(question: Question): string {
    switch (question.kind) {
      case "sent": {
        const { event, text, copy } = question.emission;
        const equal = (this.#sent.get(event) ?? []).filter((sent) => sentText(sent) === text).length;
        return String(equal > copy);
      }
      case "asked":
        return this.#operations.get(question.event) ?? "";
      case "threw": {
        const outcome = this.#outcomes.get(question.event);
        return outcome === undefined ? "" : outcomeText(outcome);
      }
      case "seen": {
        const { node, inputs, look } = question;
        const memory = this.#before[node]?.[inputs] ?? (this.#memories[node] as NodeMemory);
        const { outcome } = attempt(this.machines.node(node).machine, memory, look.input);
        const { part } = look;
        return outcomeText(
          outcome,
          part === undefined ? undefined : (output) => part(output.kind === "seen" ? output.values : []),
        );
      }
    }
  }
}

/** Whether the kernel would offer this happening to a node with this memory. */
function isPossible(memory: NodeMemory, input: NodeInput): boolean {
  switch (input.kind) {
    case "fire":
      return memory.timers.has(input.timer);
    case "choose":
      return memory.pending.has(input.label);
    case "flush":
      return memory.unflushed !== null;
    case "crash":
      return memory.up;
    case "recover":
      return !memory.up;
    default:
      return true;
  }
}
