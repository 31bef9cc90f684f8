/** What a breadth-first visit of a whole transition relation comes to; `depth` counts states, the initial one as 1. */
export interface Visit {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/**
 * Visits all that a transition relation reaches. It knows nothing of the simulator: the relations are written out by hand
 * over plain values, so that the counts of the scenarios have a second road.
 *
 * @param initial compared, as all states are, by `===`: a text or a number
 * @param successors one for each transition, equal ones and the state itself included
 */
export function visitAll<State>(initial: State, successors: (state: State) => readonly State[]): Visit {
  const known = new Set([initial]);
  let transitions = 0;
  let depth = 0;
  for (let level = [initial]; level.length > 0; depth += 1) {
    const next: State[] = [];
    for (const state of level) {
      for (const successor of successors(state)) {
        transitions += 1;
        if (known.has(successor)) continue;
        known.add(successor);
        next.push(successor);
      }
    }
    level = next;
  }
  return { states: known.size, transitions, depth };
}
