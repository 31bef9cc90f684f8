import type { Trace } from "../../sim/trace.js";
import { causalPast, longestChain } from "../causality.js";
import type { Explanation } from "./explanation.js";

/** Explains an event of a run: so far by its causal past alone, which may hold events that did not matter. */
export function explain(trace: Trace, outcome: number): Explanation {
  return {
    status: "slice-only",
    outcome,
    core: null,
    smallest: null,
    count: null,
    causalPast: [...causalPast(trace, outcome)].sort((a, b) => a - b),
    chain: longestChain(trace, outcome),
  };
}
