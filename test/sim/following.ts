import type { AnyBag } from "../../sim/baggage.js";
import { blindObserver } from "../../sim/carrier.js";
import { describeChoice } from "../../sim/choice.js";
import { compile, type Settings } from "../../sim/compile.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { run, type RunResult } from "../../sim/run.js";
import { defineScenario, type SystemDefinition } from "../../sim/scenario.js";
import { step } from "../../sim/step.js";
import { replaying } from "../../sim/strategy/replaying.js";
import type { System } from "../../sim/system.js";
import type { World } from "../../sim/world.js";

/** A definition with the parts that a test needs. */
export type Parts = Omit<SystemDefinition, "properties"> & Partial<Pick<SystemDefinition, "properties">>;

/** Compiles a definition as the scenario "small". */
export function systemOf(parts: Parts, settings: Settings = {}): System {
  const define = (): SystemDefinition => ({ properties: [], ...parts });
  return compile(defineScenario({ name: "small", about: "a test", scope: "small", define }), settings);
}

/** The names of all that is offered. */
export function offered(system: System, world: World): string[] {
  return enabledChoices(system, world).map(describeChoice);
}

/** The world after the choices of these names, by pure steps. @throws when one is not offered, with what is. */
export function after(system: System, ...names: readonly string[]): World {
  const observer = blindObserver(system);
  let world = initialWorld(system, observer);
  for (const name of names) {
    const choice = enabledChoices(system, world).find((one) => describeChoice(one) === name);
    if (choice === undefined) throw new Error(`${name} is not among:\n${offered(system, world).join("\n")}`);
    world = step(system, world, choice, observer);
  }
  return world;
}

/** Replays the choices of these names with a detailed trace. */
export function replay(
  system: System,
  names: readonly string[],
  bags: readonly AnyBag[] = [],
): RunResult & { readonly trace: NonNullable<RunResult["trace"]> } {
  const result = run(system, replaying(names), { maxSteps: 10_000, trace: "details", bags, goOn: true });
  if (result.trace === undefined || (result.failure === undefined && result.choices.length !== names.length)) {
    throw new Error(`The replay ended after ${result.choices.length} of ${names.length} steps.`);
  }
  return { ...result, trace: result.trace };
}

/** The state of a node. */
export function stateOf(system: System, world: World, name: string): unknown {
  return world.nodes[system.participants.findIndex((id) => String(id) === name)]?.state;
}
