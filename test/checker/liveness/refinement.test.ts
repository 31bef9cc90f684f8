import { Map } from "immutable";
import { expect, test } from "vitest";
import { compile } from "../../../sim/compile.js";
import { choose, send } from "../../../sim/effect.js";
import { become, defineNode } from "../../../sim/node.js";
import { nodeId } from "../../../sim/node-id.js";
import { refines } from "../../../sim/property.js";
import type { View } from "../../../sim/view.js";
import { followWitness } from "../../../checker/liveness/follow-witness.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { at, check, scenario, walk, walking } from "./walking.js";

/** A counter that goes up by one, to 3. */
const counter = { ...walking({ 0: [1], 1: [2], 2: [3] }), name: "counter" };

const counting = (maps: (view: View) => number) => refines("it counts", counter, { maps, onto: (view) => at(view) });

test("a walk that counts half as fast refines a counter, its other steps being no change", () => {
  const ways = { 0: [1], 1: [2], 2: [3], 3: [4], 4: [5] };
  const verdict = check(
    walking(
      ways,
      counting((view) => Math.floor(at(view) / 2)),
    ),
  );

  expect(verdict).toMatchObject({ kind: "holds", coverage: { vacuous: [] } });
});

test("the witness of a walk that is no refinement ends with the step that has no abstract counterpart", () => {
  const verdict = check(
    walking(
      { 0: [1], 1: [2, 0], 2: [3] },
      counting((view) => at(view)),
    ),
  );

  const detail = "step 2 turns 1 into 0, and no step of counter does";
  expect(verdict).toMatchObject({ kind: "violated", witness: { choices: walk(1, 0), step: 2, detail } });
});

test("a walk that starts elsewhere is no refinement", () => {
  const verdict = check(
    walking(
      { 0: [1] },
      counting((view) => at(view) + 1),
    ),
  );

  const detail = "it starts as 1, but counter starts as 0";
  expect(verdict).toMatchObject({ kind: "violated", witness: { choices: [], step: 0, detail } });
});

test("a refinement in which nothing abstract ever happens is vacuous", () => {
  const verdict = check(
    walking(
      { 0: [1], 1: [2] },
      counting(() => 0),
    ),
  );

  expect(verdict).toMatchObject({ kind: "holds", coverage: { vacuous: ["it counts"] } });
});

test("where the mapping shows less than the abstract world, all abstract worlds that fit are kept in mind", () => {
  // Abstractly 0 goes to 2 or 4, which look alike; only 4 goes on to 5.
  const abstract = { ...walking({ 0: [2, 4], 4: [5], 2: [7] }), name: "hidden" };
  const parity = (view: View): string => (at(view) === 0 ? "start" : at(view) > 4 ? String(at(view)) : "even");
  const claim = refines("it looks alike", abstract, { maps: parity, onto: parity });

  expect(check(walking({ 0: [2], 2: [5, 7] }, claim))).toMatchObject({ kind: "holds" });
  expect(check(walking({ 0: [2], 2: [5], 5: [7] }, claim))).toMatchObject({
    kind: "violated",
    witness: { choices: walk(2, 5, 7), detail: "step 3 turns '5' into '7', and no step of hidden does" },
  });
});

type Vote = "working" | "prepared" | "committed" | "aborted";

/**
 * Transaction commit (Gray and Lamport, "Consensus on transaction commit", 2006, section 2; specification TCommit): one
 * node holds the state of every participant.
 */
function transactionCommit(rms: number, isFaulty = false) {
  const names = Array.from({ length: rms }, (_, i) => `rm${i + 1}`);
  type State = Map<string, Vote>;
  const actions = (state: State): { rm: string; to: Vote }[] =>
    names.flatMap((rm) => {
      const vote = state.get(rm);
      const canCommit = state.every((one) => one === "prepared" || one === "committed");
      const mayAbort = isFaulty ? vote === "working" : !state.includes("committed");
      return [
        ...(vote === "working" ? [{ rm, to: "prepared" as const }] : []),
        ...(vote === "prepared" && canCommit ? [{ rm, to: "committed" as const }] : []),
        ...((vote === "working" || vote === "prepared") && mayAbort ? [{ rm, to: "aborted" as const }] : []),
      ];
    });
  const commit = defineNode<State>({
    role: "commit",
    start: () => {
      const state: State = Map(names.map((rm) => [rm, "working"]));
      return become(state, choose("act", actions(state)));
    },
    onMessage: {},
    onChoice: {
      act: (state, { rm, to }: { rm: string; to: Vote }) => {
        const next = state.set(rm, to);
        return become(next, choose("act", actions(next)));
      },
    },
  });
  return { ...scenario(() => ({ nodes: { commit }, properties: [] })), name: "transaction-commit" };
}

const votes = (view: View): Map<string, Vote> =>
  Map(view.nodes<{ vote: Vote }>("rm").map(({ id, state }) => [String(id), state.vote]));

function twoPhaseCommitRefining(rms: number, isFaulty = false) {
  const definition = twoPhaseCommit.define({ rms });
  const claim = refines("it commits transactions", transactionCommit(rms, isFaulty), {
    maps: votes,
    onto: (view) => view.nodes<Map<string, Vote>>("commit")[0]?.state ?? Map(),
  });
  return scenario(() => ({ ...definition, properties: [claim] }));
}

test("transaction commit with 3 participants has 34 states", () => {
  expect(check(transactionCommit(3))).toMatchObject({ kind: "holds", coverage: { states: 34, depth: 7 } });
});

test.each([
  [1, 12],
  [2, 56],
  [3, 288],
  [4, 1568],
])("two-phase commit with %i resource managers refines transaction commit, on all its %i states", (rms, states) => {
  const verdict = check(twoPhaseCommitRefining(rms));

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states, vacuous: [] } });
});

test("two-phase commit does not refine a transaction commit in which the prepared never abort", () => {
  const strict = twoPhaseCommitRefining(2, true);
  const verdict = check(strict);

  // Prepare, then the manager decides to abort, then the prepared one hears of it.
  expect(verdict).toMatchObject({ kind: "violated", witness: { step: 3 } });
  if (verdict.kind !== "violated") return;
  expect(verdict.witness.detail).toMatch(
    /^step 3 turns .*'prepared'.* into .*'aborted'.*no step of transaction-commit does$/,
  );
  const system = compile(strict);
  const [claim] = system.properties;
  if (claim?.kind !== "refines") throw new Error("It has one property.");
  expect(followWitness(system, claim, verdict.witness)?.detail).toBe(verdict.witness.detail);
  expect(followWitness(system, claim, { choices: verdict.witness.choices.slice(0, -1) })).toBeUndefined();
});

test("a message between nodes is no change of what is seen, and its delivery is a step", () => {
  const sender = defineNode<number>({
    role: "sender",
    start: () => become(0, send(nodeId("w"), { kind: "go" })),
    onMessage: {},
  });
  const walker = defineNode<number, { kind: "go" }>({
    role: "walker",
    start: () => become(0),
    onMessage: { go: (state) => become(state + 1) },
  });
  const claim = counting((view) => at(view));

  expect(check(scenario(() => ({ nodes: { s: sender, w: walker }, properties: [claim] })))).toMatchObject({
    kind: "holds",
    coverage: { states: 2, vacuous: [] },
  });
});
