import fc from "fast-check";
import { type List, Map, Record } from "immutable";
import { type AnyBag, defineBag } from "../../sim/baggage.js";
import type { EdgeKind } from "../../sim/edge.js";
import type { Operation } from "../../sim/choice.js";
import { compile } from "../../sim/compile.js";
import { cancelTimer, choose, type Effect, emit, reply, save, saveLater, send, setTimer } from "../../sim/effect.js";
import type { FaultBudget, FaultKind, Partition } from "../../sim/fault.js";
import type { Message, Sender } from "../../sim/message.js";
import { defineMonitor } from "../../sim/monitor.js";
import type { LinkOrder } from "../../sim/network.js";
import { type AnyNode, become, type Context, defineNode, type Reaction } from "../../sim/node.js";
import { nodeId } from "../../sim/node-id.js";
import { always, sometimes, step } from "../../sim/property.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../sim/scenario.js";
import { encode } from "../../sim/value.js";
import { anyOf, following, inOrder, type Result, type Workload } from "../../sim/workload.js";

/**
 * Random small scenarios of every feature of the kernel, as data: table-driven nodes, clients, links, faults, monitors,
 * an active bag. Always finite, as whatever makes work (sending, setting a timer, asking) burns the node's fuel.
 */
export interface Plan {
  /** The role of each node: `n0`, `n1`, … */
  readonly nodes: readonly (0 | 1)[];
  readonly roles: readonly [RolePlan, RolePlan];
  readonly clients: readonly ClientPlan[];
  readonly links: LinkOrder;
  readonly except: readonly { readonly between: readonly [string, string]; readonly order: LinkOrder }[];
  readonly faults: FaultBudget;
  readonly cut: boolean;
  readonly boundary: boolean;
  /** Body of a message that the first node has handled before the run; none when null. */
  readonly initial: number | null;
  readonly monitored: boolean;
  /** The edge kinds that the active bag follows; there is none when null. */
  readonly active: readonly EdgeKind[] | null;
  /** The value that no node may have, if any. */
  readonly forbidden: number | null;
}

export interface RolePlan {
  readonly shape: "number" | "plain" | "map" | "record";
  readonly fuel: number;
  readonly start: Rule;
  readonly messages: readonly [Rule, Rule, Rule];
  readonly timers: readonly [Rule, Rule];
  readonly choices: readonly [Rule, Rule];
  readonly recover: Rule | null;
  readonly reads: boolean;
}

/** What a handler does: how it changes the value, and, if the value was even or odd as it says, what it asks for. */
export interface Rule {
  readonly change: "keep" | "add" | "copy";
  readonly parity: 0 | 1 | null;
  readonly actions: readonly Action[];
}

type Action =
  | {
      readonly do: "send";
      readonly to: number;
      readonly kind: number;
      readonly body: number | null;
      readonly call: boolean;
    }
  | { readonly do: "reply"; readonly kind: number }
  | { readonly do: "set-timer"; readonly timer: number; readonly delay: number }
  | { readonly do: "cancel-timer"; readonly timer: number }
  | { readonly do: "choose"; readonly label: number; readonly options: readonly number[] }
  | { readonly do: "save" | "save-later" | "emit" };

type OperationPlan = { readonly to: number; readonly kind: number; readonly body: number };

interface ClientPlan {
  readonly kind: "list" | "next" | "any";
  readonly operations: readonly OperationPlan[];
}

const bit = fc.constantFrom(0 as const, 1 as const);
const kind = fc.nat(2);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      to: fc.nat(3),
      kind,
      body: fc.option(fc.nat(1)),
      call: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("reply" as const), kind }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("set-timer" as const),
      timer: fc.nat(1),
      delay: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel-timer" as const), timer: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("choose" as const),
      label: fc.nat(1),
      options: fc.array(fc.nat(2), { maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("save" as const, "save-later" as const, "emit" as const) }) },
);

