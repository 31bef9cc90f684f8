import type { Trace } from "../../sim/trace.js";
import type { Violation } from "../../sim/judge.js";
import type { CellPath } from "../provenance/machine.js";
import { inputEvents } from "./node-input.js";
import { behind, type Question } from "./question.js";
import { endingsOf, type RunMachines } from "./run-machines.js";

/** What of a run is to be explained. */
export type Outcome =
  /** That an event happened, with its content; an answer is one. */
  | { readonly kind: "event"; readonly event: number }
  /** That an event happened, with its content, and what its node did. */
  | { readonly kind: "step"; readonly event: number }
  /** The state of a node after an event of its own. */
  | { readonly kind: "state"; readonly event: number }
  /** What parts of the memories of nodes were after an event. */
  | { readonly kind: "seen"; readonly event: number; readonly parts: readonly MemoryPart[] }
  /** That a property was violated after an event. */
  | { readonly kind: "violation"; readonly event: number; readonly violation: Violation }
  /** That node code threw at an event. */
  | { readonly kind: "crash"; readonly event: number }
  /** That an operation which the event invoked has no answer. */
  | { readonly kind: "no-answer"; readonly event: number };

/** Cells of a node's memory. */
export interface MemoryPart {
  readonly node: number;
  readonly at: readonly CellPath[];
}

/** An outcome as questions and events, all of which belong to it. */
export interface Target {
  readonly roots: readonly Question[];
  readonly events: readonly number[];
}

/** What has to be explained of an event: that it could happen, with what it was about. */
export function eventTarget(machines: RunMachines, event: number): Target {
  const { trace } = machines;
  const choice = trace.choices[event];
  const roots: Question[] = [];
  const events = [event];
  const question = behind(machines, event);
  if (question !== undefined) roots.push(question);
  switch (choice?.kind) {
    case "deliver":
      if (wasEverDown(trace, event)) roots.push(seenBefore(machines, event, ["up"]));
      break;
    case "fire":
      roots.push(seenBefore(machines, event, ["timers", choice.timer]));
      break;
    case "choose":
      roots.push(seenBefore(machines, event, ["pending", choice.label]));
      break;
    case "flush":
      roots.push(seenBefore(machines, event, ["unflushed"]));
      break;
    case "crash":
    case "recover":
      if (wasEverDown(trace, event)) roots.push(seenBefore(machines, event, ["up"]));
      break;
    case "give-up": {
      const asked = invocationOf(trace, event, choice.index);
      if (asked !== undefined) events.push(asked);
      break;
    }
    default:
      // What comes from outside needs nothing; what befalls a message needs the message, which is behind it.
      break;
  }
  return { roots, events };
}

/** What has to be explained of an event and of what its node did. */
export function stepTarget(machines: RunMachines, event: number): Target {
  const { roots, events } = eventTarget(machines, event);
  const node = machines.trace.participants.get(event);
  const isReaction = machines.trace.system.nodes[node] !== undefined && machines.node(node).positions.has(event);
  return { roots: isReaction ? [...roots, { kind: "did", event }] : roots, events };
}

function invocationOf(trace: Trace, before: number, index: number): number | undefined {
  for (let event = before - 1; event >= 0; event -= 1) {
    const choice = trace.choices[event];
    if (trace.participants.get(event) !== trace.participants.get(before)) continue;
    if (choice?.kind === "invoke" && choice.index === index) return event;
  }
  return undefined;
}

/** Whether the event's node crashed before it. */
function wasEverDown(trace: Trace, event: number): boolean {
  const node = trace.participants.get(event);
  for (let earlier = 0; earlier < event; earlier += 1) {
    if (trace.participants.get(earlier) === node && trace.kind(earlier) === "crash") return true;
  }
  return false;
}

function seenBefore({ trace }: RunMachines, event: number, path: CellPath): Question {
  return seenAfter(trace, event - 1, { node: trace.participants.get(event), at: [path] });
}

function seenAfter(trace: Trace, event: number, { node, at }: MemoryPart): Question {
  const inputs = inputEvents(trace, node).filter((earlier) => earlier <= event).length;
  return { kind: "seen", node, inputs, look: { input: { kind: "look", at } } };
}

/** The state of a node after one of its events. */
export function stateTarget({ trace }: RunMachines, event: number): Target {
  const part = { node: trace.participants.get(event), at: [["up"], ["state"]] };
  return { roots: [seenAfter(trace, event, part)], events: [] };
}

/** What parts of memories were after an event. */
export function seenTarget({ trace }: RunMachines, event: number, parts: readonly MemoryPart[]): Target {
  return { roots: parts.map((part) => seenAfter(trace, event, part)), events: [] };
}

/** The operations of a run that have neither an answer nor been given up, by the events that invoked them. */
export function openOperations(
  trace: Trace,
): { readonly event: number; readonly client: number; readonly index: number }[] {
  const { nodes, participants } = trace.system;
  return participants.slice(nodes.length).flatMap((_, client) => {
    const closed = new Set(endingsOf(trace, client + nodes.length).map(({ index }) => index));
    const open: { event: number; client: number; index: number }[] = [];
    for (let event = 0; event < trace.length; event += 1) {
      const choice = trace.choices[event];
      if (trace.participants.get(event) !== client + nodes.length || choice?.kind !== "invoke") continue;
      if (!closed.has(choice.index)) open.push({ event, client, index: choice.index });
    }
    return open;
  });
}
