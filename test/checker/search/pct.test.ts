import { List } from "immutable";
import { expect, test } from "vitest";
import { Successors } from "../../../checker/search/engine/successors.js";
import { Moves } from "../../../checker/search/strategy/moves.js";
import { pct } from "../../../checker/search/strategy/pct.js";
import { choose, setTimer } from "../../../sim/effect.js";
import { describeChoice } from "../../../sim/choice.js";
import { compile } from "../../../sim/compile.js";
import { become, defineNode } from "../../../sim/node.js";
import { type Random, stream } from "../../../sim/random.js";
import { defineScenario } from "../../../sim/scenario.js";
import type { System } from "../../../sim/system.js";

/** Nodes that do nothing but to fire a timer so many times each: threads that do not depend on each other. */
function threads(steps: readonly number[]): System {
  const thread = (count: number) =>
    defineNode<number>({
      role: `fires ${count}`,
      start: () => become(0, setTimer("tick", 1)),
      onMessage: {},
      onTimer: { tick: (n) => (n + 1 < count ? become(n + 1, setTimer("tick", 1)) : become(n + 1)) },
    });
  const nodes = Object.fromEntries(steps.map((count, i) => [`n${i}`, thread(count)]));
  return compile(defineScenario({ name: "threads", about: "", scope: "", define: () => ({ nodes, properties: [] }) }));
}

/** The schedules that PCT makes, as the numbers of threads in turn, one for each way the dice fall. */
class Scheduler {
  private readonly successors: Successors;
  private readonly moves: Moves;

  constructor(private readonly system: System) {
    this.successors = new Successors(system);
    this.successors.begin();
    this.moves = new Moves(this.successors);
  }

  schedule(random: Random, depth: number, longest: number): number[] {
    const walker = pct(this.system, this.moves, depth).begin(random, longest);
    const schedule: number[] = [];
    let state = 0;
    for (this.moves.list(state); this.moves.count > 0; this.moves.list(state)) {
      const move = walker.pick(this.moves) as number;
      schedule.push(Number(/@n(\d)/.exec(describeChoice(this.moves.choice(move)))?.[1]));
      state = this.successors.visit(this.moves.successor(move), state);
    }
    return schedule;
  }
}

/** Dice that fall as they are told to. */
function dice(falls: readonly number[]): Random {
  const left = [...falls];
  return {
    between: (least, most) => {
      const fall = left.shift();
      if (fall === undefined || fall < least || fall > most) throw new Error(`The dice give ${fall}.`);
      return fall;
    },
    happens: () => {
      throw new Error("Nobody asks for a chance.");
    },
  };
}

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((shorter) =>
    Array.from({ length: size }, (_, at) => [...shorter.slice(0, at), size - 1, ...shorter.slice(at)]),
  );
}

function tuples(length: number, values: readonly number[]): number[][] {
  if (length === 0) return [[]];
  return tuples(length - 1, values).flatMap((shorter) => values.map((value) => [...shorter, value]));
}

/** All interleavings of threads of so many steps. */
function interleavings(steps: readonly number[]): number[][] {
  if (steps.every((left) => left === 0)) return [[]];
  return steps.flatMap((left, thread) =>
    left === 0
      ? []
      : interleavings(steps.map((one, i) => (i === thread ? one - 1 : one))).map((rest) => [thread, ...rest]),
  );
}

/** That the `one`-th event comes before the `other`-th; events are the steps of the first thread, then of the next. */
type Ordering = readonly [one: number, other: number];

/** When each event happens in a schedule. */
function times(schedule: readonly number[], steps: readonly number[]): number[] {
  const first = steps.map((_, thread) => steps.slice(0, thread).reduce((sum, count) => sum + count, 0));
  const done = steps.map(() => 0);
  const at: number[] = [];
  schedule.forEach((thread, time) => {
    at[(first[thread] as number) + (done[thread] as number)] = time;
    done[thread] = (done[thread] as number) + 1;
  });
  return at;
}

