import type { Explanation } from "../checker/explain/explanation.js";
import type { Trace } from "../sim/trace.js";
import { edgesInto, eventJson } from "./event-json.js";

/** An explanation as the document of `why`. */
export function explanationJson(trace: Trace, explanation: Explanation) {
  const events = (list: readonly number[] | null) => list?.map((event) => eventJson(trace, event)) ?? null;
  return {
    status: explanation.status,
    outcome: eventJson(trace, explanation.outcome),
    core: events(explanation.core),
    smallest: events(explanation.smallest),
    count: explanation.count,
    causalPast: events(explanation.causalPast),
    chain: events(explanation.chain),
    graph: { edges: explanation.causalPast.flatMap((event) => edgesInto(trace, event)) },
  };
}
