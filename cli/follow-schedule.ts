import { followWitness } from "../checker/liveness/follow-witness.js";
import { isGraphProperty } from "../checker/liveness/judge-graph.js";
import type { World } from "../sim/world.js";
import type { ScheduledSystem } from "./load-schedule.js";
import { reExecute, type ReExecuted } from "./re-execute.js";

interface FollowOptions {
  /** No more steps than these are taken, and a run that is cut off so is not judged as a whole. */
  readonly maxSteps?: number | undefined;
  readonly onWorld?: ((world: World, step: number) => void) | undefined;
}

/**
 * Follows a schedule up to its first violation. If there is none, the run is judged by the property of whole runs that the
 * schedule was recorded for, if it is one.
 */
export function followSchedule(
  { schedule, system }: Pick<ScheduledSystem, "schedule" | "system">,
  { maxSteps, onWorld }: FollowOptions = {},
): ReExecuted {
  const followed = reExecute(system, schedule.choices.slice(0, maxSteps), onWorld);
  const { violation, failure, choices } = followed;
  if (violation !== undefined || failure !== undefined || choices.length < schedule.choices.length) return followed;
  const property = system.properties.find(({ name }) => name === schedule.property);
  if (property === undefined || !isGraphProperty(property)) return followed;
  const found = followWitness(system, property, schedule);
  return found === undefined ? followed : { ...followed, violation: { ...found, step: choices.length } };
}
