import { List } from "immutable";
import { applyReaction } from "./apply-effects.js";
import { fullBudget } from "./fault.js";
import type { Message } from "./message.js";
import { Network } from "./network.js";
import { NodeFailure } from "./node-failure.js";
import type { StepObserver } from "./observer.js";
import type { CompiledNode, System } from "./system.js";
import { contextFor, handle, placeIn } from "./handle.js";
import { freeze } from "./freeze.js";
import { type Handler, react } from "./react.js";
import { sampleAnew } from "./sample.js";
import { encode, type Value } from "./value.js";
import { downSlot, type NodeSlot, type World } from "./world.js";

/**
 * The world before the first choice: every node has started, in declared order, and has handled its initial data, which
 * has effects on no other node. Starts and initial data are events of a trace, but no steps.
 */
export function initialWorld(system: System, observer?: StepObserver): World {
  sampleAnew();
  const world: World = {
    nodes: system.nodes.map(() => downSlot),
    network: Network.over(system.orders),
    clients: system.clients.map(({ workload }) => ({
      next: 0,
      open: undefined,
      results: workload.kind === "next" ? List() : undefined,
      origin: undefined,
      text: undefined,
    })),
    monitors: system.monitors.map(({ start }) => frozen(start)),
    budget: fullBudget(system.faults),
    partitions: [],
  };
  system.nodes.forEach((node, number) => {
    startNode(system, world, node, number, observer);
  });
  return world;
}

function startNode(system: System, world: World, node: CompiledNode, number: number, observer?: StepObserver): void {
  const stage = { system, world, observer };
  const start = { via: "program", cause: undefined, previous: undefined, stored: undefined } as const;
  const origin = observer?.begin("start", number, undefined, start);
  const place = placeIn(system, number, "start");
  handle(stage, number, downSlot, place, node.definition.start, [contextFor(system, number, origin)], origin);
  for (const message of node.initial) takeInitial(system, world, number, message, observer);
}

/** A node handles a message of its initial data: nothing is sent. */
export function takeInitial(
  system: System,
  world: World,
  number: number,
  message: Message,
  observer?: StepObserver,
): void {
  freeze(message);
  const node = system.nodes[number] as CompiledNode;
  const slot = world.nodes[number] as NodeSlot;
  const handler = node.definition.onMessage[message.kind];
  const place = placeIn(system, number, "onMessage", message.kind);
  if (handler === undefined) {
    throw new NodeFailure(place, `is missing: the initial data has ${encode(message)}. Add a handler for this kind.`);
  }
  const causes = { via: "program", cause: undefined, previous: slot.origin, stored: undefined } as const;
  const origin = observer?.begin("initial", number, undefined, causes);
  const inputs = [slot.state, message, { node: node.id }, contextFor(system, number, origin)];
  const reaction = react(place, handler as Handler, inputs);
  applyReaction({ system, world, observer }, number, slot, place, reaction, origin, true);
}

function frozen(value: Value): Value {
  freeze(value);
  return value;
}
