import { expect, test } from "vitest";
import { transactionCommit } from "../../scenarios/transaction-commit.js";
import { visitAll } from "./brute-force.js";
import { searched } from "./searched.js";

// States: Gray and Lamport's specification TCommit, confirmed by TLC.
const known = [
  [1, 4],
  [2, 12],
  [3, 34],
  [4, 96],
  [5, 274],
] as const;

test.each(known)("transaction commit with %i participants has %i states", (rms, states) => {
  const verdict = searched(transactionCommit, { parameters: { rms } });

  const transitions = rms * 3 ** rms + rms * 2 ** (rms - 1);
  const coverage = { states, transitions, depth: 2 * rms + 1, neverReached: [], neverRun: [] };
  expect(verdict).toMatchObject({ kind: "holds", coverage });
});

test.each(known)("the specification with %i participants, written out by hand, has %i states", (rms, states) => {
  const visit = visitAll("w".repeat(rms), actions);

  expect(visit).toEqual({ states, transitions: rms * 3 ** rms + rms * 2 ** (rms - 1), depth: 2 * rms + 1 });
});

/** A state is one letter per participant: working, prepared, committed, aborted. */
function actions(state: string): string[] {
  return [...state].flatMap((letter, i) => {
    const becomes = (next: string) => state.slice(0, i) + next + state.slice(i + 1);
    const prepared = letter === "w" ? [becomes("p")] : [];
    const committed = letter === "p" && /^[pc]*$/.test(state) ? [becomes("c")] : [];
    const aborted = /[wp]/.test(letter) && !state.includes("c") ? [becomes("a")] : [];
    return [...prepared, ...committed, ...aborted];
  });
}