const rule: fc.Arbitrary<Rule> = fc.record({
  change: fc.constantFrom("keep" as const, "add" as const, "copy" as const),
  parity: fc.option(bit, { freq: 2 }),
  actions: fc.array(action, { maxLength: 2 }),
});

const role: fc.Arbitrary<RolePlan> = fc.record({
  shape: fc.constantFrom("number" as const, "plain" as const, "map" as const, "record" as const),
  fuel: fc.integer({ min: 1, max: 3 }),
  start: rule,
  messages: fc.tuple(rule, rule, rule),
  timers: fc.tuple(rule, rule),
  choices: fc.tuple(rule, rule),
  recover: fc.option(rule, { freq: 2 }),
  reads: fc.boolean(),
});

const client: fc.Arbitrary<ClientPlan> = fc.record({
  kind: fc.constantFrom("list" as const, "next" as const, "any" as const),
  operations: fc.array(fc.record({ to: fc.nat(3), kind, body: fc.nat(1) }), { minLength: 1, maxLength: 2 }),
});

const order = fc.constantFrom<LinkOrder>("fifo", "any", "set");
const end = fc.constantFrom("n0", "n1", "r0", "r1", "client", "c0");
/** Duplicates without limit would never end. */
const units = fc.constantFrom<(number | "any")[]>(0, 0, 1, 2, "any");
const bounded = fc.constantFrom(0, 0, 1);

const faults: fc.Arbitrary<FaultBudget> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        drop: units,
        duplicate: bounded,
        delay: units,
        error: units,
        crash: units,
        recover: units,
        partition: units,
        "give-up": units,
      },
      { requiredKeys: [] },
    ),
  },
);

const edges = fc.subarray<EdgeKind>(["message", "duplicate", "timer", "choice", "program", "storage", "fault"]);

/** Random plans of scenarios; sizes are kept small enough for an exhaustive search of most of them. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    nodes: fc.array(bit, { minLength: 1, maxLength: 4 }),
    roles: fc.tuple(role, role),
    clients: fc.array(client, { maxLength: 2 }),
    links: order,
    except: fc.array(fc.record({ between: fc.tuple(end, end), order }), { maxLength: 2 }),
    faults,
    cut: fc.boolean(),
    boundary: fc.boolean(),
    initial: fc.option(fc.nat(1)),
    monitored: fc.boolean(),
    active: fc.option(edges),
    forbidden: fc.option(fc.nat(3), { freq: 2 }),
  })
  .map(admissible);

/** Plans whose properties always hold, so that runs and searches go to the end. */
export const harmlessPlans: fc.Arbitrary<Plan> = plans.map((plan) => ({ ...plan, forbidden: null }));

/** Without the budgets and exceptions that the scenario, as drawn, has no use for and would be refused. */
export function admissible(drawn: Plan): Plan {
  const plan = { ...drawn, boundary: drawn.boundary && drawn.nodes.includes(0) };
  const names = new Set([
    "client",
    ...plan.nodes.map((_, i) => `n${i}`),
    ...plan.nodes.map((number) => `r${number}`),
    ...plan.clients.map((_, i) => `c${i}`),
  ]);
  const except = plan.except.filter(({ between }) => between.every((name) => names.has(name)));
  const kept: { [kind in FaultKind]?: number | "any" } = {};
  for (const [kind, budget] of Object.entries(plan.faults) as [FaultKind, number | "any"][]) {
    try {
      compile(scenarioOf({ ...plan, except, faults: { [kind]: budget } }));
      kept[kind] = budget;
    } catch {
      // Refused: no link or boundary of this plan admits it.
    }
  }
  return { ...plan, except, faults: kept };
}

/** What a node remembers. */
interface Memory {
  readonly fuel: number;
  readonly value: number;
}

class MemoryRecord extends Record({ fuel: 0, value: 0 }) {}

function pack(shape: RolePlan["shape"], { fuel, value }: Memory): unknown {
  switch (shape) {
    case "number":
      return fuel * 4 + value;
    case "plain":
      return { value, fuel };
    case "map":
      return Map({ fuel, value });
    case "record":
      return new MemoryRecord({ fuel, value });
  }
}

