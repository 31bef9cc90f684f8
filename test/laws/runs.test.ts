import fc from "fast-check";
import { expect, test } from "vitest";
import { blindObserver } from "../../sim/carrier.js";
import { compile } from "../../sim/compile.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { run, type RunResult } from "../../sim/run.js";
import { namesOf } from "../../sim/schedule.js";
import { step } from "../../sim/step.js";
import type { StrategyFor } from "../../sim/strategy.js";
import { changes, firstInOrder, randomly } from "../../sim/strategy/listing.js";
import { replaying } from "../../sim/strategy/replaying.js";
import { rounds } from "../../sim/strategy/rounds.js";
import { timed } from "../../sim/strategy/timed.js";
import type { System } from "../../sim/system.js";
import type { Trace } from "../../sim/trace.js";
import { encodeWorld } from "../../sim/world.js";
import { explore } from "./exploring.js";
import { harmlessPlans, plans, scenarioOf } from "./random-scenario.js";

const seed = 20261121;
const maxSteps = 400;
const limit = 300;

const strategies: readonly [string, (seed: number) => StrategyFor][] = [
  ["timed", timed],
  ["random", randomly],
  ["first", firstInOrder],
  ["rounds", rounds],
];

/** Judges a law on random scenarios and seeds. */
function onRuns(numRuns: number, law: (system: System, seed: number) => void, of = harmlessPlans): void {
  fc.assert(
    fc.property(of, fc.nat(), (plan, runSeed) => {
      law(compile(scenarioOf(plan)), runSeed);
    }),
    { seed, numRuns },
  );
}

/** All columns of a trace but the times, which are the timed strategy's alone. */
function columnsOf(trace: Trace): unknown[] {
  return Array.from({ length: trace.length }, (_, event) => [
    trace.kind(event),
    String(trace.participant(event) ?? ""),
    trace.via(event),
    trace.causes.get(event),
    trace.previous.get(event),
    trace.stored.get(event),
    trace.contexts[event],
  ]);
}

test.each(strategies)(
  "a run of the strategy %s replays step for step, to an equal world and an equal trace",
  (_, make) => {
    onRuns(
      150,
      (system, runSeed) => {
        const original = run(system, make(runSeed), { maxSteps, trace: "details" });
        const replayed = run(system, replaying(namesOf(original.choices)), { maxSteps, trace: "details" });

        expect(namesOf(replayed.choices)).toEqual(namesOf(original.choices));
        expect(encodeWorld(replayed.world)).toBe(encodeWorld(original.world));
        expect(replayed.violation).toEqual(original.violation);
        expect(columnsOf(replayed.trace as Trace)).toEqual(columnsOf(original.trace as Trace));
      },
      plans,
    );
  },
);

test.each(strategies)("the same seed gives the same run of the strategy %s, with and without a trace", (_, make) => {
  onRuns(80, (system, runSeed) => {
    const one = run(system, make(runSeed), { maxSteps });
    const traced = run(system, make(runSeed), { maxSteps, trace: "events" });

    expect(namesOf(traced.choices)).toEqual(namesOf(one.choices));
    expect(encodeWorld(traced.world)).toBe(encodeWorld(one.world));
    const again = run(system, make(runSeed), { maxSteps, trace: "events" });
    expect(timesOf(again)).toEqual(timesOf(traced));
  });
});

function timesOf(result: RunResult): number[] {
  const trace = result.trace as Trace;
  return Array.from({ length: trace.length }, (_, event) => trace.times.get(event));
}

test.each(strategies)(
  "a run of the strategy %s, advanced in place, goes through the worlds of pure steps",
  (_, make) => {
    onRuns(80, (system, runSeed) => {
      const seen: string[] = [];
      const { choices } = run(system, make(runSeed), { maxSteps, onWorld: (world) => seen.push(encodeWorld(world)) });
      const observer = blindObserver(system);
      let world = initialWorld(system, observer);
      const pure = [encodeWorld(world)];
      for (const choice of choices) {
        world = step(system, world, choice, observer);
        pure.push(encodeWorld(world));
      }

      expect(seen).toEqual(pure);
    });
  },
);

test.each(strategies)(
  "every world of a run of the strategy %s is among those of the search, every step among its edges",
  (_, make) => {
    let compared = 0;
    onRuns(100, (system, runSeed) => {
      const met = explore(system, limit);
      if (met === undefined) return;
      compared += 1;
      const seen: string[] = [];
      const { choices } = run(system, make(runSeed), { maxSteps, onWorld: (world) => seen.push(encodeWorld(world)) });
      const names = namesOf(choices);
      seen.forEach((text, at) => {
        const here = met.get(text);
        expect(here).toBeDefined();
        const name = names[at];
        if (name !== undefined) expect(here?.successors).toContainEqual([name, seen[at + 1]]);
      });
    });
    expect(compared).toBeGreaterThan(60);
  },
);

test.each(strategies)(
  "a run of the strategy %s ends only where nothing but a fault would change the world",
  (_, make) => {
    const own = ["deliver", "fire", "choose", "flush", "invoke"];
    onRuns(120, (system, runSeed) => {
      const { end, world } = run(system, make(runSeed), { maxSteps });
      if (end !== "quiescent") return;

      const left = enabledChoices(system, world).filter((choice) => own.includes(choice.kind));
      expect(left.filter((choice) => changes(system, world, choice))).toEqual([]);
    });
  },
);

test("time never runs backwards in a timed run", () => {
  onRuns(60, (system, runSeed) => {
    const times = timesOf(run(system, timed(runSeed), { maxSteps, trace: "events" }));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

test("replaying a schedule that does not fit says at which step, what was asked for, and what is offered", () => {
  onRuns(60, (system, runSeed) => {
    const { choices } = run(system, randomly(runSeed), { maxSteps: 20 });
    const names = [...namesOf(choices), "deliver @nobody->@nobody {kind:'x'}", "heal"];
    let told: unknown;
    const result = run(
      system,
      (compiled) => {
        const strategy = replaying(names)(compiled);
        told = () => strategy.divergence();
        return strategy;
      },
      { maxSteps },
    );

    expect(result.choices.length).toBe(choices.length);
    expect((told as () => unknown)()).toMatchObject({
      step: choices.length + 1,
      wanted: names[choices.length],
    });
  });
});
