import { guarded } from "./guard.js";
import type { AnyMonitor, Observation } from "./monitor.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import { freeze } from "./react.js";
import type { System } from "./system.js";
import type { Value } from "./value.js";
import type { World } from "./world.js";

/** Folds an observation into all monitors of a world; it is made only if there are any. */
export function observe(system: System, world: World, make: () => Observation): void {
  if (system.monitors.length === 0) return;
  const event = Object.freeze(make());
  system.monitors.forEach((monitor, i) => {
    world.monitors[i] = fold(monitor, world.monitors[i], event);
  });
}

/** A monitor's value after an observation, frozen. @throws NodeFailure when the monitor throws or gives nothing. */
export function fold(monitor: AnyMonitor, value: Value, event: Observation): Value {
  const place = { kind: "monitor", owner: monitor.name } as const;
  let folded: Value;
  try {
    folded = guarded(place, () => monitor.on(value as never, event));
  } catch (error) {
    throw failureOf(place, error);
  }
  if (folded === undefined) throw new NodeFailure(place, "gives no value; return the value after the observation.");
  freeze(folded);
  return folded;
}
