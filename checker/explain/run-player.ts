import { List, Map } from "immutable";
import type { Choice, MessageChoice } from "../../sim/choice.js";
import { boundaryOf } from "../../sim/enabled.js";
import type { Value } from "../../sim/value.js";
import type { Result } from "../../sim/workload.js";
import { outcomeText } from "../provenance/brute-force.js";
import { attempt, type Outcome } from "../provenance/machine.js";
import { itemText, messageOf, sentText } from "./emission.js";
import type { NodeInput } from "./node-input.js";
import type { NodeOutput, SentMessage } from "./node-machine.js";
import type { NodeMemory } from "./node-memory.js";
import type { Target } from "./outcome.js";
import { answers, type ClientOperation, type Question, sendings } from "./question.js";
import { endingsOf, type RunMachines } from "./run-machines.js";
import { carried, slotNumber } from "./slots.js";

/** What happens to a run: an event; or somebody notes what a question of the outcome asks about, or the whole outcome. */
export type RunInput =
  | { readonly kind: "event"; readonly event: number }
  | { readonly kind: "note"; readonly root: number }
  | { readonly kind: "ask" };

/** The memories of nodes, the results of clients, and what the slots of messages carry, by name. */
export type RunState = Map<string, Value>;

interface Stepped {
  readonly state: RunState;
  readonly output: readonly Value[];
}

/** Plays a recorded run again, everything in its place: each delivery delivers what its sender now sends in that place. */
export class RunPlayer {
  readonly #answers: ReadonlySet<number>;
  readonly #watched: ReadonlySet<number>;
  /** Operations of which the outcome asks why they were not answered, by events. */
  readonly #unanswered: ReadonlyMap<number, ClientOperation>;

