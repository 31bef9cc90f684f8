import type { Choice } from "./choice.js";
import { guarded } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import type { Judgement, Property } from "./property.js";
import type { System } from "./system.js";
import { View } from "./view.js";
import type { World } from "./world.js";

/** A property that does not hold, and the sentence that says why. */
export interface Violation {
  readonly property: string;
  readonly detail: string;
}

/**
 * Judges a world by the properties that speak of single worlds, in declared order: the first violation, if any.
 *
 * @throws NodeFailure when a property throws, or gives neither `true` nor a sentence.
 */
export function judgeWorld(system: System, world: World): Violation | undefined {
  for (const property of system.properties) {
    if (property.kind !== "always") continue;
    const judgement = judge(property, () => property.holds(new View(system, world)));
    if (judgement !== true) return { property: property.name, detail: judgement };
  }
  return undefined;
}

/** Judges a transition by the properties that speak of transitions. */
export function judgeStep(system: System, before: World, after: World, choice: Choice): Violation | undefined {
  for (const property of system.properties) {
    if (property.kind !== "step") continue;
    const judgement = judge(property, () => property.holds(new View(system, before), new View(system, after), choice));
    if (judgement !== true) return { property: property.name, detail: judgement };
  }
  return undefined;
}

export function hasStepProperties(system: System): boolean {
  return system.properties.some((property) => property.kind === "step");
}

/** Keeps which `sometimes` properties have been reached, judging only those that have not. */
export class Reached {
  private readonly missing: Extract<Property, { kind: "sometimes" }>[];

  constructor(private readonly system: System) {
    this.missing = system.properties.filter((property) => property.kind === "sometimes");
  }

  see(world: World): void {
    for (let i = this.missing.length - 1; i >= 0; i -= 1) {
      const property = this.missing[i];
      if (property === undefined) continue;
      if (guardedProperty(property, () => property.reached(new View(this.system, world)))) this.missing.splice(i, 1);
    }
  }

  /** The names of those never reached so far, in declared order. */
  neverReached(): string[] {
    return this.missing.map((property) => property.name);
  }
}

function judge(property: Property, holds: () => Judgement): Judgement {
  const judgement = guardedProperty(property, holds);
  if (judgement === true || typeof judgement === "string") return judgement;
  const place = { kind: "property", owner: property.name } as const;
  throw new NodeFailure(place, `gives ${String(judgement)}; return true, or a sentence that says what is wrong.`);
}

function guardedProperty<T>(property: Property, code: () => T): T {
  const place = { kind: "property", owner: property.name } as const;
  try {
    return guarded(place, code);
  } catch (error) {
    throw failureOf(place, error);
  }
}
