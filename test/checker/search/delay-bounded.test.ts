import fc from "fast-check";
import { expect, test } from "vitest";
import { plainSearch } from "../../../checker/search/plain.js";
import { blindObserver } from "../../../sim/carrier.js";
import { type Choice, describeChoice } from "../../../sim/choice.js";
import { compile, type Settings } from "../../../sim/compile.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { initialWorld } from "../../../sim/initial.js";
import { isFault } from "../../../sim/quiescent.js";
import type { Scenario } from "../../../sim/scenario.js";
import { run } from "../../../sim/run.js";
import { step } from "../../../sim/step.js";
import { replaying } from "../../../sim/strategy/replaying.js";
import type { System } from "../../../sim/system.js";
import { encodeWorld, type World } from "../../../sim/world.js";
import { gossip } from "../../../scenarios/gossip.js";
import { raft } from "../../../scenarios/raft.js";
import { register } from "../../../scenarios/register.js";
import { ring } from "../../../scenarios/ring.js";
import { twoPhaseCommit } from "../../../scenarios/two-phase-commit.js";
import { harmlessPlans, scenarioOf } from "../../laws/random-scenario.js";
import { checked, ended } from "./ended.js";

const unlimited = { maxStates: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

/** What all schedules with at most so many delays show: told one by one, with no memory of what was met before. */
class AllSchedules {
  readonly worlds = new Set<string>();
  schedules = 0;
  isCut = false;
  /** Whether there are too many, or one goes on for ever. */
  isTooMuch = false;
  private readonly observer;

  constructor(
    private readonly system: System,
    delays: number,
    private readonly schedulesMax = Number.POSITIVE_INFINITY,
  ) {
    this.observer = blindObserver(system);
    this.goOn(initialWorld(system, this.observer), [], { delays, length: 0 });
  }

  private goOn(world: World, queue: readonly string[], so: { readonly delays: number; readonly length: number }): void {
    const { delays } = so;
    this.isTooMuch ||= this.schedules > this.schedulesMax || so.length > 100;
    if (this.isTooMuch) return;
    const later = { delays: delays - 1, length: so.length + 1 };
    const text = encodeWorld(world);
    this.worlds.add(text);
    const next = enabledChoices(this.system, world)
      .map((choice) => ({ choice, after: step(this.system, world, choice, this.observer) }))
      .filter(({ after }) => encodeWorld(after) !== text);
    const regular = next.filter(({ choice }) => !isFault(choice));
    const lanes = [...new Set(regular.map(({ choice }) => laneOf(this.system, choice)))];
    const turns = [...queue.filter((lane) => lanes.includes(lane)), ...lanes.filter((lane) => !queue.includes(lane))];
    const [first, ...rest] = turns;
    if (next.length === 0) this.schedules += 1;
    for (const { choice, after } of regular) {
      if (laneOf(this.system, choice) === first) this.goOn(after, rest, { ...later, delays });
    }
    const faults = next.filter(({ choice }) => isFault(choice));
    if (delays === 0) {
      this.isCut ||= rest.length > 0 || faults.length > 0;
      return;
    }
    for (const { after } of faults) this.goOn(after, turns, later);
    if (first !== undefined && rest.length > 0) this.goOn(world, [...rest, first], later);
  }
}

function laneOf(system: System, choice: Choice): string {
  switch (choice.kind) {
    case "deliver": {
      const { from, to, delayed } = choice.message;
      const isQueue = system.orders[system.numberOf(to) ?? -1]?.[system.numberOf(from) ?? -1] === "fifo" && !delayed;
      return isQueue ? `link ${String(from)} ${String(to)}` : describeChoice(choice);
    }
    case "choose":
      return `choice ${choice.node.text} ${choice.label}`;
    case "invoke":
      return `client ${choice.client.text}`;
    default:
      return describeChoice(choice);
  }
}

test.each<[string, Scenario, Settings, number]>([
  ["two-phase commit", twoPhaseCommit, { parameters: { rms: 2 } }, 3],
  ["the register", register, {}, 3],
  ["the ring", ring, { parameters: { nodes: 3 } }, 3],
  ["gossip", gossip, { parameters: { rumours: 1 }, faults: { drop: 1, crash: 1 } }, 2],
])("of %s the states are those of all schedules with at most so many delays", (_, scenario, settings, most) => {
  const system = compile(scenario, settings);

  for (let bound = 0; bound <= most; bound += 1) {
    const all = new AllSchedules(system, bound);
    const verdict = checked(system, { strategy: "delay-bounded", bound });

    expect(verdict.coverage.states).toBe(all.worlds.size);
    if (all.isCut) expect(verdict).toMatchObject({ kind: "unknown", limit: "bound" });
  }
});

test("on random scenarios the states are those of all schedules with at most one delay", () => {
  let compared = 0;
  fc.assert(
    fc.property(harmlessPlans, fc.constantFrom(0, 1), (plan, bound) => {
      const system = compile(scenarioOf(plan));
      const all = new AllSchedules(system, bound, 100);
      if (all.isTooMuch) return;
      compared += 1;
      const verdict = checked(system, { strategy: "delay-bounded", bound, maxStates: 5000 });
      expect(verdict.coverage.states).toBe(all.worlds.size);
      if (!all.isCut) expect(verdict.kind).toBe("holds");
    }),
    { seed: 20261126, numRuns: 30 },
  );
  expect(compared).toBeGreaterThan(12);
});

test("once no schedule is cut, it holds, with the states and transitions of the plain search", () => {
  let complete = 0;
  fc.assert(
    fc.property(harmlessPlans, (plan) => {
      const system = compile(scenarioOf(plan));
      const plain = ended(plainSearch(system, "breadth-first", { ...unlimited, maxStates: 60 }));
      if (plain.kind !== "holds") return;
      for (const bound of [1, 4, 8]) {
        const verdict = checked(system, { strategy: "delay-bounded", bound });
        if (verdict.kind === "unknown") {
          expect(verdict).toMatchObject({
            limit: "bound",
            coverage: { exhausted: { delays: bound }, complete: false },
          });
          continue;
        }
        complete += 1;
        const { states, transitions, neverReached } = plain.coverage;
        expect(verdict).toMatchObject({
          kind: "holds",
          coverage: { states, transitions, neverReached, complete: true },
        });
      }
    }),
    { seed: 20261126, numRuns: 40 },
  );
  expect(complete).toBeGreaterThan(25);
});

test("the first violation is one with the fewest delays, and its schedule replays", () => {
  const system = compile(raft, { parameters: { terms: 1, entries: 0, bug: "forgets-vote" } });
  const verdicts = [0, 1, 2, 3, 4, 5, 6].map((bound) => checked(system, { strategy: "delay-bounded", bound }));
  const fewest = verdicts.findIndex(({ kind }) => kind === "violated");

  expect(fewest).toBeGreaterThan(0);
  for (const [bound, verdict] of verdicts.entries()) {
    const delays = Math.min(bound, fewest - 1);
    expect(verdict).toMatchObject({
      kind: bound < fewest ? "unknown" : "violated",
      coverage: { exhausted: { delays } },
    });
    if (verdict.kind !== "violated") continue;
    const { choices, property, step } = verdict.witness;
    expect(run(system, replaying(choices), { maxSteps: step }).violation).toMatchObject({ property, step });
  }
});

test("a schedule that is longer than --max-depth is cut, and the verdict says so", () => {
  const system = compile(twoPhaseCommit, { parameters: { rms: 2 } });

  const verdict = checked(system, { strategy: "delay-bounded", bound: 2, maxDepth: 4 });

  expect(verdict).toMatchObject({ kind: "unknown", limit: "max-depth" });
  expect(verdict.coverage.exhausted).toBeUndefined();
});
