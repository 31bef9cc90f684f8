import type { Command } from "commander";
import type { Crew } from "../checker/search/parallel/crew.js";
import type { System } from "../sim/system.js";
import { InputError } from "./input-error.js";
import type { LoadedScenario } from "./load-scenario.js";
import { wholeNumber } from "./options.js";
import { SearchThreads } from "./search-threads.js";
import { memoryLimitOf } from "./watch.js";

/** `--workers`, and what it does not go with. */
export interface WorkersOptions {
  readonly workers: number;
  readonly strategy: string;
  readonly reduce: string;
  readonly pastMemoryLimit: string;
  readonly memoryLimit?: number;
}

const workersMax = 64;

export function withWorkersOption(command: Command): Command {
  return command.option("--workers <n>", "search with so many threads", wholeNumber(1), 1);
}

/** @throws InputError when what was asked for is done by one thread alone. */
export function refuseWorkers({ workers, strategy, reduce, pastMemoryLimit }: WorkersOptions): void {
  if (workers === 1) return;
  const refuse = (what: string, why: string): never => {
    throw new InputError(`--workers ${workers} does not work with ${what}: ${why}. Leave one of them out.`);
  };
  if (workers > workersMax) throw new InputError(`--workers ${workers} are too many: there may be ${workersMax}.`);
  if (strategy !== "breadth-first") {
    refuse(`--strategy ${strategy}`, "threads share the states of one depth, and it does not go depth by depth");
  }
  if (reduce !== "none") {
    refuse(`--reduce ${reduce}`, "what is left out of a state depends on what was found before, one after the other");
  }
  if (pastMemoryLimit !== "stop") {
    refuse(`--past-memory-limit ${pastMemoryLimit}`, "the states that threads share cannot be given up for hashes");
  }
}

/**
 * The threads that help; undefined when there is one worker. They are to be closed.
 *
 * @throws InputError when they do not come to help.
 */
export async function startWorkers(
  { workers, memoryLimit }: WorkersOptions,
  name: string,
  loaded: LoadedScenario,
  { parameters, faults }: System,
): Promise<(Crew & { close(): Promise<void> }) | undefined> {
  if (workers === 1) return undefined;
  const settings = { parameters, faults };
  return SearchThreads.start(workers, memoryLimitOf({ memoryLimit }), { loaded, name, settings });
}
