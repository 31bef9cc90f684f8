import { Explaining, type ExplainRunOptions } from "../checker/explain/explain.js";
import type { Explanation } from "../checker/explain/explanation.js";
import type { Outcome } from "../checker/explain/outcome.js";
import type { Trace } from "../sim/trace.js";
import { inSlices } from "./slices.js";
import type { Watch } from "./watch.js";

/**
 * Explains so that Ctrl-C and limits get their turns, also within one long question: that is broken off after two seconds and
 * begun again with twice the time, and so on. So it takes at most about twice as long, and Ctrl-C is heard after no more time
 * than the question has taken. When a limit is reached, gives what is known by then.
 */
export async function explainInSlices(
  trace: Trace,
  outcome: Outcome,
  options: ExplainRunOptions,
  watch: Watch,
  onProgress: (answered: number) => void = () => {},
): Promise<Explanation> {
  let [allowed, begun] = [firstAllowed, watch.seconds];
  const pauses = (): boolean => watch.seconds - begun > allowed;
  const explaining = new Explaining(trace, outcome, { ...options, pauses });
  const ended = await inSlices((questions) => {
    const before = explaining.answered;
    begun = watch.seconds;
    const explanation = explaining.advance(questions);
    allowed = explaining.answered > before ? firstAllowed : pauses() ? allowed * 2 : allowed;
    onProgress(explaining.answered);
    return explanation;
  }, watch);
  if ("done" in ended) return ended.done;
  [allowed, begun] = [firstAllowed, watch.seconds];
  return explaining.stop();
}

/** In seconds. */
const firstAllowed = 2;
