import type { SharedMemory } from "./shared-memory.js";

/** The threads that help the one that searches, each of which runs a `Helper` over the same memory. */
export interface Crew {
  readonly memory: SharedMemory;
  /** What is left of a level is expanded together if it has so many states. */
  readonly statesMin: number;
  /** Is called when the helpers have been given a task. */
  wake(): void;
  /** @throws when a helper is not there any more. */
  check(): void;
}
