import { List } from "immutable";
import { blindObserver } from "../../sim/carrier.js";
import type { Choice } from "../../sim/choice.js";
import { withTraps } from "../../sim/guard.js";
import { initialWorld } from "../../sim/initial.js";
import type { AnyMonitor, Observation } from "../../sim/monitor.js";
import { takeChoice } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { ownWorld, type World } from "../../sim/world.js";

/** An observation, with the event that gave it. */
export interface Observed {
  readonly event: number;
  readonly observation: Observation;
}

/** A run followed once more, with all that monitors could observe of it. */
export interface ObservedRun {
  readonly observations: readonly Observed[];
  readonly end: World;
  /** The world before the last step; the initial one when there was none. */
  readonly beforeEnd: World;
}

/** Follows a recorded run to its end. Linear in the run. */
export function observeRun(trace: Trace): ObservedRun {
  let now = -1;
  // Its value holds all that it has seen: a sample of folds is made twice, so it may have no effect of its own.
  const spy: AnyMonitor = {
    name: "what is observed",
    start: List<Observed>(),
    on: (seen: List<Observed>, observation) => seen.push({ event: now, observation }),
  };
  const system: System = { ...trace.system, monitors: [...trace.system.monitors, spy] };
  return withTraps(() => {
    const carrier = blindObserver(system);
    let begun = -1;
    const counting = {
      begin: (...event: Parameters<NonNullable<typeof carrier>["begin"]>) => {
        begun += 1;
        now = begun;
        return carrier?.begin(...event) ?? { event: -1, context: [] };
      },
      emitted: carrier?.emitted.bind(carrier) ?? ((origin) => origin),
    } satisfies NonNullable<typeof carrier>;
    const end = ownWorld(initialWorld(system, counting));
    let beforeEnd: World = ownWorld(end);
    const stage = { system, world: end, observer: carrier };
    for (let event = trace.initialEvents; event < trace.length; event += 1) {
      if (event === trace.length - 1) beforeEnd = ownWorld(end);
      // Some observations come before their event begins.
      now = event;
      takeChoice(stage, trace.choices[event] as Choice);
    }
    return { observations: (end.monitors.at(-1) as List<Observed>).toArray(), end, beforeEnd };
  });
}
