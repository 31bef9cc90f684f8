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

test.each([
  [1, 12],
  [2, 56],
  [3, 288],
  [4, 1568],
])("two-phase commit with %i resource managers refines transaction commit, on all its %i states", (rms, states) => {
  const verdict = check(twoPhaseCommit, { rms, refinement: true });

  expect(verdict).toMatchObject({ kind: "holds", coverage: { states, vacuous: [] } });
});

test("two-phase commit does not refine a commit in which nobody aborts once it is prepared", () => {
  // Each participant for itself: working, then prepared or aborted for good.
  const names = ["rm1", "rm2"];
  const strict = defineNode<Map<string, string>>({
    role: "strict",
    start: () => {
      const state = Map(names.map((name) => [name, "working"]));
      return become(
        state,
        choose(
          "act",
          names.flatMap((name) => [`${name} prepared`, `${name} aborted`]),
        ),
      );
    },
    onMessage: {},
    onChoice: {
      act: (state, action: string) => {
        const [name = "", becomes = ""] = action.split(" ");
        const next = state.get(name) === "working" ? state.set(name, becomes) : state;
        return become(
          next,
          choose(
            "act",
            names.flatMap((one) => [`${one} prepared`, `${one} aborted`]),
          ),
        );
      },
    },
  });
  const claim = refines(
    "nobody aborts once it is prepared",
    scenario(() => ({ nodes: { strict }, properties: [] })),
    {
      maps: (view) => Map(view.nodes<{ vote: string }>("rm").map(({ id, state }) => [String(id), state.vote])),
      onto: (view) => view.nodes<Map<string, string>>("strict")[0]?.state ?? Map(),
    },
  );
  const broken = scenario(() => ({ ...twoPhaseCommit.define({ rms: 2, refinement: false }), properties: [claim] }));
  const verdict = check(broken);

  // One prepares, the manager decides to abort, and the prepared one hears of it.
  const [before, after] = ["Map{'rm1':'prepared','rm2':'working'}", "Map{'rm1':'aborted','rm2':'working'}"];
  const detail = `step 3 turns ${before} into ${after}, and no step of test does`;
  expect(verdict).toMatchObject({ kind: "violated", witness: { step: 3, detail } });
  if (verdict.kind !== "violated" || claim.kind !== "refines") return;
  const system = compile(broken);
  expect(followWitness(system, claim, verdict.witness)?.detail).toBe(detail);
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
