import { unknownInFairness } from "../fairness.js";
import type { AnyMonitor } from "../monitor.js";
import type { SystemDefinition } from "../scenario.js";
import type { System } from "../system.js";
import type { Names } from "./names.js";

/** The declared monitors, then those that properties bring along; the same one only once. */
export function collectMonitors(names: Names, definition: SystemDefinition): readonly AnyMonitor[] {
  const monitors = new Map<string, AnyMonitor>();
  for (const monitor of [
    ...(definition.monitors ?? []),
    ...definition.properties.flatMap((property) => property.monitors),
  ]) {
    const known = monitors.get(monitor.name);
    if (known !== undefined && known !== monitor)
      throw names.invalid(`two monitors are called "${monitor.name}"; rename one.`);
    monitors.set(monitor.name, monitor);
  }
  const properties = new Set<string>();
  for (const { name } of definition.properties) {
    if (name === "") throw names.invalid("a property has no name; say in words what it claims.");
    if (properties.has(name)) throw names.invalid(`two properties are called "${name}"; rename one.`);
    properties.add(name);
  }
  return [...monitors.values()];
}

/** Refuses fairness of actions that can never be: it would be taken for granted in vain. */
export function checkFairness(names: Names, system: System): void {
  for (const property of system.properties) {
    if (property.kind !== "eventually" && property.kind !== "leads-to") continue;
    const unknown = unknownInFairness(system, property.fairness);
    if (unknown !== undefined) throw names.invalid(`the fairness of "${property.name}" names ${unknown}`);
  }
}
