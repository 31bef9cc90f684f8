import { guarded } from "./guard.js";
import type { AnyMonitor, Observation } from "./monitor.js";
import { NodeFailure } from "./node-failure.js";
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

/** A monitor's value after an observation. @throws NodeFailure when the monitor throws. */
export function fold(monitor: AnyMonitor, value: Value, event: Observation): Value {
  const place = { kind: "monitor", owner: monitor.name } as const;
  try {
    return guarded(place, () => monitor.on(value as never, event));
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new NodeFailure(place, `threw ${said}`, error);
  }
}
