import type { Explanation } from "../../../checker/explain/explanation.js";
import { FixedSlotReplay } from "../../../checker/explain/fixed-slot-replay.js";
import { RunMachines } from "../../../checker/explain/run-machines.js";
import { run, type RunResult } from "../../../sim/run.js";
import { randomly } from "../../../sim/strategy/listing.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import { scripted } from "../../../sim/strategy/scripted.js";
import type { StrategyFor } from "../../../sim/strategy.js";
import type { System } from "../../../sim/system.js";
import type { Trace } from "../../../sim/trace.js";

export type Recorded = RunResult & { readonly trace: Trace };

export function record(system: System, strategy: StrategyFor, maxSteps: number, goOn = true): Recorded {
  const result = run(system, strategy, { maxSteps, trace: "details", goOn });
  if (result.trace === undefined) throw new Error("There is no trace.");
  return { ...result, trace: result.trace };
}

export function recordAtRandom(system: System, seed: number, maxSteps: number): Recorded {
  return record(system, randomly(seed), maxSteps);
}

export function recordNames(system: System, names: readonly string[]): Recorded {
  return record(system, replaying(names), names.length, false);
}

/** Follows choices by how their names begin. */
export function recordScript(system: System, starts: readonly string[]): Recorded {
  return record(system, scripted(starts.map((start) => (name: string) => name.startsWith(start))), starts.length);
}

/** The events that may be left out of a run: all but starts. */
export function removable(trace: Trace): number[] {
  return Array.from({ length: trace.length }, (_, event) => event).filter((event) => trace.kind(event) !== "start");
}

/** Whether the outcome of an explanation comes about in the run without these events. */
export function outcomeHolds(trace: Trace, { graph }: Explanation): (isLeftOut: (event: number) => boolean) => boolean {
  if (graph === null) throw new Error("The explanation has no graph.");
  const replay = new FixedSlotReplay(RunMachines.of(trace), { roots: graph.roots, events: graph.required });
  return (isLeftOut) => replay.holdsWithout(isLeftOut);
}

export function subsetsOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, mask) => items.filter((_item, i) => (mask & (1 << i)) !== 0));
}
