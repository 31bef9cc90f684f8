import { brokenModels } from "../checker/history/broken-models.js";
import { type FormatName, writeHistory } from "../checker/history/formats/write-history.js";
import { clientObjects } from "../checker/history/in-search/client-objects.js";
import { clientEvents, historyOfEvents } from "../checker/history/in-search/run-history.js";
import { type ClientsHistory, clientsHistoryLines } from "../report/clients-history.js";
import type { System } from "../sim/system.js";
import { InputError } from "./input-error.js";
import type { Output } from "./output.js";
import { shownPath } from "./place.js";
import { writeWholeFile } from "./write-file.js";

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

/**
 * Writes the history of a run, for `history` or another checker.
 *
 * @throws InputError unless the scenario has just one object whose history could be read.
 */
export function writeClients(
  output: Output,
  judged: readonly ClientsHistory[],
  { file, format }: { readonly file: string; readonly format: FormatName },
): void {
  const [only, ...others] = judged;
  if (only === undefined) {
    throw new InputError(
      "--history needs a scenario that says how its clients use an object: give its definition a `history`, or a history property.",
    );
  }
  if (others.length > 0) {
    const names = judged.map(({ specification }) => specification.name).join(", ");
    throw new InputError(`--history writes one object's history, and this scenario's clients use several: ${names}.`);
  }
  if (only.history === null)
    throw new InputError(`There is no history to write to ${shownPath(file)}: ${only.problem}`);
  writeWholeFile(file, writeHistory(only.history, format));
  output.say(`Written: the clients' history, to ${shownPath(file)}`);
}
