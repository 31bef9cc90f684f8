import type { Value } from "../../sim/value.js";
import type { Machine } from "../provenance/machine.js";
import type { Target } from "./outcome.js";
import type { RunMachines } from "./run-machines.js";
import { type RunInput, RunPlayer, type RunState } from "./run-player.js";

/**
 * A recorded run with an outcome as one deterministic machine over its events, everything in its place: each delivery
 * delivers what its sender now sends in that place, which may be another message or none. Asked at the end, it gives what
 * the outcome is made of.
 */
export interface WholeRun {
  readonly machine: Machine<RunState, RunInput, readonly Value[]>;
  readonly inputs: readonly RunInput[];
}

/** @param events those that may matter, in order; the starts are always there. */
export function wholeRun(machines: RunMachines, target: Target, events: readonly number[]): WholeRun {
  const player = new RunPlayer(machines, target);
  const machine: WholeRun["machine"] = {
    initial: player.initial(),
    step: (state, input) => player.step(state, input),
  };
  return { machine, inputs: withNotes(machines, target, events) };
}

/** Puts the notes of a node's memory where the outcome looks at it: after so many of its inputs. */
function withNotes(machines: RunMachines, { roots }: Target, events: readonly number[]): RunInput[] {
  const inputs: RunInput[] = events.map((event) => ({ kind: "event", event }));
  roots.forEach((root, number) => {
    if (root.kind !== "seen") return;
    const next = machines.node(root.node).events[root.inputs] ?? Number.POSITIVE_INFINITY;
    const at = inputs.findIndex((input) => input.kind === "event" && input.event >= next);
    inputs.splice(at < 0 ? inputs.length : at, 0, { kind: "note", root: number });
  });
  return inputs;
}
