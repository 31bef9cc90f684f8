import { firstDifference } from "../../../sim/difference.js";
import type { AnyMonitor, Observation } from "../../../sim/monitor.js";
import { fold } from "../../../sim/observe.js";
import type { System } from "../../../sim/system.js";
import type { EngineTables } from "../engine/engine-tables.js";
import type { LocalStep } from "../engine/local-step.js";
import { PairTable } from "../engine/pair-table.js";
import { Asymmetry } from "./asymmetry.js";
import type { Trials } from "./trials.js";

/** Tries whether monitors treat alike participants alike. */
export class MonitorTrials {
  /** By monitor: the pairs of value and observation that were tried. */
  private readonly tried: readonly PairTable[];

  constructor(
    private readonly system: System,
    private readonly tables: EngineTables,
    private readonly trials: Trials,
  ) {
    this.tried = system.monitors.map(() => new PairTable());
  }

  /** Tries what they make of a step's observations, in the state of these ids. @throws Asymmetry when they tell alike ones apart. */
  try({ effects }: LocalStep, ids: readonly number[]): void {
    if (effects === undefined) return;
    for (const observation of effects.observations) {
      this.tried.forEach((tried, monitor) => {
        const value = ids[this.tables.components.monitorComponent(monitor)] as number;
        if (tried.add(value, observation)) this.tryMonitor(monitor, value, observation);
      });
    }
  }

  private tryMonitor(number: number, valueId: number, observation: number): void {
    const { components, steps } = this.tables;
    const monitor = this.system.monitors[number] as AnyMonitor;
    const value = components.monitors[number]?.values[valueId];
    const event = steps.observations.values[observation] as Observation;
    for (const { alike, renaming } of this.trials.next()) {
      const after = renaming.value(fold(monitor, value, event));
      const found = firstDifference(after, fold(monitor, renaming.value(value), renaming.observation(event)));
      if (found === undefined) continue;
      const where = found.path === "" ? "" : ` at ${found.path}`;
      throw new Asymmetry(
        alike,
        `the monitor "${monitor.name}" tells them apart${where}: ${found.left} and ${found.right}`,
      );
    }
  }
}
