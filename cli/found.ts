import type { Witness } from "../checker/verdict.js";
import type { ClientsHistory } from "../report/clients-history.js";
import type { NodeFailure } from "../sim/node-failure.js";
import type { Schedule } from "../sim/schedule.js";
import type { System } from "../sim/system.js";
import type { Trace } from "../sim/trace.js";
import { judgeClients } from "./clients-history.js";
import { failureText } from "./failure.js";
import type { LoadedScenario } from "./load-scenario.js";
import { record } from "./record.js";
import { shrinkWitness } from "./shrink-witness.js";

/** What a command has found: what there is to tell beside the verdict itself. */
export interface Found {
  readonly property: string | null;
  readonly detail: string | null;
  readonly steps: number | null;
  /** How many steps come before those that repeat for ever; null for a run that ends. */
  readonly loop: number | null;
  /** The path of the schedule that was written. */
  readonly schedule: string | null;
  readonly trace: Trace | undefined;
  /** What the clients saw in it, judged. */
  readonly histories: readonly ClientsHistory[];
}

export const nothingFound: Found = {
  property: null,
  detail: null,
  steps: null,
  loop: null,
  schedule: null,
  trace: undefined,
  histories: [],
};

/** Where it was found, and where its schedule goes. */
export interface Finding {
  readonly loaded: LoadedScenario;
  readonly system: System;
  /** The schedule's file, if it was given one. */
  readonly out: string | undefined;
  readonly origin: Schedule["origin"];
}

/** Shrinks a violation, executes it again, judges what its clients saw, and writes its schedule. */
export function foundViolation({ loaded, system, ...recording }: Finding, found: Witness): Found {
  const { witness, trace } = shrinkWitness(system, found);
  return {
    property: witness.property,
    detail: witness.detail,
    steps: witness.step,
    loop: witness.loop ?? null,
    schedule: record(loaded, system, witness, recording),
    trace,
    histories: judgeClients(system, witness.choices),
  };
}

/** Writes the schedule of a failure of node code, unless it failed before the first step. */
export function foundFailure(
  { loaded, system, ...recording }: Finding,
  { failure, choices }: { readonly failure: NodeFailure; readonly choices: readonly string[] },
): Found {
  const schedule = choices.length === 0 ? null : record(loaded, system, { choices }, recording);
  return { ...nothingFound, detail: failureText(failure), steps: choices.length, schedule };
}
