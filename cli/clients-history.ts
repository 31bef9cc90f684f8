import { brokenModels } from "../checker/history/broken-models.js";
import { clientObjects } from "../checker/history/in-search/client-objects.js";
import { clientEvents, historyOfEvents } from "../checker/history/in-search/run-history.js";
import { type ClientsHistory, clientsHistoryLines } from "../report/clients-history.js";
import type { System } from "../sim/system.js";
import type { Output } from "./output.js";

/** Steps of each search for an order: a count and no time, so that the same run is always told in the same words. */
const stepsMax = 1_000_000;

/** Judges what the clients see in a run, on each object that the scenario says they use. */
export function judgeClients(system: System, choices: readonly string[]): readonly ClientsHistory[] {
  const objects = clientObjects(system);
  if (objects.length === 0) return [];
  const events = clientEvents(system, choices);
  return objects.map((operations): ClientsHistory => {
    const { specification } = operations;
    try {
      const history = historyOfEvents(events, operations);
      const models = brokenModels(history, specification, { shouldStop: (steps) => steps > stepsMax });
      return { specification, history, models, problem: null };
    } catch (error) {
      // The reading of messages and the specification may be the user's own, and may throw anything.
      return {
        specification,
        history: null,
        models: null,
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  });
}

/** Tells it, after the verdict. */
export function tellClients(output: Output, judged: readonly ClientsHistory[]): void {
  for (const line of clientsHistoryLines(judged)) output.say(`  ${line}`);
}
