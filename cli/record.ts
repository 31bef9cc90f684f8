import path from "node:path";
import type { Witness } from "../checker/verdict.js";
import { type Schedule, scheduleFormat } from "../sim/schedule.js";
import type { System } from "../sim/system.js";
import type { LoadedScenario } from "./load-scenario.js";
import { shownPath } from "./place.js";
import { writeSchedule } from "./schedule-file.js";

/** What is to be recorded: a witness, or the choices that lead to a failure of node code. */
export type Recorded = Witness | { readonly choices: readonly string[] };

/**
 * Writes a schedule beside which its scenario can be found again, and gives its path relative to the current folder.
 *
 * @param out where to; the scenario's name plus `.schedule.json` unless given.
 */
export function record(
  loaded: LoadedScenario,
  system: System,
  recorded: Recorded,
  { out, origin }: { readonly out: string | undefined; readonly origin: Schedule["origin"] },
): string {
  const file = path.resolve(out ?? `${loaded.scenario.name.replaceAll("/", "-")}.schedule.json`);
  writeSchedule(file, {
    format: scheduleFormat,
    scenario: loaded.file === undefined ? loaded.scenario.name : relativePath(path.dirname(file), loaded.file),
    parameters: system.parameters,
    faults: system.faults,
    property: "property" in recorded ? recorded.property : null,
    step: "property" in recorded ? recorded.step : null,
    origin,
    code: loaded.code,
    choices: recorded.choices,
    ...("loop" in recorded && recorded.loop !== undefined ? { loop: recorded.loop } : {}),
  });
  return shownPath(file);
}

function relativePath(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join("/");
}
