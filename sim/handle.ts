import { applyReaction } from "./apply-effects.js";
import type { Origin } from "./origin.js";
import type { CodePlace } from "./guard.js";
import type { Context } from "./node.js";
import { type Handler, react } from "./react.js";
import type { Stage } from "./stage.js";
import type { CompiledNode, System } from "./system.js";
import type { Value } from "./value.js";
import type { NodeSlot } from "./world.js";

/** Calls a handler of a node with these inputs, its context the last of them, and applies its reaction. */
export function handle(
  stage: Stage,
  number: number,
  slot: NodeSlot,
  place: CodePlace,
  handler: unknown,
  inputs: readonly Value[],
  origin: Origin | undefined,
): void {
  applyReaction(stage, number, slot, place, react(place, handler as Handler, inputs), origin);
}

/** The place of a node's handler, for errors. */
export function placeIn(system: System, number: number, part: string, handler?: string): CodePlace {
  const owner = (system.nodes[number] as CompiledNode).name;
  return handler === undefined ? { kind: "node", owner, part } : { kind: "node", owner, part, handler };
}

/** The context of a handler; with the values of the active bags, if its node reads any. */
export function contextFor(system: System, number: number, origin: Origin | undefined): Context {
  const { context, definition } = system.nodes[number] as CompiledNode;
  const { reads } = definition;
  if (reads === undefined || origin === undefined) return context;
  return {
    ...context,
    read: (bag) =>
      reads.includes(bag) ? (origin.context[system.activeBags.indexOf(bag)] as never) : context.read(bag),
  };
}
