import { run, type RunResult } from "../sim/run.js";
import { type Divergence, type Replaying, replaying } from "../sim/strategy/replaying.js";
import type { System } from "../sim/system.js";
import type { Trace } from "../sim/trace.js";
import type { World } from "../sim/world.js";

/** A run that was executed again from the names of its choices, with everything that can be seen of it. */
export type ReExecuted = Omit<RunResult, "trace"> & {
  readonly trace: Trace;
  readonly divergence: Divergence | undefined;
};

/** Follows choices by name, up to the first violation, and keeps the full trace. */
export function reExecute(
  system: System,
  choices: readonly string[],
  onWorld?: (world: World, step: number) => void,
): ReExecuted {
  let strategy: Replaying | undefined;
  const result = run(
    system,
    (compiled) => {
      strategy = replaying(choices)(compiled);
      return strategy;
    },
    { maxSteps: choices.length, trace: "details", ...(onWorld === undefined ? {} : { onWorld }) },
  );
  if (result.trace === undefined) throw new Error("A run with a trace has given none.");
  return { ...result, trace: result.trace, divergence: nearestFirst(strategy?.divergence()) };
}

/** Sorts what was offered by how much of its name, from the start, is what was wanted; else in canonical order. */
function nearestFirst(divergence: Divergence | undefined): Divergence | undefined {
  if (divergence === undefined) return undefined;
  const { wanted, offered } = divergence;
  const likeness = new Map(offered.map((name) => [name, commonStart(name, wanted)]));
  return { ...divergence, offered: [...offered].sort((a, b) => (likeness.get(b) ?? 0) - (likeness.get(a) ?? 0)) };
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
