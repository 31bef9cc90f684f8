import type { Choice } from "./choice.js";
import { guarded } from "./guard.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import type { Judgement, Property, PropertyOf } from "./property.js";
import { isQuiescent } from "./quiescent.js";
import { dependsOnOrder } from "./reordered.js";
import { isCalledTwice } from "./sample.js";
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
    const violation = judgeHolds(property, new View(system, world));
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

/** Judges a world in which a run has ended, if nothing but a fault would change it, by what must hold there. */
export function judgeEnd(system: System, world: World): Violation | undefined {
  const properties = system.properties.filter((property) => property.kind === "at-quiescence");
  if (properties.length === 0 || !isQuiescent(system, world)) return undefined;
  for (const property of properties) {
    const violation = judgeHolds(property, new View(system, world));
    if (violation !== undefined) return violation;
  }
  return undefined;
}

export type AlwaysProperty = PropertyOf<"always">;
export type StepProperty = PropertyOf<"step">;
export type SometimesProperty = PropertyOf<"sometimes">;

/** Judges by a property of single worlds. */
export function judgeHolds(property: PropertyOf<"always" | "at-quiescence">, view: View): Violation | undefined {
  return violationOf(property, (seen) => property.holds(seen(view)));
}

export function judgeTransition(
  property: StepProperty,
  before: View,
  after: View,
  choice: Choice,
): Violation | undefined {
  return violationOf(property, (seen) => property.holds(seen(before), seen(after), choice));
}

export function isReached(property: PropertyOf<"sometimes" | "eventually" | "stays-reachable">, view: View): boolean {
  return isTrue(property, (seen) => property.reached(seen(view)));
}

/** Asks a question of a property. @throws NodeFailure when its code throws, or gives neither true nor false. */
export function isTrue(property: Property, question: Question<boolean>): boolean {
  const answer: unknown = asked(property, question);
  if (typeof answer === "boolean") return answer;
  const place = { kind: "property", owner: property.name } as const;
  throw new NodeFailure(
    place,
    `gives ${String(answer)} where it is asked whether a world satisfies it; return true or false.`,
  );
}

/** A world's score. @throws NodeFailure when its code throws, or gives no number. */
export function scoreOf(system: System, view: View): number {
  const place = { kind: "scenario", owner: system.scenario, part: "score" } as const;
  const { score } = system;
  if (score === undefined) throw new Error(`The scenario ${system.scenario} has no score.`);
  try {
    const given: unknown = guarded(place, () => score(view));
    if (typeof given === "number" && !Number.isNaN(given)) return given;
    throw new NodeFailure(place, `gives ${String(given)}; return a number, the higher the more promising.`);
  } catch (error) {
    throw failureOf(place, error);
  }
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

function violationOf(property: Property, holds: Question<Judgement>): Violation | undefined {
  const judgement = asked(property, holds);
  if (judgement === true) return undefined;
  if (typeof judgement === "string" && judgement !== "") return { property: property.name, detail: judgement };
  const place = { kind: "property", owner: property.name } as const;
  throw new NodeFailure(
    place,
    `gives ${String(judgement) || "an empty text"}; return true, or a sentence that says what is wrong.`,
  );
}

/** What is asked of a property's code about views, each of which is first given to `seen`. */
export type Question<T> = (seen: (view: View) => View) => T;

/**
 * The answer to a question. A sample is asked twice and compared; and once more about an equal world, of which the answer
 * must be the same, though a sentence may list things in another order.
 */
function asked<T>(property: Property, question: Question<T>): T {
  const ask = (seen: (view: View) => View): T => guardedProperty(property, () => question(seen));
  const answer = ask((view) => view);
  if (!isCalledTwice(property)) return answer;
  const again = ask((view) => view);
  if (again !== answer) throw differing(property, isNotDeterministic, answer, again);
  const reordered = ask((view) => view.reordered());
  if ((reordered === true) !== (answer === true)) throw differing(property, dependsOnOrder, answer, reordered);
  return answer;
}

const isNotDeterministic = {
  is: "is not deterministic: asked twice about the same world",
  remedy: "Let it depend on nothing but its view; what it needs of the past is for a monitor to keep.",
};

function differing(
  property: Property,
  { is, remedy }: typeof isNotDeterministic,
  first: unknown,
  second: unknown,
): NodeFailure {
  const place = { kind: "property", owner: property.name } as const;
  return new NodeFailure(place, `${is}, it gives ${inWords(first)} and then ${inWords(second)}. ${remedy}`);
}

function inWords(answer: unknown): string {
  return typeof answer === "string" ? `"${answer}"` : String(answer);
}

/** Runs a property's code with the traps armed. @throws NodeFailure when it throws or leaks nondeterminism. */
export function guardedProperty<T>(property: Property, code: () => T): T {
  const place = { kind: "property", owner: property.name } as const;
  try {
    return guarded(place, code);
  } catch (error) {
    throw failureOf(place, error);
  }
}
