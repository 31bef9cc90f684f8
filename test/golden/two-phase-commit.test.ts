import { expect, test } from "vitest";
import { plainSearch } from "../../checker/search/plain.js";
import { twoPhaseCommit } from "../../scenarios/two-phase-commit.js";
import { compile } from "../../sim/compile.js";

const unlimited = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

// States: Gray and Lamport's specification, confirmed by TLC and SPIN. Transitions: every enabled choice of every state,
// 1 + (N+1)4^N + 12N·6^(N-1) + 2N·2^N.
test.each([
  [1, 12, 25],
  [2, 56, 209],
  [3, 288, 1601],
  [4, 1568, 11777],
  [5, 8832, 84225],
])("two-phase commit with %i resource managers has %i states and %i transitions", (rms, states, transitions) => {
  const system = compile(twoPhaseCommit, { parameters: { rms } });
  for (const order of ["breadth-first", "depth-first"] as const) {
    const verdict = plainSearch(system, order, unlimited).advance(Number.POSITIVE_INFINITY);

    expect(verdict).toMatchObject({ kind: "holds", coverage: { states, transitions, neverReached: [], neverRun: [] } });
    if (order === "breadth-first") expect(verdict).toMatchObject({ coverage: { depth: 3 * rms + 2 } });
  }
});