  constructor(
    readonly machines: RunMachines,
    readonly target: Target,
  ) {
    const { nodes, clients } = machines.trace.system;
    const endings = clients.flatMap((_, client) => endingsOf(machines.trace, client + nodes.length));
    this.#answers = new Set(endings.map(({ event }) => event));
    this.#watched = new Set(target.events);
    this.#unanswered = new globalThis.Map(
      target.roots.flatMap((root) => (root.kind === "unanswered" ? [[root.event, root.operation] as const] : [])),
    );
  }

  initial(): RunState {
    const { trace } = this.machines;
    let state: RunState = Map();
    trace.system.nodes.forEach((_, node) => {
      state = state.set(`node ${node}`, this.machines.node(node).machine.initial);
    });
    for (let event = 0; event < trace.initialEvents; event += 1) {
      if (trace.kind(event) === "start") state = this.#send(state, event, this.#recorded(event));
    }
    return state;
  }

  step(state: RunState, input: RunInput): Stepped {
    switch (input.kind) {
      case "event":
        return { state: this.#play(state, input.event), output: [] };
      case "note":
        return { state: state.set(`note ${input.root}`, this.#look(state, input.root)), output: [] };
      case "ask": {
        const happened = this.target.events.map((event) => state.get(`happened ${event}`, false));
        const roots = this.target.roots.map((root, number) => this.#seen(state, root, number));
        return { state, output: [...happened, ...roots] };
      }
    }
  }

  #look(state: RunState, number: number): Value {
    const root = this.target.roots[number];
    if (root?.kind !== "seen") return null;
    const memory = state.get(`node ${root.node}`) as NodeMemory;
    const { outcome } = attempt(this.machines.node(root.node).machine, memory, root.look.input);
    const { part } = root.look;
    return outcomeText(
      outcome,
      part === undefined ? undefined : (output) => part(output.kind === "seen" ? output.values : []),
    );
  }

  #seen(state: RunState, root: Question, number: number): Value {
    switch (root.kind) {
      case "sent": {
        const { event, text, copy } = root.emission;
        const message = this.#inSlot(state, event, text, copy);
        return message !== undefined && sentText(message) === text;
      }
      case "asked":
        return state.get(`asked ${root.event}`, null);
      case "did":
        return state.get(`did ${root.event}`, null);
      case "unanswered":
        return state.get(`answered ${root.event}`, false);
      case "seen":
        return state.get(`note ${number}`, null);
    }
  }

  #recorded(event: number): SentMessage[] {
    return this.machines.emissions.sentBy(event).map((item) => messageOf(item, this.machines.trace));
  }

  #send(state: RunState, event: number, sent: readonly SentMessage[]): RunState {
    let next = state;
    carried(this.machines.emissions.sentBy(event), sent).forEach((message, slot) => {
      if (message !== undefined) next = next.set(`slot ${event} ${slot}`, message);
    });
    return next;
  }

  #inSlot(state: RunState, event: number, text: string, copy: number): SentMessage | undefined {
    const slot = slotNumber(this.machines.emissions.sentBy(event), text, copy);
    return state.get(`slot ${event} ${slot}`) as SentMessage | undefined;
  }

  #happened(state: RunState, event: number): RunState {
    return this.#watched.has(event) ? state.set(`happened ${event}`, true) : state;
  }

  #play(before: RunState, event: number): RunState {
    const { trace, emissions } = this.machines;
    const choice = trace.choices[event];
    const node = trace.participants.get(event);
    const isInput = trace.system.nodes[node] !== undefined && this.machines.node(node).positions.has(event);
    if (choice === undefined || !("message" in choice)) {
      return isInput ? this.#input(before, event, undefined) : this.#outside(before, event, choice);
    }
    const emission = emissions.of(event);
    const message = emission && this.#inSlot(before, emission.event, emission.text, emission.copy);
    if (message === undefined) return before;
    const state = sentText(message) === itemText(choice.message) ? this.#happened(before, event) : before;
    return isInput ? this.#input(state, event, message) : this.#fate(state, event, choice, message);
  }

  #input(before: RunState, event: number, message: SentMessage | undefined): RunState {
    const node = this.machines.trace.participants.get(event);
    const { machine, inputs, positions } = this.machines.node(node);
    const memory = before.get(`node ${node}`) as NodeMemory;
    const recorded = inputs[positions.get(event) as number] as NodeInput;
    const isDelivery = recorded.kind === "deliver" && message !== undefined;
    const input = isDelivery ? ({ ...message, kind: "deliver", from: recorded.from } as const) : recorded;
    const { state: after, outcome } = attempt(machine, memory, input);
    let state = before.set(`node ${node}`, after);
    if (!isDelivery && this.#watched.has(event) && isPossible(memory, recorded)) state = this.#happened(state, event);
    const operation = this.#unanswered.get(event);
    if (
      operation !== undefined &&
      outcome.kind === "output" &&
      answers(this.machines.trace, outcome.value, operation)
    ) {
      state = state.set(`answered ${event}`, true);
    }
    if (this.#asksWhatWasDone(event)) state = state.set(`did ${event}`, outcomeText(outcome, sendings));
    return this.#send(state, event, sentOf(outcome));
  }

  #asksWhatWasDone(event: number): boolean {
    return this.target.roots.some((root) => root.kind === "did" && root.event === event);
  }

  /** What becomes of a message that no node gets. */
  #fate(state: RunState, event: number, choice: MessageChoice, message: SentMessage): RunState {
    if (choice.kind === "duplicate") return this.#send(state, event, [message]);
    if (choice.kind === "deliver") return this.#answers.has(event) ? this.#end(state, event, message.message) : state;
    if (choice.kind !== "error") return state;
    const boundary = boundaryOf(this.machines.trace.system, choice.message.to, message.message.kind);
    if (boundary === undefined) return state;
    return this.#send(state, event, [{ ...message, to: choice.message.from, message: boundary.reply }]);
  }

  #outside(state: RunState, event: number, choice: Choice | undefined): RunState {
    if (choice?.kind === "invoke") return this.#invoke(state, event);
    const ended = choice?.kind === "give-up" ? this.#end(state, event, null) : state;
    return this.#happened(ended, event);
  }

  #end(state: RunState, event: number, result: Result): RunState {
    const name = `results ${this.machines.trace.participants.get(event)}`;
    return state.set(name, (state.get(name, List()) as List<Result>).push(result));
  }

  #invoke(state: RunState, event: number): RunState {
    const participant = this.machines.trace.participants.get(event);
    const client = this.machines.client(participant - this.machines.trace.system.nodes.length);
    const recorded = this.#recorded(event);
    if (client === undefined) return this.#happened(this.#send(state, event, recorded), event);
    const results = state.get(`results ${participant}`, List()) as List<Result>;
    const { outcome } = attempt(client.machine, results, { kind: "next" });
    const noted = state.set(`asked ${event}`, outcomeText(outcome));
    const operation = outcome.kind === "output" ? outcome.value : null;
    const [own] = recorded;
    if (operation === null || own === undefined) return noted;
    const sent = { ...own, to: operation.to, message: operation.message };
    const asked = this.#send(noted, event, [sent]);
    return sentText(sent) === sentText(own) ? this.#happened(asked, event) : asked;
  }
}

function sentOf(outcome: Outcome<NodeOutput>): readonly SentMessage[] {
  return outcome.kind === "output" && outcome.value.kind === "reacted" ? outcome.value.sent : [];
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
