import type { Schedule } from "../sim/schedule.js";
import type { System } from "../sim/system.js";
import { compileScenario } from "./compile-scenario.js";
import { InputError } from "./input-error.js";
import { type LoadedScenario, loadScenario, namesScenario } from "./load-scenario.js";
import { readSchedule } from "./schedule-file.js";

/** A schedule with the system that it is a schedule of. */
export interface ScheduledSystem {
  readonly schedule: Schedule;
  readonly system: System;
  readonly loaded: LoadedScenario;
  /** The scenario's code is not what it was when the schedule was recorded. */
  readonly isCodeChanged: boolean;
}

/**
 * Reads a schedule, and loads and compiles its scenario.
 *
 * @throws InputError when the file is no schedule, or its scenario is not there or does not take its parameters.
 */
export async function loadSchedule(name: string): Promise<ScheduledSystem> {
  if (await namesScenario(name)) {
    throw new InputError(
      `${name} is a scenario, and no schedule of it: \`hindcast check ${name}\` or \`hindcast run ${name}\` writes one when it finds a violation.`,
    );
  }
  const { schedule, shown, folder } = await readSchedule(name);
  try {
    const loaded = await loadScenario(schedule.scenario, folder);
    const system = compileScenario(loaded, { parameters: schedule.parameters, faults: schedule.faults });
    return { schedule, system, loaded, isCodeChanged: schedule.code !== null && schedule.code !== loaded.code };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`The schedule ${shown} is of the scenario ${schedule.scenario}. ${error.message}`);
  }
}
