import { blindObserver } from "../../../sim/carrier.js";
import { describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { step } from "../../../sim/step.js";
import type { World } from "../../../sim/world.js";
import type { Tables } from "../engine/explored.js";
import { fits } from "../engine/layout.js";
import { noSlot, type SignatureTable } from "./signature-table.js";

/**
 * The names of the choices that lead to the state of a slot, found with the plain `step`: of each state on the way only the
 * signature is known, so that where several choices fit, each is tried.
 */
export function pathThrough(tables: Omit<Tables, "states">, table: SignatureTable, slot: number): string[] {
  const way: number[] = [];
  for (let at = slot; table.parentOf(at) !== noSlot; at = table.parentOf(at)) way.push(at);
  way.reverse();
  const { system } = tables;
  const observer = blindObserver(system);
  const words = new Uint32Array(tables.packing.width);
  const isAt = (world: World, wanted: number): boolean => {
    const ids = tables.components.idsOf(world);
    if (!ids.every((id, component) => fits(tables.packing.field(component), id))) return false;
    tables.packing.pack(ids, words);
    return table.matches(wanted, words, 0, words.length);
  };
  function* stepsTo(world: World, wanted: number): Generator<{ readonly name: string; readonly world: World }> {
    for (const choice of enabledChoices(system, world)) {
      const next = step(system, world, choice, observer);
      if (isAt(next, wanted)) yield { name: describeChoice(choice), world: next };
    }
  }
  const names: string[] = [];
  let world = initialWorld(system, observer);
  const open: ReturnType<typeof stepsTo>[] = [];
  while (names.length < way.length) {
    if (open.length === names.length) open.push(stepsTo(world, way[names.length] as number));
    const { value, done } = (open.at(-1) as ReturnType<typeof stepsTo>).next();
    if (done !== true) {
      names.push(value.name);
      world = value.world;
      continue;
    }
    open.pop();
    if (names.pop() === undefined)
      throw new Error("No choices lead through the signatures of a way; this is a bug of ours.");
  }
  return names;
}
