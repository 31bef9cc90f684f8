import { Worker } from "node:worker_threads";
import v8 from "node:v8";
import type { Crew } from "../checker/search/parallel/crew.js";
import { reserveMemory, type SharedMemory } from "../checker/search/parallel/shared-memory.js";
import type { ChosenSettings } from "./compile-scenario.js";
import { InputError } from "./input-error.js";
import type { LoadedScenario } from "./load-scenario.js";

/** What a thread is started with. */
export interface ThreadData {
  readonly name: string;
  /** That of the scenario as the main thread has loaded it. */
  readonly code: string;
  readonly settings: ChosenSettings;
  readonly memory: SharedMemory;
  readonly thread: number;
}

/** What a thread tells the main one. */
export type ThreadMessage =
  | { readonly kind: "ready" }
  /** `isInput` says that it is no bug of ours, and the text a sentence. */
  | { readonly kind: "failed"; readonly isInput: boolean; readonly text: string };

/** What is left of a level is expanded together if it has so many states: it takes a fraction of a millisecond to meet. */
const statesMin = 1000;

/** The heap of a thread may be somewhat larger than that of the main one, which makes the same and watches how full it is. */
const heapFactor = 1.25;

/** The threads that help a search. */
export class SearchThreads implements Crew {
  readonly memory: SharedMemory;
  readonly statesMin = statesMin;
  private readonly workers: readonly Worker[];
  private failure: Error | undefined;

  private constructor(threads: number, bytes: number, given: Omit<ThreadData, "memory" | "thread">) {
    this.memory = reserveMemory(threads, bytes);
    const maxOldGenerationSizeMb = Math.ceil((heapFactor * v8.getHeapStatistics().heap_size_limit) / 2 ** 20);
    this.workers = Array.from({ length: threads - 1 }, (_, i) => {
      const workerData: ThreadData = { ...given, memory: this.memory, thread: i + 1 };
      // What the scenario's file prints while it is loaded has been printed once already.
      const silent = { stdout: true, stderr: true };
      return new Worker(new URL("./search-thread.js", import.meta.url), {
        workerData,
        resourceLimits: { maxOldGenerationSizeMb },
        ...silent,
      });
    });
  }

  /**
   * Starts the threads that help the main one, and waits until they have loaded the scenario.
   *
   * @param threads how many are to search, the main one included.
   * @param bytes how much memory the search may take.
   * @throws InputError when the scenario does not load in one of them.
   */
  static async start(
    threads: number,
    bytes: number,
    { loaded, name, settings }: { loaded: LoadedScenario; name: string; settings: ChosenSettings },
  ): Promise<SearchThreads> {
    const crew = new SearchThreads(threads, bytes, { name, code: loaded.code, settings });
    try {
      await Promise.all(crew.workers.map((worker) => crew.readiness(worker)));
      return crew;
    } catch (error) {
      await crew.close();
      throw error;
    }
  }

  wake(): void {}

  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private readiness(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.failure ??= error;
        reject(error);
      };
      worker.on("message", (message: ThreadMessage) => {
        if (message.kind === "ready") resolve();
        else
          fail(
            message.isInput
              ? new InputError(message.text)
              : new Error(`A thread of the search failed: ${message.text}`),
          );
      });
      worker.on("error", (error) => fail(lost(error)));
      worker.on("exit", () => fail(lost("it ended by itself")));
    });
  }
}

function lost(why: unknown): InputError {
  const reason = why instanceof Error ? why.message : String(why);
  return new InputError(`A thread of the search was lost: ${reason}. Search with fewer --workers, or with one.`);
}
