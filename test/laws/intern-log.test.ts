import fc from "fast-check";
import { expect, test } from "vitest";
import { Components } from "../../checker/search/engine/components.js";
import { inboxBitsMax } from "../../checker/search/engine/counted-inbox.js";
import { Edges } from "../../checker/search/engine/edges.js";
import { engineSearch } from "../../checker/search/engine/engine.js";
import type { Tables } from "../../checker/search/engine/explored.js";
import { InternLog, InternsDiverged } from "../../checker/search/engine/intern-log.js";
import { LocalSteps } from "../../checker/search/engine/local-steps.js";
import { outgrown, Packing } from "../../checker/search/engine/packing.js";
import { replayInterns } from "../../checker/search/engine/replay-interns.js";
import { Rows } from "../../checker/search/engine/rows.js";
import { HandlersRun } from "../../checker/search/handlers.js";
import { blindObserver } from "../../sim/carrier.js";
import { compile } from "../../sim/compile.js";
import { initialWorld } from "../../sim/initial.js";
import type { System } from "../../sim/system.js";
import { encodeComponents } from "../../sim/world.js";
import { plans, scenarioOf } from "./random-scenario.js";

const seed = 20261126;
const limits = { maxStates: 2000, maxDepth: Number.POSITIVE_INFINITY };

/** Another who works on the same system, from the same log: what a worker is, or a search that is taken up again. */
class Follower {
  readonly components: Components;
  private readonly packing: Packing;
  private readonly rows: Rows;
  private readonly edges: Edges;

  constructor(
    system: System,
    readonly log: InternLog,
    inboxBits = inboxBitsMax,
  ) {
    this.components = new Components(system, log, inboxBits);
    const steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.rows = new Rows(system, this.components, this.packing, steps, new HandlersRun(system), true);
    this.edges = new Edges(system, this.components, this.packing, steps);
    this.components.idsOf(initialWorld(system, blindObserver(system)));
  }

  catchUp(): void {
    for (;;) {
      try {
        replayInterns(this.log, { rows: this.rows, edges: this.edges });
        return;
      } catch (error) {
        if (error !== outgrown) throw error;
        this.packing.widen();
        this.rows.relayout();
      }
    }
  }
}

/** The canonical texts of all values of all components, by id. */
function textsOf(components: Components): readonly (readonly string[])[] {
  return components.all.map(({ size }, component) =>
    Array.from({ length: size }, (_, id) => {
      const ids = components.all.map((__, other) => (other === component ? id : 0));
      return encodeComponents(components.worldOf(ids))[component] as string;
    }),
  );
}

function searched(system: System): Tables {
  const search = engineSearch(system, limits);
  search.advance(Number.POSITIVE_INFINITY);
  return search.tables;
}

test("whoever replays the intern log of a search has the same values under the same ids", () => {
  let entries = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      const system = compile(scenarioOf({ ...plan, forbidden: null }));
      const { components } = searched(system);

      const follower = new Follower(system, new InternLog(components.log.written));
      follower.catchUp();

      expect(textsOf(follower.components)).toEqual(textsOf(components));
      entries += follower.log.replayed;
    }),
    { seed, numRuns: 30 },
  );
  expect(entries).toBeGreaterThan(1000);
});

test("so it is when inboxes become values on the way, and ids outgrow their fields", () => {
  let [interned, entries] = [0, 0];
  const duplicating = plans.map((plan) => ({
    ...plan,
    forbidden: null,
    links: "any" as const,
    faults: { duplicate: 2 },
  }));
  fc.assert(
    fc.property(duplicating, fc.constantFrom(2, 3, 6), (plan, inboxBits) => {
      const system = compile(scenarioOf(plan));
      const search = engineSearch(system, { ...limits, maxStates: 600 }, undefined, inboxBits);
      search.advance(Number.POSITIVE_INFINITY);
      const { components } = search.tables;

      const follower = new Follower(system, new InternLog(components.log.written), inboxBits);
      follower.catchUp();

      expect(textsOf(follower.components)).toEqual(textsOf(components));
      interned += components.counted.filter((inbox) => inbox === undefined).length;
      entries += follower.log.replayed;
    }),
    { seed, numRuns: 25 },
  );
  expect(interned).toBeGreaterThan(10);
  expect(entries).toBeGreaterThan(500);
});

test("a follower over shared memory makes what it has not made yet, from where it stands", () => {
  const plan = fc
    .sample(plans, { seed, numRuns: 40 })
    .find(({ clients, nodes }) => clients.length > 1 && nodes.length > 2);
  const system = compile(scenarioOf({ ...(plan as NonNullable<typeof plan>), forbidden: null }));
  const { log } = searched(system).components;
  const cells = new Int32Array(new SharedArrayBuffer(log.written.byteLength));
  const follower = new Follower(system, new InternLog(cells));
  const half = log.length >> 1;
  cells.set(log.written);

  cells[0] = half;
  follower.catchUp();
  expect(follower.log.replayed).toBe(half);
  cells[0] = log.length;
  follower.catchUp();

  expect(follower.log.replayed).toBe(log.length);
});

test("a log over shared memory that is full says so", () => {
  const log = new InternLog(new Int32Array(new SharedArrayBuffer(4)));

  expect(() => log.add({ kind: 0, owner: 0, first: 0, second: 0, third: 0 })).toThrow("The shared intern log is full.");
});

test("user code that gives something else than it did is noticed at the first entry that differs", () => {
  let noticed = 0;
  fc.assert(
    fc.property(plans, (drawn) => {
      const plan = { ...drawn, forbidden: null };
      const system = compile(scenarioOf(plan));
      const { components } = searched(system);
      const [first, second] = plan.roles;
      const [rule, ...others] = first.messages;
      const changedRule = { ...rule, change: rule.change === "add" ? ("keep" as const) : ("add" as const) };
      const changed = compile(
        scenarioOf({ ...plan, roles: [{ ...first, messages: [changedRule, ...others] }, second] }),
      );
      const log = new InternLog(components.log.written);
      const follower = new Follower(changed, log);
      try {
        follower.catchUp();
      } catch (error) {
        expect(error).toBeInstanceOf(InternsDiverged);
        expect((error as InternsDiverged).entry).toBe(log.replayed);
        noticed += 1;
        return;
      }
      // What nobody sends changes nothing.
      expect(textsOf(follower.components)).toEqual(textsOf(components));
    }),
    { seed, numRuns: 30 },
  );
  expect(noticed).toBeGreaterThan(5);
});
