import type { InFlight } from "../../sim/network.js";
import type { Trace } from "../../sim/trace.js";
import { inputOf, type NodeInput } from "../explain/node-input.js";
import { type NodeMachine, nodeMachine } from "../explain/node-machine.js";
import type { NodeMemory } from "../explain/node-memory.js";
import { outcomeText } from "../provenance/brute-force.js";
import { explainOutput } from "../provenance/explain-output.js";
import { attempt } from "../provenance/machine.js";

/** Why a step did what it did, by what its node had taken in before. */
export interface Reason {
  readonly status: "exact" | "partial" | "slice-only";
  /** The events of a smallest witness that is known. */
  readonly witness: readonly number[];
}

/** Asks the machines of a recorded run's nodes what would have been. */
export class NodeQuestions {
  private readonly machines = new Map<number, NodeMachine>();

  constructor(private readonly trace: Trace) {}

  /** Whether an event of a node would have emitted something else had this input come just before it. */
  wouldDiffer(event: number, input: NodeInput): boolean {
    const node = this.trace.participants.get(event);
    const { machine, inputs, events } = this.machineOf(node);
    const position = events.indexOf(event);
    const own = inputs[position];
    if (own === undefined) return false;
    let state: NodeMemory = machine.initial;
    for (const earlier of inputs.slice(0, position)) state = attempt(machine, state, earlier).state;
    const before = attempt(machine, state, own).outcome;
    const after = attempt(machine, attempt(machine, state, input).state, own).outcome;
    return outcomeText(before) !== outcomeText(after);
  }

  /** Why an event's reaction was what it was; undefined for what is no input of a node. */
  reasonOf(event: number): Reason | undefined {
    const node = this.trace.participants.get(event);
    if (node < 0 || node >= this.trace.system.nodes.length) return undefined;
    const { machine, inputs, events } = this.machineOf(node);
    const position = events.indexOf(event);
    const own = inputs[position];
    if (own === undefined) return undefined;
    const found = explainOutput(machine, inputs.slice(0, position), own, { budget: { nodesMax: 200_000 } });
    const positions =
      found.status === "exact"
        ? (found.witnesses.list(1)[0] ?? [])
        : found.status === "partial"
          ? (found.found[0] ?? found.support)
          : found.support;
    return { status: found.status, witness: positions.map((one) => events[one] as number) };
  }

  /** What an event was to its node. */
  inputOf(event: number): NodeInput {
    const { inputs, events } = this.machineOf(this.trace.participants.get(event));
    return inputs[events.indexOf(event)] ?? inputOf(this.trace, event, this.trace.participants.get(event), 0);
  }

  private machineOf(node: number): NodeMachine {
    const known = this.machines.get(node) ?? nodeMachine(this.trace, node);
    this.machines.set(node, known);
    return known;
  }
}

/** A message as the input that its delivery would be. */
export function deliveryOf(trace: Trace, { from, message, call, context, bags }: InFlight): NodeInput {
  const baggage = context.slice(0, trace.system.activeBags.length);
  return { kind: "deliver", from, message, ...(call === undefined ? {} : { call }), baggage, bags };
}