const isMet = (at: readonly number[], orderings: readonly Ordering[]): boolean =>
  orderings.every(([one, other]) => (at[one] as number) < (at[other] as number));

function subsets<T>(size: number, of: readonly T[]): T[][] {
  if (size === 0) return [[]];
  return of.flatMap((one, i) => subsets(size - 1, of.slice(i + 1)).map((rest) => [one, ...rest]));
}

// The theorem, by brute force: all ways in which the dice may fall, against all bugs that so many orderings make.
test.each([
  [[2, 2, 2], 1],
  [[2, 2, 2], 2],
  [[3, 2], 3],
  [[1, 2, 2], 3],
  [[2, 1, 1, 1], 2],
  [[1, 1, 1, 1], 3],
  [[1, 1, 1, 1], 4],
  [[2, 2], 4],
  [[2, 1, 1], 4],
])("with threads of %j steps a bug of depth %i has at least the probability 1/(n k^(d-1))", (steps, depth) => {
  const scheduler = new Scheduler(threads(steps));
  const [n, k] = [steps.length, steps.reduce((sum, count) => sum + count, 0)];
  const changes = tuples(
    depth - 1,
    Array.from({ length: k }, (_, i) => i + 1),
  );
  const made = permutations(n).flatMap((priorities) =>
    changes.map((points) => times(scheduler.schedule(dice([...points, ...priorities]), depth, k), steps)),
  );
  const possible = interleavings(steps).map((schedule) => times(schedule, steps));
  const orderings = tuples(
    2,
    Array.from({ length: k }, (_, event) => event),
  ) as unknown as Ordering[];
  const bugs = subsets(
    depth,
    orderings.filter(([one, other]) => one !== other),
  ).filter((bug) => possible.some((at) => isMet(at, bug)));

  const least = Math.min(...bugs.map((bug) => made.filter((at) => isMet(at, bug)).length / made.length));

  expect(bugs.length).toBeGreaterThan(n);
  expect(least).toBeGreaterThanOrEqual(1 / (n * k ** (depth - 1)));
});

test("with real dice the frequencies are those that all falls of the dice have", () => {
  const steps = [2, 2, 2];
  const scheduler = new Scheduler(threads(steps));
  const exact = new Map<string, number>();
  for (const priorities of permutations(3)) {
    for (const point of [1, 2, 3, 4, 5, 6]) {
      const schedule = scheduler.schedule(dice([point, ...priorities]), 2, 6).join("");
      exact.set(schedule, (exact.get(schedule) ?? 0) + 1 / 36);
    }
  }
  const walks = 20_000;
  const seen = new Map<string, number>();
  for (let seed = 0; seed < walks; seed += 1) {
    const schedule = scheduler.schedule(stream(seed, "walk"), 2, 6).join("");
    seen.set(schedule, (seen.get(schedule) ?? 0) + 1);
  }

  expect(new Set(seen.keys())).toEqual(new Set(exact.keys()));
  for (const [schedule, probability] of exact) {
    const deviation = Math.sqrt(walks * probability * (1 - probability));
    expect(Math.abs((seen.get(schedule) ?? 0) - walks * probability)).toBeLessThan(4 * deviation);
  }
});

test("of the options of one lane each is taken", () => {
  const asking = defineNode<List<string>, never, string>({
    role: "asking",
    start: () => become(List<string>(), choose("which", ["left", "middle", "right"])),
    onMessage: {},
    onChoice: { which: (state, option) => become(state.push(option)) },
  });
  const define = () => ({ nodes: { asking }, properties: [] });
  const system = compile(defineScenario({ name: "asking", about: "", scope: "", define }));
  const successors = new Successors(system);
  successors.begin();
  const moves = new Moves(successors);
  moves.list(0);
  const picked = Array.from({ length: 50 }, (_, seed) =>
    pct(system, moves, 3).begin(stream(seed, "walk"), 1).pick(moves),
  );

  expect(new Set(picked)).toEqual(new Set([0, 1, 2]));
});
