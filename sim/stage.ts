import type { Choice } from "./choice.js";
import { type FaultKind, faultNumber, unlimited } from "./fault.js";
import type { StepObserver } from "./observer.js";
import type { System } from "./system.js";
import type { World } from "./world.js";

/** Where choices are taken: a world that may be written to, and who listens. A run has one for all its steps. */
export interface Stage {
  readonly system: System;
  readonly world: World;
  readonly observer: StepObserver | undefined;
}

export type ChoiceOf<Kind extends Choice["kind"]> = Extract<Choice, { readonly kind: Kind }>;

/** Takes one unit from a fault's budget. */
export function spend(world: World, fault: FaultKind): void {
  const number = faultNumber[fault];
  const left = world.budget[number] as number;
  if (left !== unlimited) world.budget = world.budget.map((count, i) => (i === number ? count - 1 : count));
}
