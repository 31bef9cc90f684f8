import type { Choice } from "./choice.js";
import type { AnyMonitor } from "./monitor.js";
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
 */
export type Property =
  | (Claim & { readonly kind: "always"; readonly holds: (view: View) => Judgement })
  | (Claim & { readonly kind: "step"; readonly holds: (before: View, after: View, choice: Choice) => Judgement })
  | (Claim & { readonly kind: "sometimes"; readonly reached: (view: View) => boolean });

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

export function sometimes(name: string, reached: (view: View) => boolean, options: PropertyOptions = {}): Property {
  return { kind: "sometimes", name, reached, monitors: options.monitors ?? [] };
}
