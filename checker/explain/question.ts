import type { Trace } from "../../sim/trace.js";
import type { Value } from "../../sim/value.js";
import type { ExplainOptions } from "../provenance/explain-output.js";
import type { Machine } from "../provenance/machine.js";
import { type Emission, sentText } from "./emission.js";
import type { NodeInput } from "./node-input.js";
import type { NodeOutput } from "./node-machine.js";
import { isAnswer, type RunMachines } from "./run-machines.js";
import type { Variants } from "./variants.js";

/** Something about a run that can be explained by what happened before it at one place. */
export type Question =
  /** Why an event sent a message. */
  | { readonly kind: "sent"; readonly emission: Emission }
  /** Why a client's function of its results gave the operation that the event invokes. */
  | { readonly kind: "asked"; readonly event: number }
  /** Why a node did what it did at an event: all that it sent, or that its code threw. */
  | { readonly kind: "did"; readonly event: number }
  /** Why a node sent no answer to an operation of a client at an event. */
  | { readonly kind: "unanswered"; readonly event: number; readonly operation: ClientOperation }
  /** Why a part of a node's memory is as it is, after the first `inputs` of its inputs. */
  | { readonly kind: "seen"; readonly node: number; readonly inputs: number; readonly look: Look };

/** An operation, by the number of its client among the participants. */
export interface ClientOperation {
  readonly client: number;
  readonly index: number;
}

/** A look at a node's memory: what is read of it, and what is made of that. */
export interface Look {
  readonly input: Extract<NodeInput, { readonly kind: "look" }>;
  readonly part?: (values: readonly Value[]) => Value;
}

/** Names a question, so that each is answered once. */
export function nameOf(question: Question): string {
  switch (question.kind) {
    case "sent": {
      const { event, text, copy } = question.emission;
      return `sent ${event} ${copy} ${text}`;
    }
    case "asked":
    case "did":
    case "unanswered":
      return `${question.kind} ${question.event}`;
    case "seen":
      return `seen ${question.node} ${question.inputs} ${JSON.stringify(question.look.input.at)}`;
  }
}

/** A question to one machine: which input, after which trace, and what of its output. */
export interface Asked {
  readonly machine: Machine<unknown, unknown, unknown>;
  readonly trace: readonly unknown[];
  readonly input: unknown;
  readonly options: ExplainOptions<unknown>;
  /** The event of each input of the trace; undefined for what might have come in place of another. */
  readonly events: readonly (number | undefined)[];
  /** Events that are taken for granted, because nobody knows what might have come in their place. */
  readonly granted: readonly number[];
}

/**
 * The machine that a question is put to; undefined when nothing at its place comes before it, such as for what a client
 * sends that does as it was told.
 */
export function askedOf(machines: RunMachines, question: Question, variants?: Variants): Asked | undefined {
  switch (question.kind) {
    case "sent":
      return sentBy(machines, question.emission, variants);
    case "asked":
      return askedBy(machines, question.event);
    case "did":
      return atEvent(machines, question.event, { part: (output) => sendings(output as NodeOutput) }, variants);
    case "unanswered": {
      const { event, operation } = question;
      const part = (output: unknown): boolean => answers(machines.trace, output as NodeOutput, operation);
      return atEvent(machines, event, { part }, variants);
    }
    case "seen": {
      const { node, inputs: count, look } = question;
      const { machine, transitions } = machines.node(node);
      const { part } = look;
      const options = part === undefined ? {} : { part: (output: unknown) => part(valuesOf(output as NodeOutput)) };
      return {
        machine: machine as unknown as Asked["machine"],
        input: look.input,
        options: { ...(options as ExplainOptions<unknown>), transitions },
        ...inputsBefore(machines, node, count, variants),
      };
    }
  }
}

function valuesOf(output: NodeOutput): readonly Value[] {
  return output.kind === "seen" ? output.values : [];
}

