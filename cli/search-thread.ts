import { parentPort, workerData } from "node:worker_threads";
import { Helper } from "../checker/search/parallel/helper.js";
import { UnusableSearch } from "../checker/search/unusable-search.js";
import { holdTraps } from "../sim/guard.js";
import { unsampled } from "../sim/sample.js";
import { compileScenario } from "./compile-scenario.js";
import { InputError } from "./input-error.js";
import { loadScenario } from "./load-scenario.js";
import type { ThreadData, ThreadMessage } from "./search-threads.js";

/** A thread that helps a search: it loads the scenario for itself, tells that it is ready, and does one task after the other. */
async function help({ name, code, settings, memory, thread }: ThreadData): Promise<void> {
  try {
    const loaded = await loadScenario(name);
    if (loaded.code !== code)
      throw new InputError("The scenario's file was changed while it was being loaded. Check again.");
    const helper = new Helper(compileScenario(loaded, settings), memory, thread);
    holdTraps();
    tell({ kind: "ready" });
    // The main thread makes all that is made here, too, and looks at it more closely.
    unsampled(() => helper.serve());
  } catch (error) {
    const isInput = error instanceof InputError || error instanceof UnusableSearch;
    const text = error instanceof Error ? ((isInput ? undefined : error.stack) ?? error.message) : String(error);
    tell({ kind: "failed", isInput, text });
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

await help(workerData as ThreadData);