function unpack(shape: RolePlan["shape"], state: unknown): Memory {
  switch (shape) {
    case "number":
      return { fuel: Math.floor((state as number) / 4), value: (state as number) % 4 };
    case "plain":
    case "record":
      return state as Memory;
    case "map":
      return {
        fuel: (state as Map<string, number>).get("fuel", 0),
        value: (state as Map<string, number>).get("value", 0),
      };
  }
}

interface Numbered extends Message {
  readonly body: number;
}

const kinds = ["k0", "k1", "k2"];

/** The scenario of a plan. Its nodes are `n0`…, of roles `r0` and `r1`, its clients `c0`…, its messages `k0` to `k2`. */
export function scenarioOf(plan: Plan): Scenario {
  const bag = plan.active === null ? undefined : colour(plan.active);
  return defineScenario({
    name: "random",
    about: "A random scenario for laws.",
    scope: "Finite: all work burns fuel.",
    define: () => definitionOf(plan, bag),
  });
}

/** An active bag: the greatest value that a causal predecessor has emitted. */
function colour(follows: readonly EdgeKind[]): AnyBag {
  return defineBag<number>({
    name: "colour",
    empty: 0,
    follows,
    join: Math.max,
    emitted: (value, _tracepoint, fields) => Math.max(value, fields.value as number),
    active: true,
  });
}

function definitionOf(plan: Plan, bag: AnyBag | undefined): SystemDefinition {
  const roles = plan.roles.map((one, number) => nodeOf(one, `r${number}`, bag));
  const nodes = plan.nodes.map((number, i) => [`n${i}`, roles[number] as AnyNode] as const);
  const names = nodes.map(([name]) => name);
  return {
    nodes: Object.fromEntries(nodes),
    ...(plan.initial === null ? {} : { initial: { n0: [{ kind: "k0", body: plan.initial } as Message] } }),
    links: { order: plan.links, except: plan.except },
    faults: plan.faults,
    ...(plan.cut ? { partitions: [oneWay(names)] } : {}),
    ...(plan.boundary
      ? { errors: [{ role: "r0", kinds: ["k0", "k1"], reply: { kind: "k2", body: 1 } as Message }] }
      : {}),
    workload: Object.fromEntries(plan.clients.map((one, i) => [`c${i}`, workloadOf(one, names)])),
    monitors: plan.monitored ? [emitted, answered] : [],
    properties: [
      ...(plan.forbidden === null ? [] : [forbids(plan, plan.forbidden)]),
      sometimes("a message is in flight", (view) => view.inFlight().length > 0),
      step("nothing is forbidden of steps", () => true),
    ],
  };
}

function oneWay(names: readonly string[]): Partition {
  const [first, last] = [nodeId(names[0] as string), nodeId(names[names.length - 1] as string)];
  return { name: "one way", cuts: [{ from: first, to: last }] };
}

function nodeOf(plan: RolePlan, name: string, bag: AnyBag | undefined): AnyNode {
  const reads = plan.reads && bag !== undefined;
  const seen = (context: Context): number => (reads ? context.read(bag as never) : 0);
  const react = (rule: Rule, state: unknown, body: number, from: Sender | undefined, context: Context) =>
    reaction(plan, rule, { memory: unpack(plan.shape, state), body: body + seen(context), from, context });
  const onMessage = (rule: Rule) => (state: unknown, message: Numbered, from: Sender, context: Context) =>
    react(rule, state, message.body, from, context);
  const fresh = (fuel: number, value: number) => pack(plan.shape, { fuel, value });
  return defineNode<unknown, Numbered, number>({
    role: name,
    start: (context) => react(plan.start, fresh(plan.fuel, 0), 0, undefined, context),
    onMessage: Object.fromEntries(plan.messages.map((rule, i) => [`k${i}`, onMessage(rule)])),
    onTimer: Object.fromEntries(
      plan.timers.map((rule, i) => [
        `t${i}`,
        (state: unknown, context: Context) => react(rule, state, i, undefined, context),
      ]),
    ),
    onChoice: Object.fromEntries(
      plan.choices.map((rule, i) => [
        `l${i}`,
        (state: unknown, option: number, context: Context) => react(rule, state, option, undefined, context),
      ]),
    ),
    ...(plan.recover === null ? {} : { recover: recovery(plan.recover) }),
    ...(reads ? { reads: [bag] } : {}),
  });

  function recovery(rule: Rule) {
    return (saved: number | undefined, context: Context) =>
      react(rule, fresh(0, saved ?? 0), saved ?? 0, undefined, context);
  }
}

