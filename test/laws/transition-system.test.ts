import fc from "fast-check";
import { expect, test } from "vitest";
import { plainSearch } from "../../checker/search/plain.js";
import { blindObserver } from "../../sim/carrier.js";
import { type Choice, describeChoice, type MessageChoice } from "../../sim/choice.js";
import { compile } from "../../sim/compile.js";
import { enabledChoices } from "../../sim/enabled.js";
import { faultKinds } from "../../sim/fault.js";
import { step, takeChoice } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import { encode } from "../../sim/value.js";
import { encodeWorld, ownWorld, type World } from "../../sim/world.js";
import { explore } from "./exploring.js";
import { harmlessPlans, type Plan, plans, scenarioOf } from "./random-scenario.js";

const seed = 20261121;

/** Scenarios with more worlds than this are left out; most have fewer. */
const limit = 300;

/** Judges a law on all worlds of random scenarios. */
function onScenarios(numRuns: number, law: (system: System, plan: Plan) => void, of = harmlessPlans): void {
  fc.assert(
    fc.property(of, (plan) => {
      law(compile(scenarioOf(plan)), plan);
    }),
    { seed, numRuns },
  );
}

function namesIn(system: System, world: World): string[] {
  return enabledChoices(system, world).map(describeChoice);
}

test("most random scenarios are small enough to be visited whole, and some are not trivial", () => {
  const sizes = fc.sample(harmlessPlans, { seed, numRuns: 60 }).map((plan) => {
    return explore(compile(scenarioOf(plan)), limit)?.size ?? Number.POSITIVE_INFINITY;
  });

  expect(sizes.filter((size) => size <= limit).length).toBeGreaterThan(40);
  expect(sizes.filter((size) => size > 20 && size <= limit).length).toBeGreaterThan(10);
});

