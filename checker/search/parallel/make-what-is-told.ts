import type { EngineTables } from "../engine/engine-tables.js";
import { InternsDiverged } from "../engine/intern-log.js";
import { culpritOf, replayInterns } from "../engine/replay-interns.js";
import { UnusableSearch } from "../unusable-search.js";
import type { SharedLog } from "./shared-log.js";

/**
 * Makes in this thread all that the intern log tells of.
 *
 * @throws outgrown as `replayInterns` does; UnusableSearch when node code gives something else here than in another thread.
 */
export function makeWhatIsTold(log: SharedLog, tables: EngineTables): void {
  try {
    replayInterns(log, tables);
  } catch (error) {
    if (!(error instanceof InternsDiverged)) throw error;
    const culprit = culpritOf(tables.system, error.made);
    throw new UnusableSearch(
      `${culprit.charAt(0).toUpperCase()}${culprit.slice(1)} other results in one thread than in another: it keeps something ` +
        "outside its state, such as a variable of its module. Keep that in the state; until then, search without --workers.",
    );
  }
}
