import type { Verdict } from "../checker/verdict.js";
import { clientsHistoryJson } from "../report/clients-history.js";
import type { System } from "../sim/system.js";
import type { Found } from "./found.js";
import { scopeText } from "./headline.js";
import type { LoadedScenario } from "./load-scenario.js";
import { outlookFields } from "./outlook-lines.js";

/** What the document of `check --json` says of a verdict. */
export function verdictDocument(verdict: Verdict, about: { system: System; loaded: LoadedScenario; found: Found }) {
  const { system, loaded, found } = about;
  const { coverage } = verdict;
  return {
    scenario: system.scenario,
    params: system.parameters,
    faults: system.faults,
    verdict: verdict.kind,
    limit: verdict.kind === "unknown" ? verdict.limit : null,
    ...outlookFields(verdict),
    complete: coverage.complete,
    scope: scopeText(loaded.scenario, system),
    states: coverage.states,
    transitions: coverage.transitions,
    depth: coverage.depth,
    property: found.property,
    detail: found.detail,
    steps: found.steps,
    loop: found.loop,
    schedule: found.schedule,
    histories: found.histories.map(clientsHistoryJson),
    neverReached: coverage.neverReached,
    vacuous: coverage.vacuous,
    satisfied: coverage.satisfied,
    neverRun: coverage.neverRun,
    neverReturned: coverage.neverReturned,
    handlers: coverage.handlers,
    faultsNeverSeen: coverage.faultsNeverSeen,
  };
}