test("no two choices of a world have the same name", () => {
  onScenarios(150, (system) => {
    for (const { offered } of explore(system, limit)?.values() ?? []) {
      const names = offered.map(describeChoice);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

test("choices are offered in canonical order: by place, kind and content, whatever the path", () => {
  onScenarios(150, (system) => {
    for (const { offered } of explore(system, limit)?.values() ?? []) {
      const positions = offered.map((choice) => orderOf(system, choice));
      const sorted = [...positions].sort(compareKeys);
      expect(positions).toEqual(sorted);
    }
  });
});

test("equal worlds, reached on different paths, offer the same choices and lead to equal worlds", () => {
  let met = 0;
  onScenarios(100, (system) => {
    const observer = blindObserver(system);
    explore(system, limit, (again, first) => {
      met += 1;
      const names = namesIn(system, first);
      expect(namesIn(system, again)).toEqual(names);
      const [here, there] = [enabledChoices(system, again), enabledChoices(system, first)];
      here.forEach((choice, i) => {
        const other = there[i] as Choice;
        expect(encodeWorld(step(system, again, choice, observer))).toBe(
          encodeWorld(step(system, first, other, observer)),
        );
      });
    });
  });
  expect(met).toBeGreaterThan(1000);
});

test("a step leaves the world that it starts from as it was", () => {
  onScenarios(100, (system) => {
    const observer = blindObserver(system);
    for (const { world, offered } of explore(system, limit)?.values() ?? []) {
      const before = withoutMemory(world);
      const text = encodeWorld(before);
      deepFreeze(before.nodes.map(({ state, stable }) => ({ state, stable: stable?.value })));
      for (const choice of offered) {
        step(system, before, choice, observer);
        expect(encodeWorld(withoutMemory(before))).toBe(text);
      }
    }
  });
});

test("the same choice in the same world always leads to the same world", () => {
  onScenarios(60, (system) => {
    const observer = blindObserver(system);
    for (const { world, offered, successors } of explore(system, limit)?.values() ?? []) {
      const again = offered.map((choice) => [
        describeChoice(choice),
        encodeWorld(step(system, world, choice, observer)),
      ]);
      expect(again).toEqual(successors);
    }
  });
});

test("a step taken in place, in an owned world, equals the pure step", () => {
  onScenarios(100, (system) => {
    const observer = blindObserver(system);
    for (const { world, offered, successors } of explore(system, limit)?.values() ?? []) {
      offered.forEach((choice, i) => {
        const owned = ownWorld(world);
        takeChoice({ system, world: owned, observer }, choice);
        expect(encodeWorld(owned)).toBe(successors[i]?.[1]);
      });
      expect(namesIn(system, world)).toEqual(offered.map(describeChoice));
    }
  });
});

test("no fault happens more often than its budget says, and all are within it in the end", () => {
  onScenarios(100, (system) => {
    for (const { world, offered } of explore(system, limit)?.values() ?? []) {
      faultKinds.forEach((kind, i) => {
        const budget = system.faults[kind] ?? 0;
        const left = world.budget[i] as number;
        if (budget === "any") expect(left).toBe(-1);
        else expect(left >= 0 && left <= budget).toBe(true);
        if (left === 0) expect(offered.some((choice) => choice.kind === kind)).toBe(false);
      });
    }
  });
});

test("breadth-first and depth-first search visit the same number of states and transitions: all there are", () => {
  let complete = 0;
  onScenarios(120, (system) => {
    const met = explore(system, limit);
    if (met === undefined) return;
    complete += 1;
    const transitions = [...met.values()].reduce((sum, { offered }) => sum + offered.length, 0);
    for (const order of ["breadth-first", "depth-first"] as const) {
      const search = plainSearch(system, order, { maxStates: 10 * limit, maxDepth: Number.POSITIVE_INFINITY });
      const verdict = search.advance(Number.POSITIVE_INFINITY);
      expect(verdict).toMatchObject({ kind: "holds", coverage: { states: met.size, transitions, complete: true } });
    }
  });
  expect(complete).toBeGreaterThan(80);
});

test("both searches agree on whether a property is violated, and breadth-first gives a shortest witness", () => {
  let violated = 0;
  onScenarios(
    120,
    (system) => {
      const limits = { maxStates: 1000, maxDepth: Number.POSITIVE_INFINITY };
      const [broad, deep] = (["breadth-first", "depth-first"] as const).map((order) =>
        plainSearch(system, order, limits).advance(Number.POSITIVE_INFINITY),
      );
      if (broad?.kind === "unknown" || deep?.kind === "unknown") return;
      expect(broad?.kind).toBe(deep?.kind);
      if (broad?.kind !== "violated" || deep?.kind !== "violated") return;
      violated += 1;
      expect(broad.witness.choices.length).toBeLessThanOrEqual(deep.witness.choices.length);
    },
    plans.map((plan) => ({ ...plan, forbidden: plan.forbidden ?? 1 })),
  );
  expect(violated).toBeGreaterThan(5);
});

type Key = readonly (number | string)[];

/**
 * Where a choice belongs, told from its content alone: what is no fault by participant, then faults by participant, then
 * those of the network as a whole.
 */
function orderOf(system: System, choice: Choice): Key {
  switch (choice.kind) {
    case "deliver":
      return [0, ...messageKey(system, choice)];
    case "fire":
      return [0, system.nodeNumber(choice.node), 1, choice.timer];
    case "choose":
      return [0, system.nodeNumber(choice.node), 2, choice.label, encode(choice.option)];
    case "flush":
      return [0, system.nodeNumber(choice.node), 3];
    case "invoke":
      return [0, system.numberOf(choice.client) as number, 4, declaredOption(system, choice)];
    case "drop":
    case "duplicate":
    case "delay":
    case "error":
      return [1, ...messageKey(system, choice), ["drop", "duplicate", "delay", "error"].indexOf(choice.kind)];
    case "crash":
    case "recover":
      return [1, system.nodeNumber(choice.node), 1];
    case "give-up":
      return [1, system.numberOf(choice.client) as number, 1];
    case "partition":
      return [2, system.partitions.findIndex(({ name }) => name === choice.name)];
    case "heal":
      return [3];
  }
}

function messageKey(system: System, choice: MessageChoice): Key {
  const { from, to, message, call } = choice.message;
  const [source, target] = [system.numberOf(from) as number, system.numberOf(to) as number];
  const tag = call === undefined ? "" : ` for ${encode(call)}`;
  return [target, 0, source, choice.message.delayed ? 1 : 0, `${encode(message)}${tag}${choice.message.bags}`];
}

function declaredOption(system: System, choice: Extract<Choice, { kind: "invoke" }>): number {
  const workload = system.clients.find(({ id }) => id === choice.client)?.workload;
  return workload?.kind === "any" && choice.operation !== undefined ? workload.options.indexOf(choice.operation) : 0;
}

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [left, right] = [a[i] ?? -1, b[i] ?? -1];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** The same world with no text remembered. */
function withoutMemory(world: World): World {
  const copy = ownWorld(world);
  return {
    ...copy,
    nodes: world.nodes.map((slot) => ({ ...slot, text: undefined })),
    clients: world.clients.map((slot) => ({ ...slot, text: undefined })),
  };
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
