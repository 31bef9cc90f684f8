import { List } from "immutable";
import type { Operation } from "../../sim/choice.js";
import { nextOperations } from "../../sim/client.js";
import type { CompiledClient, System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import type { Result } from "../../sim/workload.js";
import { attempt, type Machine } from "../provenance/machine.js";
import { type AnyTransitions, Transitions } from "../provenance/transitions.js";
import { Emissions, itemText, sentText } from "./emission.js";
import { type NodeMachine, nodeMachine } from "./node-machine.js";
import type { NodeMemory } from "./node-memory.js";

type AnyMachine = Machine<unknown, unknown, unknown>;

/** A node of a run that does again what it did. */
export interface FollowedNode extends NodeMachine {
  /** The position of each event among the inputs. */
  readonly positions: ReadonlyMap<number, number>;
  /** What is known of the machine from the questions that were put to it. */
  readonly transitions: AnyTransitions;
}

const known = new WeakMap<Trace, RunMachines>();

/** The nodes and clients of a run as machines, made when they are asked for. */
export class RunMachines {
  readonly emissions: Emissions;
  readonly #nodes = new Map<number, FollowedNode>();
  readonly #clients = new Map<number, ClientMachine>();

  constructor(readonly trace: Trace) {
    this.emissions = new Emissions(trace);
  }

  /** The machines of a run, made once for all questions about it. */
  static of(trace: Trace): RunMachines {
    let made = known.get(trace);
    if (made === undefined) {
      made = new RunMachines(trace);
      known.set(trace, made);
    }
    return made;
  }

  /** @throws UnexplainableNode when the node, given its inputs again, does not do what it did. */
  node(number: number): FollowedNode {
    let made = this.#nodes.get(number);
    if (made === undefined) {
      const machine = nodeMachine(this.trace, number);
      this.#expectToFollow(number, machine);
      const positions = new Map(machine.events.map((event, position) => [event, position]));
      made = { ...machine, positions, transitions: new Transitions(machine.machine as unknown as AnyMachine) };
      this.#nodes.set(number, made);
    }
    return made;
  }

  #expectToFollow(number: number, { machine, inputs, events }: NodeMachine): void {
    let memory: NodeMemory = machine.initial;
    inputs.forEach((input, position) => {
      const event = events[position] as number;
      const { state, outcome } = attempt(machine, memory, input);
      memory = state;
      if (outcome.kind === "threw") return;
      const sent = outcome.value.kind === "reacted" ? outcome.value.sent.map(sentText) : [];
      const recorded = this.emissions.sentBy(event).map(itemText);
      const differing = recorded.findIndex((text, i) => text !== sent[i]);
      if (differing < 0 && sent.length === recorded.length) return;
      throw new UnexplainableNode(String(this.trace.system.nodes[number]?.id), event);
    });
  }

  /** A client whose operations are a function of its results; undefined for one that asks what it was told to. */
  client(number: number): ClientMachine | undefined {
    const client = this.trace.system.clients[number];
    if (client?.workload.kind !== "next") return undefined;
    let made = this.#clients.get(number);
    if (made === undefined) {
      made = clientMachine(this.trace, client, number + this.trace.system.nodes.length);
      this.#clients.set(number, made);
    }
    return made;
  }
}

/** A node whose recorded inputs do not give what they gave: it is not deterministic, and cannot be explained. */
export class UnexplainableNode extends Error {
  override readonly name = "UnexplainableNode";
  constructor(
    readonly node: string,
    readonly event: number,
  ) {
    super(
      `The node ${node} cannot be explained: given its recorded inputs again, it does not send what it sent. ` +
        "It depends on something outside its state and input; keep what it remembers in its state.",
    );
  }
}

/** An answer that a client got, or that it gave up. */
type Ending = { readonly kind: "result"; readonly result: Result } | { readonly kind: "next" };

/** A client as a machine: its inputs are its results, and asked what comes next it gives an operation or null. */
export interface ClientMachine {
  readonly machine: Machine<List<Result>, Ending, Operation | null>;
  readonly inputs: readonly Ending[];
  readonly events: readonly number[];
}

function clientMachine(trace: Trace, client: CompiledClient, participant: number): ClientMachine {
  const inputs: Ending[] = [];
  const events: number[] = [];
  for (const { event, result } of endingsOf(trace, participant)) {
    inputs.push({ kind: "result", result });
    events.push(event);
  }
  const machine: ClientMachine["machine"] = {
    initial: List(),
    step: (results, input) =>
      input.kind === "result"
        ? { state: results.push(input.result), output: null }
        : { state: results, output: nextOf(client, results) },
  };
  return { machine, inputs, events };
}

function nextOf(client: CompiledClient, results: List<Result>): Operation | null {
  const slot = { next: results.size, open: undefined, results, origin: undefined, text: undefined };
  return nextOperations(client, slot)[0] ?? null;
}

/** The events that closed a client's operations, in order: the answers to open ones, and where it gave up. */
export function endingsOf(
  trace: Trace,
  participant: number,
): { readonly event: number; readonly index: number; readonly result: Result }[] {
  const endings: { event: number; index: number; result: Result }[] = [];
  let open: number | undefined;
  for (let event = 0; event < trace.length; event += 1) {
    if (trace.participants.get(event) !== participant) continue;
    const choice = trace.choices[event];
    if (choice?.kind === "invoke") open = choice.index;
    else if (choice?.kind === "give-up") {
      endings.push({ event, index: choice.index, result: null });
      open = undefined;
    } else if (
      choice?.kind === "deliver" &&
      open !== undefined &&
      isAnswer(trace.system, choice.message.call, participant, open)
    ) {
      endings.push({ event, index: open, result: choice.message.message });
      open = undefined;
    }
  }
  return endings;
}

/** Whether a message for a client with this call answers its operation. */
export function isAnswer(system: System, call: unknown, participant: number, index: number): boolean {
  const named = call as { readonly client?: unknown; readonly index?: unknown } | null | undefined;
  return named?.client === system.participants[participant] && named?.index === index;
}
