import type { Choice } from "./choice.js";
import type { StepObserver } from "./observer.js";
import type { Recorder } from "./recorder.js";
import type { System } from "./system.js";
import type { World } from "./world.js";

/** Picks what happens next. All the undetermined of a run goes through here. */
export interface Strategy {
  readonly name: string;
  /**
   * The next choice, one that is enabled in this world; undefined ends the run.
   *
   * The world may be changed in place after the call: a strategy keeps no part of it.
   */
  next(world: World): Choice | undefined;
  /** What it wants to be told of within steps, those of the initial world included. */
  readonly observer?: Omit<StepObserver, "begin" | "emitted">;
  /** Given the recorder of a run that keeps a trace, so that a strategy with a clock can tell the time. */
  recordTo?(recorder: Recorder): void;
}

/** Makes a strategy for one run of a system. */
export type StrategyFor = (system: System) => Strategy;
