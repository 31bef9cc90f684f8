import { guarded } from "./guard.js";
import type { Observation } from "./monitor.js";
import { NodeFailure } from "./node-failure.js";
import type { System } from "./system.js";
import type { World } from "./world.js";

/** Folds an observation into all monitors of a world; it is made only if there are any. */
export function observe(system: System, world: World, make: () => Observation): void {
  if (system.monitors.length === 0) return;
  const event = Object.freeze(make());
  system.monitors.forEach((monitor, i) => {
    const place = { kind: "monitor", owner: monitor.name } as const;
    try {
      world.monitors[i] = guarded(place, () => monitor.on(world.monitors[i] as never, event));
    } catch (error) {
      if (error instanceof NodeFailure) throw error;
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new NodeFailure(place, `threw ${said}`, error);
    }
  });
}
