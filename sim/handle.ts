import { applyReaction, type Reacting } from "./apply-effects.js";
import type { Origin } from "./baggage.js";
import type { Choice } from "./choice.js";
import type { Place } from "./guard.js";
import type { Context } from "./node.js";
import { type Handler, react } from "./react.js";
import type { CompiledNode, System } from "./system.js";
import type { Taking } from "./taking.js";
import type { Value } from "./value.js";
import type { NodeSlot } from "./world.js";

/** Calls a handler and applies its reaction. */
export function handle(
  at: Reacting,
  slot: NodeSlot,
  handler: unknown,
  inputs: readonly Value[],
  origin: Origin | undefined,
): void {
  const context = contextFor(at.system, at.number, origin);
  applyReaction(at, slot, react(at.place, handler as Handler, inputs, context), origin);
}

/** The surroundings of a reaction of a node's handler. */
export function reacting(
  { system, world, observer }: Pick<Taking<Choice>, "system" | "world" | "observer">,
  number: number,
  part: string,
  handler?: string,
): Reacting {
  const owner = (system.nodes[number] as CompiledNode).name;
  const place: Place = handler === undefined ? { kind: "node", owner, part } : { kind: "node", owner, part, handler };
  return { system, world, number, place, observer };
}

/** The context of a handler; with the values of the active bags, if its node reads any. */
function contextFor(system: System, number: number, origin: Origin | undefined): Context {
  const { context, definition } = system.nodes[number] as CompiledNode;
  const { reads } = definition;
  if (reads === undefined || origin === undefined) return context;
  return {
    ...context,
    read: (bag) =>
      reads.includes(bag) ? (origin.context[system.activeBags.indexOf(bag)] as never) : context.read(bag),
  };
}
