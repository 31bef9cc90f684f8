import { Map } from "immutable";
import { guardedProperty } from "../../sim/judge.js";
import type { Choice } from "../../sim/choice.js";
import type { AnyMonitor, Observation } from "../../sim/monitor.js";
import { fold } from "../../sim/observe.js";
import { unsampled } from "../../sim/sample.js";
import type { NodeId } from "../../sim/node-id.js";
import type { Property } from "../../sim/property.js";
import type { Trace } from "../../sim/trace.js";
import type { Value } from "../../sim/value.js";
import { View } from "../../sim/view.js";
import type { NodeSlot, World } from "../../sim/world.js";
import { isShell } from "../provenance/cells.js";
import type { Budget } from "../provenance/effort.js";
import { explainOutput } from "../provenance/explain-output.js";
import type { CellPath, Machine } from "../provenance/machine.js";
import { lookupIn } from "../provenance/query.js";
import { TrackedRun } from "../provenance/tracked-run.js";
import type { ViolationExplanation } from "./explanation.js";
import type { NodeMemory } from "./node-memory.js";
import type { ObservedRun } from "./observed-run.js";
import type { Question } from "./question.js";
import type { RunMachines } from "./run-machines.js";

/** What a property looked at when it was found violated. */
export interface Looked {
  /** For each node of which it looked at something: at what; and the messages in flight, if it looked at those. */
  readonly roots: readonly Question[];
  /** The requests of the clients at which it looked. */
  readonly events: readonly number[];
  /** Whether it looked at monitors. */
  readonly monitors: boolean;
}

/** Asks a property about worlds: true when it is not satisfied there. */
type Judge = (before: World, after: World, onRead: (component: number) => void) => boolean;

/** The judge of a property. One that speaks of whole runs is asked whether the last world, or step, is what it waits for. */
function judgeOf(trace: Trace, property: Property): Judge {
  const { system } = trace;
  const judge = (holds: () => unknown): boolean => guardedProperty(property, holds) !== true;
  switch (property.kind) {
    case "always":
    case "at-quiescence":
      return (_, after, onRead) => judge(() => property.holds(new View(system, after, onRead)));
    case "step": {
      const choice = trace.choices[trace.length - 1] as Choice;
      return (before, after, onRead) =>
        judge(() => property.holds(new View(system, before, onRead), new View(system, after, onRead), choice));
    }
    case "sometimes":
    case "eventually":
    case "stays-reachable":
      return (_, after, onRead) => judge(() => property.reached(new View(system, after, onRead)));
    case "leads-to":
      return (_, after, onRead) => judge(() => property.to(new View(system, after, onRead)));
    case "refines":
      return (before, after, onRead) =>
        judge(() => [before, after].map((world) => property.maps(new View(system, world, onRead))));
  }
}

/** What the property looked at in the last world of the run, and, if it judges steps, in the one before. */
export function looked(machines: RunMachines, run: ObservedRun, property: Property): Looked {
  const { trace } = machines;
  const judge = judgeOf(trace, property);
  const [nodes, inboxes] = [trace.system.nodes.length, trace.system.participants.length];
  const components = new Set<number>();
  const last = trace.length - 1;
  const counts = trace.system.nodes.map((_, node) => machines.node(node).inputs.length);
  const atEnd = counts.map((count, node) => new LookedAt(machines, node, count));
  const before = counts.map((count, node) => {
    const isLast = trace.participants.get(last) === node && machines.node(node).positions.has(last);
    return new LookedAt(machines, node, isLast ? count - 1 : count);
  });
  judge(worldOf(run.beforeEnd, before), worldOf(run.end, atEnd), (component) => components.add(component));
  const roots = [...before, ...atEnd].map((node) => node.question()).filter((question) => question !== undefined);
  const inFlight = components.has(nodes) ? machines.emissions.left() : [];
  const clients = new Set(trace.system.participants.slice(nodes).filter((_, i) => components.has(nodes + inboxes + i)));
  return {
    roots: [...roots, ...inFlight.map((emission): Question => ({ kind: "sent", emission }))],
    events: requestsOf(trace, clients),
    monitors: trace.system.monitors.some((_, i) => components.has(nodes + inboxes + trace.system.clients.length + i)),
  };
}

function requestsOf(trace: Trace, clients: ReadonlySet<NodeId>): number[] {
  return trace.choices.flatMap((choice, event) =>
    choice?.kind === "invoke" && clients.has(choice.client) ? [event] : [],
  );
}

