import { describeChoice } from "../../../sim/choice.js";
import type { Finding } from "../engine/judging.js";
import type { Successors } from "../engine/successors.js";

/**
 * Takes a listed step from a state: judges the transition, visits the successor, and judges that if it is new. Gives its
 * number (if it is new, the number of visited states before), or what was found wrong.
 */
export function takeStep(successors: Successors, state: number, successor: number): number | Finding {
  const { visited, judging, memo } = successors;
  const failure = successors.failures[successor];
  if (failure !== undefined) {
    const choices = [...visited.pathTo(state), describeChoice(successors.choiceOf(successor))];
    return { found: failure, choices };
  }
  if (memo.hasSteps) {
    const entry = successors.entries[successor] as number;
    const finding = judging.transition(state, entry, successors.wordsOf(successor));
    if (finding !== undefined) return finding;
  }
  const { size } = visited;
  const target = successors.visit(successor, state);
  const { arena, width } = visited.table;
  if (target !== size || memo.isJudgedWith(arena, target * width, state * width)) return target;
  return judging.state(target) ?? target;
}