interface Input {
  readonly memory: Memory;
  readonly body: number;
  readonly from: Sender | undefined;
  readonly context: Context;
}

function reaction(plan: RolePlan, rule: Rule, input: Input): Reaction<unknown> {
  const { memory, body } = input;
  const value = rule.change === "keep" ? memory.value : (rule.change === "add" ? memory.value + body + 1 : body) % 4;
  const effects: Effect[] = [];
  let { fuel } = memory;
  if (rule.parity === null || memory.value % 2 === rule.parity) {
    for (const one of rule.actions) {
      const effect = effectOf(one, value, input);
      if (effect === undefined) continue;
      if (effect.kind === "send" || effect.kind === "set-timer" || effect.kind === "choose") {
        if (fuel === 0) continue;
        fuel -= 1;
      }
      effects.push(effect);
    }
  }
  return become(pack(plan.shape, { fuel, value }), ...effects);
}

function effectOf(one: Action, value: number, { from, context }: Input): Effect | undefined {
  switch (one.do) {
    case "send": {
      const all = [context.self, ...context.peers];
      const to = all[one.to % all.length];
      const message: Numbered = { kind: kinds[one.kind] as string, body: one.body ?? value };
      return to === undefined ? undefined : send(to, message, ...(one.call ? [{ call: { asked: value } }] : []));
    }
    case "reply":
      return from === undefined ? undefined : reply(from, { kind: kinds[one.kind] as string, body: value } as Message);
    case "set-timer":
      return setTimer(`t${one.timer}`, one.delay);
    case "cancel-timer":
      return cancelTimer(`t${one.timer}`);
    case "choose":
      return choose(`l${one.label}`, one.options);
    case "save":
      return save(value);
    case "save-later":
      return saveLater(value);
    case "emit":
      return emit("value", { value });
  }
}

function workloadOf(plan: ClientPlan, names: readonly string[]): Workload {
  const operations: Operation[] = plan.operations.map(({ to, kind, body }) => ({
    to: nodeId(names[to % names.length] as string),
    message: { kind: kinds[kind] as string, body } as Message,
  }));
  switch (plan.kind) {
    case "list":
      return inOrder(...operations);
    case "any":
      return anyOf([...new globalThis.Map(operations.map((one) => [encode(one), one])).values()], { budget: 2 });
    case "next":
      return following((results: List<Result>) => {
        const last = results.last() as Numbered | null | undefined;
        return results.size > 2 ? null : (operations[(last?.body ?? 0) % operations.length] ?? null);
      });
  }
}

const emitted = defineMonitor<number>({
  name: "the last value emitted",
  start: 0,
  on: (value, event) => (event.kind === "emit" ? (event.fields.value as number) : value),
});

const answered = defineMonitor<Map<string, number>>({
  name: "answers and faults",
  start: Map(),
  on: (value, event) => (value.get(event.kind, 0) > 1 ? value : value.update(event.kind, 0, (count) => count + 1)),
});

function forbids(plan: Plan, value: number) {
  return always("no node has the forbidden value", (view) => {
    for (const number of [0, 1] as const) {
      const shape = plan.roles[number].shape;
      const bad = view
        .nodes(`r${number}`)
        .find((node) => node.up && unpack(shape, node.state).value === value && unpack(shape, node.state).fuel === 0);
      if (bad !== undefined) return `${bad.id} has run out of fuel with ${value}`;
    }
    return true;
  });
}
