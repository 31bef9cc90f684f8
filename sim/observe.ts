import { type Difference, firstDifference } from "./difference.js";
import { type CodePlace, guarded } from "./guard.js";
import type { AnyMonitor, Observation } from "./monitor.js";
import { failureOf, NodeFailure } from "./node-failure.js";
import { freeze } from "./freeze.js";
import { dependsOnOrder, noteOrders, reordered } from "./reordered.js";
import { isCalledTwice } from "./sample.js";
import type { System } from "./system.js";
import { UnusableValue, type Value } from "./value.js";
import type { World } from "./world.js";

/** Folds an observation into all monitors of a world; it is made only if there are any. */
export function observe(system: System, world: World, make: () => Observation): void {
  if (system.monitors.length === 0) return;
  const event = Object.freeze(make());
  system.monitors.forEach((monitor, i) => {
    world.monitors[i] = fold(monitor, world.monitors[i], event);
  });
}

/**
 * A monitor's value after an observation, frozen. A sample is folded twice and compared.
 *
 * @throws NodeFailure when the monitor throws, gives nothing, or differs when called again.
 */
export function fold(monitor: AnyMonitor, value: Value, event: Observation): Value {
  const folded = foldOnce(monitor, value, event);
  if (!isCalledTwice(monitor)) return folded;
  const place = placeOf(monitor);
  const differenceTo = (other: Value): Difference | undefined => {
    try {
      return firstDifference(folded, other);
    } catch (error) {
      if (!(error instanceof UnusableValue)) throw error;
      throw new NodeFailure(place, `gives a value that cannot be kept: ${error.message}`, error);
    }
  };
  const found = differenceTo(foldOnce(monitor, value, event));
  if (found !== undefined) {
    throw new NodeFailure(
      place,
      `is not deterministic: called twice with the same value and event, it gives ${inWords(found)}. Keep what it remembers in its value.`,
    );
  }
  noteOrders(folded);
  const other = reordered(value);
  const dependence = Object.is(other, value) ? undefined : differenceTo(foldOnce(monitor, other, event));
  if (dependence === undefined) return folded;
  throw new NodeFailure(place, `${dependsOnOrder.is}, it gives ${inWords(dependence)}. ${dependsOnOrder.remedy}`);
}

function inWords({ path, left, right }: Difference): string {
  return `${left} and then ${right}${path === "" ? "" : ` at ${path}`}`;
}

function foldOnce(monitor: AnyMonitor, value: Value, event: Observation): Value {
  const place = placeOf(monitor);
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

function placeOf({ name }: AnyMonitor): CodePlace {
  return { kind: "monitor", owner: name };
}