function worldOf(world: World, nodes: readonly LookedAt[]): World {
  return { ...world, nodes: nodes.map((node) => node.slot) };
}

/** A node's memory at one moment, which notes what is looked at. */
class LookedAt {
  readonly slot: NodeSlot;
  readonly #run: TrackedRun;

  constructor(
    machines: RunMachines,
    readonly node: number,
    readonly inputs: number,
  ) {
    const { inputs: all, transitions } = machines.node(node);
    const row = transitions.rowAfter(all.slice(0, inputs).map((input) => transitions.inputId(input)));
    this.#run = new TrackedRun(transitions.cells, lookupIn(row));
    this.slot = slotOver(this.#run.state() as NodeMemory);
    this.#run.reads.length = 0;
  }

  question(): Question | undefined {
    const { cells, lookup, reads } = this.#run;
    const at: CellPath[] = [];
    for (const read of reads) {
      if (read < 0) at.push(cells.pathOfRegion(-1 - read));
      else if (!isShell(cells.value(lookup(read)))) at.push(cells.path(read));
    }
    if (at.length === 0) return undefined;
    return { kind: "seen", node: this.node, inputs: this.inputs, look: { input: { kind: "look", at } } };
  }
}

/** A slot whose parts are read when they are asked for. */
function slotOver(memory: NodeMemory): NodeSlot {
  return {
    get up() {
      return memory.up;
    },
    get state() {
      return memory.state;
    },
    get stable() {
      return memory.stable === null ? undefined : { value: memory.stable.value, origin: undefined };
    },
    get unflushed() {
      return memory.unflushed === null ? undefined : { value: memory.unflushed.value, origin: undefined };
    },
    get timers() {
      return [...memory.timers].map(([name, { delay }]) => ({ name, delay, origin: undefined }));
    },
    get pending() {
      return [...memory.pending].map(([label, { options }]) => ({ label, options, origin: undefined }));
    },
    origin: undefined,
    text: undefined,
  };
}

type Asking = { readonly kind: "judge" } | { readonly kind: "see"; readonly observation: Observation };

/**
 * Which observations made a property with monitors false: the exact witnesses of its judgement over what was observed, with
 * everything else of the last world as it was.
 */
export function explainViolation(
  trace: Trace,
  run: ObservedRun,
  property: Property,
  budget: Partial<Budget>,
): ViolationExplanation | undefined {
  // What other properties saw of earlier worlds is no input of this machine.
  if (property.kind !== "always" && property.kind !== "at-quiescence") return undefined;
  const judge = judgeOf(trace, property);
  const { monitors } = trace.system;
  const machine: Machine<Map<string, Value>, Asking, boolean> = {
    initial: Map(monitors.map(({ name, start }) => [name, start])),
    // Unsampled: comparing what two calls give would read every cell.
    step: (values, input) =>
      unsampled(() => {
        if (input.kind === "see") return { state: observed(monitors, values, input.observation), output: false };
        const world = { ...run.end, monitors: readLater(monitors, values) };
        return { state: values, output: judge(run.beforeEnd, world, () => {}) };
      }),
  };
  const inputs = run.observations.map(({ observation }): Asking => ({ kind: "see", observation }));
  const provenance = explainOutput(machine, inputs, { kind: "judge" }, { budget });
  const eventsAt = (positions: readonly number[]): number[] =>
    [...new Set(positions.map((position) => run.observations[position]?.event as number))].sort((a, b) => a - b);
  const core = eventsAt(provenance.core);
  const { status } = provenance;
  const named = { property: property.name, status, core };
  switch (provenance.status) {
    case "exact":
      return { ...named, smallest: eventsAt(provenance.witnesses.smallest()), count: provenance.witnesses.count };
    case "partial":
      return { ...named, smallest: eventsAt(provenance.found[0] ?? provenance.support), count: null };
    case "slice-only":
      return { ...named, smallest: eventsAt(provenance.support), count: null };
  }
}

/** The values of monitors, each of which is read when the property asks for it. */
function readLater(monitors: readonly AnyMonitor[], values: Map<string, Value>): Value[] {
  const all: Value[] = [];
  monitors.forEach(({ name }, i) => Object.defineProperty(all, i, { get: () => values.get(name), enumerable: true }));
  return all;
}

function observed(monitors: readonly AnyMonitor[], values: Map<string, Value>, event: Observation): Map<string, Value> {
  let next = values;
  for (const monitor of monitors) next = next.set(monitor.name, fold(monitor, next.get(monitor.name), event));
  return next;
}
