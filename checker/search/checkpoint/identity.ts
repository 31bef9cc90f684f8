import type { FaultBudget } from "../../../sim/fault.js";
import type { Parameters } from "../../../sim/parameter.js";
import { UnusableCheckpoint } from "./unusable-checkpoint.js";

/** Of what a checkpoint is: only a search that agrees in all of it can go on from there. */
export interface Identity {
  readonly scenario: string;
  readonly parameters: Parameters;
  readonly faults: FaultBudget;
  readonly strategy: string;
  /** Changes when the scenario's code does. */
  readonly code: string;
  /** The tool's version. */
  readonly version: string;
}

/**
 * Compares what a checkpoint is of with what is to go on.
 *
 * @throws UnusableCheckpoint with the first difference, and what to ask for instead.
 */
export function requireSame(made: Identity, wanted: Identity): void {
  if (made.version !== wanted.version) {
    throw new UnusableCheckpoint(`it was made by version ${made.version} of Hindcast, and this is ${wanted.version}`);
  }
  if (made.scenario !== wanted.scenario) {
    throw new UnusableCheckpoint(`it is of the scenario ${made.scenario}, not of ${wanted.scenario}`);
  }
  requireSameSettings("parameter", made.parameters, wanted.parameters, (text) => `--param ${text}`);
  requireSameSettings("fault budget", made.faults, wanted.faults, (text) => `--faults ${text}`);
  if (made.strategy !== wanted.strategy) {
    throw new UnusableCheckpoint(
      `it is of a ${made.strategy} search, not of a ${wanted.strategy} one; ask for --strategy ${made.strategy}`,
    );
  }
  if (made.code !== wanted.code) {
    throw new UnusableCheckpoint("the scenario's file, or one that it imports, has changed since it was made");
  }
}

type Settings = { readonly [name: string]: unknown };

function requireSameSettings(kind: string, made: Settings, wanted: Settings, option: (text: string) => string): void {
  for (const name of new Set([...Object.keys(made), ...Object.keys(wanted)])) {
    const [then, now] = [made[name] ?? 0, wanted[name] ?? 0];
    if (then === now) continue;
    throw new UnusableCheckpoint(
      `it is of the ${kind} ${name}=${String(then)}, not ${String(now)}; ask for ${option(`${name}=${String(then)}`)}`,
    );
  }
}
