import { describeChoice } from "../../sim/choice.js";
import type { Property } from "../../sim/property.js";
import type { Witness } from "../verdict.js";
import type { StateGraph } from "./graph.js";

/** The witness of a run, given as edges from the initial state. */
export function witnessOf(graph: StateGraph, property: Property, detail: string, edges: readonly number[]): Witness {
  const choices = edges.map((edge) => {
    const choice = graph.choices[graph.labels[edge] as number];
    if (choice === undefined) throw new Error(`Edge ${edge} of the state graph has no choice; this is a bug of ours.`);
    return describeChoice(choice);
  });
  return { property: property.name, detail, choices, step: choices.length };
}

/** Says how a run fails to keep its promise; `loop` is 0 for one that ends. */
export function lassoDetail(stem: number, loop: number): string {
  if (loop === 0) return `the run ends after ${counted(stem, "step")}, and it has not happened`;
  const since = stem === 0 ? "from the start" : `after step ${stem}`;
  return `${since} the same ${counted(loop, "step")} repeat for ever, without it`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
