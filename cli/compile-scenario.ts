import { clientObjects } from "../checker/history/in-search/client-objects.js";
import { UnusableHistory } from "../checker/history/unusable-history.js";
import { compile } from "../sim/compile.js";
import { NondeterminismLeak } from "../sim/guard.js";
import { InvalidScenario } from "../sim/invalid-scenario.js";
import type { FaultBudget } from "../sim/fault.js";
import { type ParameterValue } from "../sim/parameter.js";
import { parametersOf } from "../sim/scenario.js";
import type { System } from "../sim/system.js";
import { InputError } from "./input-error.js";
import type { LoadedScenario } from "./load-scenario.js";
import { shownPath, userFrames } from "./place.js";

/** What compiling takes from a command line or a schedule. */
export interface ChosenSettings {
  readonly parameters: { readonly [name: string]: ParameterValue };
  readonly faults?: FaultBudget | undefined;
}

/**
 * Compiles a scenario with the parameters and faults that were asked for.
 *
 * @throws InputError for parameters and definitions that cannot be used, naming the scenario's file.
 */
export function compileScenario({ scenario, file }: LoadedScenario, { parameters, faults }: ChosenSettings): System {
  const where = file === undefined ? "" : ` (${shownPath(file)})`;
  try {
    parametersOf(scenario, parameters);
  } catch (error) {
    throw new InputError(`${(error as Error).message}${where}`);
  }
  try {
    const system = compile(scenario, { parameters, ...(faults === undefined ? {} : { faults }) });
    clientObjects(system);
    return system;
  } catch (error) {
    throw inputErrorOf(error, scenario.name, where);
  }
}

function inputErrorOf(error: unknown, name: string, where: string): InputError {
  if (error instanceof UnusableHistory) {
    return new InputError(`The scenario ${name}${where} cannot be used: ${error.message}`);
  }
  if (error instanceof NondeterminismLeak) {
    const at = error.line.replace(
      /^(.*?)(:\d+:\d+)$/,
      (_, path: string, line: string) => ` at ${shownPath(path)}${line}`,
    );
    return new InputError(
      `The scenario ${name}${where} cannot be used: its define uses ${error.used}${at}, so that it would be another one each time; ` +
        "give it a parameter instead.",
    );
  }
  if (error instanceof InvalidScenario) return new InputError(`${error.message}${where}`);
  const message = error instanceof Error ? error.message : String(error);
  const [frame] = userFrames(error);
  return new InputError(
    `The scenario ${name}${where} cannot be used: its define throws with these parameters: ${message}` +
      `${frame === undefined ? "" : `\n  ${frame}`}`,
  );
}
