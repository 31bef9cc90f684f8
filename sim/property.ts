import type { Choice } from "./choice.js";
import type { Fairness } from "./fairness.js";
import type { AnyMonitor } from "./monitor.js";
import type { ParameterValue } from "./parameter.js";
import type { Scenario } from "./scenario.js";
import type { Value } from "./value.js";
import type { View } from "./view.js";

/** `true` when the claim holds; a sentence says what is wrong, and is shown in the report. */
export type Judgement = true | string;

interface Claim {
  /** The claim in words. */
  readonly name: string;
  /** What it needs of the past. */
  readonly monitors: readonly AnyMonitor[];
}

/**
 * A named claim about a scenario.
 *
 * - `always`: of every reachable world
 * - `step`: of every transition, those into worlds already visited included
 * - `sometimes`: some reachable world satisfies it; never reached is reported, and is no violation
 * - `at-quiescence`: of every reachable world in which nothing but a fault would change anything
 * - `eventually`: on every fair run, some world satisfies it
 * - `leads-to`: on every fair run, each world that satisfies `from` is, or is followed by, one that satisfies `to`
 * - `stays-reachable`: from every reachable world, some choices lead to a world that satisfies it
 * - `refines`: every run, seen through `maps`, is one of the abstract scenario seen through `onto`
 *
 * A run ends only where nothing but a fault would change the world; such a run is complete.
 */
export type Property =
  | (Claim & { readonly kind: "always"; readonly holds: (view: View) => Judgement })
  | (Claim & { readonly kind: "at-quiescence"; readonly holds: (view: View) => Judgement })
  | (Claim & { readonly kind: "step"; readonly holds: (before: View, after: View, choice: Choice) => Judgement })
  | (Claim & { readonly kind: "sometimes"; readonly reached: (view: View) => boolean; readonly isCounted: boolean })
  | (Claim & { readonly kind: "eventually"; readonly reached: (view: View) => boolean; readonly fairness: Fairness })
  | (Claim & {
      readonly kind: "leads-to";
      readonly from: (view: View) => boolean;
      readonly to: (view: View) => boolean;
      readonly fairness: Fairness;
    })
  | (Claim & { readonly kind: "stays-reachable"; readonly reached: (view: View) => boolean })
  | (Claim & {
      readonly kind: "refines";
      readonly abstract: Scenario;
      readonly parameters: { readonly [name: string]: ParameterValue };
      readonly maps: (view: View) => Value;
      readonly onto: (view: View) => Value;
    });

export type PropertyOf<Kind extends Property["kind"]> = Extract<Property, { readonly kind: Kind }>;

interface PropertyOptions {
  readonly monitors?: readonly AnyMonitor[];
}

export function always(name: string, holds: (view: View) => Judgement, options: PropertyOptions = {}): Property {
  return { kind: "always", name, holds, monitors: options.monitors ?? [] };
}

export function step(
  name: string,
  holds: (before: View, after: View, choice: Choice) => Judgement,
  options: PropertyOptions = {},
): Property {
  return { kind: "step", name, holds, monitors: options.monitors ?? [] };
}

/** @param options with `count`, an exhaustive search also tells how many states satisfy it. */
export function sometimes(
  name: string,
  reached: (view: View) => boolean,
  options: PropertyOptions & { readonly count?: boolean } = {},
): Property {
  return { kind: "sometimes", name, reached, isCounted: options.count ?? false, monitors: options.monitors ?? [] };
}

/**
 * What must hold where a run ends, that is, where nothing but a fault would change the world: quiescence tells a system that
 * is done from one that is stuck.
 */
export function atQuiescence(name: string, holds: (view: View) => Judgement, options: PropertyOptions = {}): Property {
  return { kind: "at-quiescence", name, holds, monitors: options.monitors ?? [] };
}

interface LivenessOptions extends PropertyOptions {
  /** What the scheduler is trusted with; weak fairness of all that is no fault unless given. */
  readonly fairness?: Fairness;
}

/** On every fair run from the initial world, some world satisfies it, be it the initial one. */
export function eventually(name: string, reached: (view: View) => boolean, options: LivenessOptions = {}): Property {
  const { fairness = {}, monitors = [] } = options;
  return { kind: "eventually", name, reached, fairness, monitors };
}

/** On every fair run, whenever a world satisfies `from`, that world or a later one satisfies `to`. */
export function leadsTo(
  name: string,
  { from, to }: { readonly from: (view: View) => boolean; readonly to: (view: View) => boolean },
  options: LivenessOptions = {},
): Property {
  const { fairness = {}, monitors = [] } = options;
  return { kind: "leads-to", name, from, to, fairness, monitors };
}

/**
 * From every reachable world some choices, faults included, lead to a world that satisfies it: there is always a way back.
 * (In CTL: AG EF. It says nothing about whether that way is taken.)
 */
export function staysReachable(
  name: string,
  reached: (view: View) => boolean,
  options: PropertyOptions = {},
): Property {
  return { kind: "stays-reachable", name, reached, monitors: options.monitors ?? [] };
}

/**
 * The scenario implements a more abstract one: seen through `maps`, it starts as the abstract scenario does seen through
 * `onto`, and each of its transitions is a step of the abstract scenario, or no change there (Abadi and Lamport, "The
 * existence of refinement mappings", 1991). Where `onto` shows less than all of the abstract world, every abstract world
 * that fits what was seen so far is kept in mind.
 */
export function refines(
  name: string,
  abstract: Scenario,
  mapping: {
    readonly maps: (view: View) => Value;
    readonly onto: (view: View) => Value;
    /** Of the abstract scenario. */
    readonly parameters?: { readonly [name: string]: ParameterValue };
  },
  options: PropertyOptions = {},
): Property {
  const { maps, onto, parameters = {} } = mapping;
  return { kind: "refines", name, abstract, parameters, maps, onto, monitors: options.monitors ?? [] };
}