function sentBy(
  machines: RunMachines,
  { event, text, copy }: Emission,
  variants: Variants | undefined,
): Asked | undefined {
  switch (machines.trace.kind(event)) {
    case "start":
    case "invoke":
    case "duplicate":
    case "error":
      return undefined;
    default:
      return atEvent(machines, event, { part: (output) => sends(output as NodeOutput, text, copy) }, variants);
  }
}

/** Whether a reaction answers an operation. */
export function answers({ system }: Trace, output: NodeOutput, { client, index }: ClientOperation): boolean {
  if (output.kind !== "reacted") return false;
  return output.sent.some(
    ({ to, call }) => to === system.participants[client] && isAnswer(system, call, client, index),
  );
}

/** All that a reaction sends. */
export function sendings(output: NodeOutput): readonly string[] {
  return output.kind === "reacted" ? output.sent.map(sentText) : [];
}

/** Whether a reaction sends more than `copy` messages of this text. */
function sends(output: NodeOutput, text: string, copy: number): boolean {
  if (output.kind !== "reacted") return false;
  let equal = 0;
  for (const sent of output.sent) if (sentText(sent) === text) equal += 1;
  return equal > copy;
}

function atEvent(
  machines: RunMachines,
  event: number,
  options: ExplainOptions<unknown>,
  variants: Variants | undefined,
): Asked {
  const node = machines.trace.participants.get(event);
  const { machine, inputs, positions, transitions } = machines.node(node);
  const position = positions.get(event);
  if (position === undefined) throw new Error(`The event ${event} is no input of a node.`);
  return {
    machine: machine as unknown as Asked["machine"],
    input: inputs[position],
    options: { ...options, transitions },
    ...inputsBefore(machines, node, position, variants),
  };
}

/** The first inputs of a node, each with what might have come in its place. */
function inputsBefore(
  machines: RunMachines,
  node: number,
  count: number,
  variants: Variants | undefined,
): Pick<Asked, "trace" | "events" | "granted"> {
  const { inputs, events } = machines.node(node);
  const known = { trace: inputs.slice(0, count), events: events.slice(0, count), granted: [] };
  if (variants === undefined) return known;
  const trace: NodeInput[] = [];
  const from: (number | undefined)[] = [];
  const granted: number[] = [];
  known.trace.forEach((input, position) => {
    const event = known.events[position] as number;
    const all = variants.inputsAt(event, input);
    if (all === "unknown") granted.push(event);
    trace.push(...(all === "unknown" ? [input] : all));
    from.push(event, ...(all === "unknown" ? [] : all.slice(1).map(() => undefined)));
  });
  return { trace, events: from, granted };
}

function askedBy(machines: RunMachines, event: number): Asked | undefined {
  const { trace } = machines;
  const client = machines.client(trace.participants.get(event) - trace.system.nodes.length);
  if (client === undefined) return undefined;
  const count = client.events.filter((earlier) => earlier < event).length;
  return {
    machine: client.machine as unknown as Asked["machine"],
    trace: client.inputs.slice(0, count),
    input: { kind: "next" },
    options: {},
    events: client.events.slice(0, count),
    granted: [],
  };
}

/** What had to be there for an event to happen, beside the event itself; undefined for what comes from outside. */
export function behind(machines: RunMachines, event: number): Question | undefined {
  const { trace, emissions } = machines;
  const emission = emissions.of(event);
  if (emission !== undefined) return trace.kind(emission.event) === "start" ? undefined : { kind: "sent", emission };
  if (trace.kind(event) !== "invoke") return undefined;
  const client = machines.client(trace.participants.get(event) - trace.system.nodes.length);
  return client === undefined ? undefined : { kind: "asked", event };
}

/** The event that a question is about, of which an answer is made only of earlier ones; a look comes after all. */
export function eventOf(question: Question): number {
  switch (question.kind) {
    case "sent":
      return question.emission.event;
    case "asked":
    case "did":
    case "unanswered":
      return question.event;
    case "seen":
      return Number.POSITIVE_INFINITY;
  }
}
