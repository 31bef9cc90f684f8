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
    const violation = judgeAlways(property, new View(system, world));
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** Judges a transition by the properties that speak of transitions. */
export function judgeStep(system: System, before: World, after: World, choice: Choice): Violation | undefined {
  for (const property of system.properties) {
    if (property.kind !== "step") continue;
    const violation = judgeTransition(property, new View(system, before), new View(system, after), choice);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

export type AlwaysProperty = Extract<Property, { readonly kind: "always" }>;
export type StepProperty = Extract<Property, { readonly kind: "step" }>;
export type SometimesProperty = Extract<Property, { readonly kind: "sometimes" }>;

export function judgeAlways(property: AlwaysProperty, view: View): Violation | undefined {
  return violationOf(property, () => property.holds(view));
}

export function judgeTransition(
  property: StepProperty,
  before: View,
  after: View,
  choice: Choice,
): Violation | undefined {
  return violationOf(property, () => property.holds(before, after, choice));
}

export function isReached(property: SometimesProperty, view: View): boolean {
  return guardedProperty(property, () => property.reached(view));
}

export function hasStepProperties(system: System): boolean {
  return system.properties.some((property) => property.kind === "step");
}

/** Keeps which `sometimes` properties have been reached, judging only those that have not. */
export class Reached {
  private readonly missing: SometimesProperty[];

  constructor(private readonly system: System) {
    this.missing = system.properties.filter((property) => property.kind === "sometimes");
  }

  see(world: World): void {
    for (let i = this.missing.length - 1; i >= 0; i -= 1) {
      const property = this.missing[i];
      if (property === undefined) continue;
      if (isReached(property, new View(this.system, world))) this.missing.splice(i, 1);
    }
  }

  /** The names of those never reached so far, in declared order. */
  neverReached(): string[] {
    return this.missing.map((property) => property.name);
  }
}

function violationOf(property: Property, holds: () => Judgement): Violation | undefined {
  const judgement = guardedProperty(property, holds);
  if (judgement === true) return undefined;
  if (typeof judgement === "string") return { property: property.name, detail: judgement };
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
