import fc from "fast-check";
import { Record, Set } from "immutable";
import { cancelTimer, choose, type Effect, emit, reply, save, saveLater, send, setTimer } from "../../sim/effect.js";
import { compile } from "../../sim/compile.js";
import { type FaultBudget, type FaultKind, split } from "../../sim/fault.js";
import type { Message, Sender } from "../../sim/message.js";
import { defineMonitor } from "../../sim/monitor.js";
import type { LinkOrder } from "../../sim/network.js";
import { type AnyNode, become, type Context, defineNode, type Reaction } from "../../sim/node.js";
import { type NodeId, nodeId } from "../../sim/node-id.js";
import { always, atQuiescence, sometimes } from "../../sim/property.js";
import { defineScenario, type Scenario, type SystemDefinition } from "../../sim/scenario.js";
import type { View } from "../../sim/view.js";
import { anyOf, following, inOrder, operation, type Workload } from "../../sim/workload.js";

/**
 * Random small scenarios of nodes that are mostly alike, for the laws of reductions: they speak to all of a role, to whom
 * they heard from, to whom they remember; their states, storage, timers, choices and monitors hold NodeIds. Some have one
 * thing that tells two of them apart. Finite, as all work burns fuel, unless a node may spin.
 */
export interface AlikePlan {
  /** How many nodes of each role. */
  readonly nodes: readonly [number, number];
  readonly roles: readonly [AlikeRole, AlikeRole];
  readonly clients: readonly AlikeClient[];
  readonly links: LinkOrder;
  readonly between: LinkOrder | null;
  readonly faults: FaultBudget;
  readonly cut: boolean;
  readonly boundary: boolean;
  readonly monitor: "none" | "last" | "all";
  readonly property: "value" | "known" | "monitor" | "in-flight" | "none";
  readonly limit: number;
  readonly flaw: "none" | "rank" | "peer" | "client" | "property" | "initial" | "throws";
}

interface AlikeRole {
  readonly fuel: number;
  readonly start: AlikeRule;
  readonly messages: readonly [AlikeRule, AlikeRule];
  readonly timers: readonly [AlikeRule, AlikeRule];
  readonly choice: AlikeRule;
  readonly recover: AlikeRule | null;
  /** A choice that is always open again, and changes a bit for ever: a cycle. */
  readonly spins: boolean;
}

interface AlikeRule {
  readonly change: "keep" | "add" | "copy" | "remember" | "forget" | "join";
  readonly parity: 0 | 1 | null;
  readonly actions: readonly AlikeAction[];
}

type AlikeAction =
  | { readonly do: "all"; readonly role: 0 | 1; readonly kind: 0 | 1 }
  | { readonly do: "reply" | "last" | "known"; readonly kind: 0 | 1 }
  | { readonly do: "timer"; readonly timer: 0 | 1; readonly delay: number }
  | { readonly do: "cancel"; readonly timer: 0 | 1 }
  | { readonly do: "choose"; readonly options: "two" | "known" | "none" }
  | { readonly do: "save" | "save-later" | "emit" };

interface AlikeClient {
  readonly kind: "list" | "next" | "any";
  readonly role: 0 | 1;
  readonly operations: number;
}

const bit = fc.constantFrom(0 as const, 1 as const);

const action: fc.Arbitrary<AlikeAction> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("all" as const), role: bit, kind: bit }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("reply" as const, "last" as const, "known" as const), kind: bit }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("timer" as const), timer: bit, delay: fc.integer({ min: 1, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), timer: bit }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("choose" as const),
      options: fc.constantFrom("two" as const, "known" as const, "none" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("save" as const, "save-later" as const, "emit" as const) }) },
);

const rule: fc.Arbitrary<AlikeRule> = fc.record({
  change: fc.constantFrom("keep", "add", "copy", "remember", "forget", "join"),
  parity: fc.option(bit, { freq: 2 }),
  actions: fc.array(action, { maxLength: 2 }),
});

const role: fc.Arbitrary<AlikeRole> = fc.record({
  fuel: fc.integer({ min: 0, max: 2 }),
  start: rule,
  messages: fc.tuple(rule, rule),
  timers: fc.tuple(rule, rule),
  choice: rule,
  recover: fc.option(rule, { freq: 2 }),
  spins: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const order = fc.constantFrom<LinkOrder>("fifo", "any", "set");
const units = fc.constantFrom<(number | "any")[]>(0, 0, 1, "any");
const bounded = fc.constantFrom(0, 0, 1);

const faults: fc.Arbitrary<FaultBudget> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        drop: units,
        duplicate: bounded,
        delay: units,
        error: bounded,
        crash: units,
        recover: units,
        partition: bounded,
        "give-up": units,
      },
      { requiredKeys: [] },
    ),
  },
);

/** Random plans, kept small enough for exhaustive searches of most of them. */
export const alikePlans: fc.Arbitrary<AlikePlan> = fc
  .record({
    nodes: fc.constantFrom<[number, number][]>([2, 0], [3, 0], [2, 1], [1, 2], [2, 2], [3, 1]),
    roles: fc.tuple(role, role),
    clients: fc.array(
      fc.record({
        kind: fc.constantFrom("list" as const, "next" as const, "any" as const),
        role: bit,
        operations: fc.integer({ min: 1, max: 2 }),
      }),
      { maxLength: 2 },
    ),
    links: order,
    between: fc.option(order, { freq: 2 }),
    faults,
    cut: fc.boolean(),
    boundary: fc.boolean(),
    monitor: fc.constantFrom("none", "none", "last", "all"),
    property: fc.constantFrom("value", "value", "known", "monitor", "in-flight", "none"),
    limit: fc.nat(3),
    flaw: fc.oneof(
      { weight: 4, arbitrary: fc.constant("none" as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("rank", "peer", "client", "property", "initial", "throws"),
      },
    ),
  } satisfies { [name in keyof AlikePlan]: fc.Arbitrary<AlikePlan[name]> })
  .map(admissible);

/** Without the budgets that no link or boundary of the plan admits. */
function admissible(plan: AlikePlan): AlikePlan {
  const kept: { [kind in FaultKind]?: number | "any" } = {};
  for (const [kind, budget] of Object.entries(plan.faults) as [FaultKind, number | "any"][]) {
    try {
      compile(alikeScenario({ ...plan, faults: { [kind]: budget } }));
      kept[kind] = budget;
    } catch {
      // Refused.
    }
  }
  return { ...plan, faults: kept };
}

class Memory extends Record({
  fuel: 0,
  value: 0,
  last: null as NodeId | null,
  known: Set<NodeId>(),
  spin: false,
}) {}

interface Sized extends Message {
  readonly size: number;
  /** Whom the sender heard from last. */
  readonly about: NodeId | null;
}

const kinds = ["k0", "k1"];

/** The scenario of a plan: its nodes are `a1`… of role `r0` and `b1`… of role `r1`, its clients `c1`… */
export function alikeScenario(plan: AlikePlan): Scenario {
  return defineScenario({
    name: "alike",
    about: "A random scenario of alike nodes, for laws.",
    scope: "Finite: all work burns fuel.",
    define: () => definitionOf(plan),
  });
}

function definitionOf(plan: AlikePlan): SystemDefinition {
  const definitions = plan.roles.map((one, number) => nodeOf(one, `r${number}`, plan));
  const names = plan.nodes.map((count, number) =>
    Array.from({ length: count }, (_, i) => `${number === 0 ? "a" : "b"}${i + 1}`),
  );
  const all = names.flat().map(nodeId);
  const [first] = all as [NodeId, ...NodeId[]];
  return {
    nodes: Object.fromEntries(
      names.flatMap((group, number) => group.map((name) => [name, definitions[number] as AnyNode])),
    ),
    ...(plan.flaw === "initial" ? { initial: { a1: [{ kind: "k0", size: 1, about: null } as Message] } } : {}),
    links:
      plan.between === null || plan.nodes[1] === 0
        ? plan.links
        : { order: plan.links, except: [{ between: ["r0", "r1"], order: plan.between }] },
    faults: plan.faults,
    ...(plan.cut
      ? { partitions: [split("first", [first], all.slice(1)), split("whole", all.slice(0, 1), all.slice(1))] }
      : {}),
    ...(plan.boundary
      ? { errors: [{ role: "r0", kinds: ["k0"], reply: { kind: "k1", size: 1, about: null } as Message }] }
      : {}),
    workload: Object.fromEntries(plan.clients.map((one, i) => [`c${i + 1}`, workloadOf(one, plan, names)])),
    monitors: plan.monitor === "none" ? [] : [monitors[plan.monitor]],
    properties: propertiesOf(plan),
  };
}

function nodeOf(plan: AlikeRole, name: string, { flaw }: AlikePlan): AnyNode {
  const react = (rule: AlikeRule, state: Memory, size: number, about: NodeId | null, at: At) =>
    reaction(rule, state, { size, about, ...at, flaw });
  const onMessage = (rule: AlikeRule) => (state: Memory, message: Sized, from: Sender, context: Context) =>
    react(rule, state, message.size, message.about ?? from.node, { from, context });
  return defineNode<Memory, Sized, Memory>({
    role: name,
    start: (context) => {
      const { state, effects } = react(plan.start, new Memory({ fuel: plan.fuel }), 0, null, { context });
      return become(state, ...effects, ...(plan.spins ? [choose("spin", ["on"])] : []));
    },
    onMessage: Object.fromEntries(plan.messages.map((rule, i) => [kinds[i] as string, onMessage(rule)])),
    onTimer: Object.fromEntries(
      plan.timers.map((rule, i) => [
        `t${i}`,
        (state: Memory, context: Context) => react(rule, state, i, state.last, { context }),
      ]),
    ),
    onChoice: {
      pick: (state: Memory, option: number | NodeId, context) =>
        typeof option === "number"
          ? react(plan.choice, state, option, state.last, { context })
          : react(plan.choice, state, 1, option, { context }),
      spin: (state: Memory) =>
        become(
          state.update("spin", (spin) => !spin),
          choose("spin", ["on"]),
        ),
    },
    ...(plan.recover === null ? {} : { recover: recovery(plan.recover) }),
  });

  function recovery(rule: AlikeRule) {
    return (saved: Memory | undefined, context: Context) =>
      react(rule, (saved ?? new Memory()).set("fuel", 0), 0, saved?.last ?? null, { context });
  }
}

interface At {
  readonly from?: Sender;
  readonly context: Context;
}

interface Input extends At {
  readonly size: number;
  readonly about: NodeId | null;
  readonly flaw: AlikePlan["flaw"];
}

function reaction(rule: AlikeRule, state: Memory, input: Input): Reaction<Memory> {
  let next = changed(rule.change, state, input);
  if (input.flaw === "throws" && next.value === 3) throw new Error("The value is 3.");
  const effects: Effect[] = [];
  if (rule.parity === null || state.value % 2 === rule.parity) {
    for (const one of rule.actions) {
      const asked = effectsOf(one, next, input);
      const works = asked.some(({ kind }) => kind === "send" || kind === "set-timer" || kind === "choose");
      if (works && next.fuel === 0) continue;
      if (works) next = next.set("fuel", next.fuel - 1);
      effects.push(...asked);
    }
  }
  return become(next, ...effects);
}

function changed(change: AlikeRule["change"], state: Memory, { size, about, from, context, flaw }: Input): Memory {
  switch (change) {
    case "keep":
      return state;
    case "add":
      return state.set("value", (state.value + size + (flaw === "rank" ? context.rank(context.self) : 1)) % 4);
    case "copy":
      return state.set("value", size);
    case "remember":
      return state.set("last", (flaw === "peer" ? context.peers[0] : from?.node) ?? about);
    case "forget":
      return state.merge({ last: null, known: Set() });
    case "join":
      return about === null ? state : state.set("known", state.known.add(about));
  }
}

function effectsOf(one: AlikeAction, state: Memory, { from, context }: Input): Effect[] {
  const message = (kind: number): Sized => ({ kind: kinds[kind] as string, size: state.value % 2, about: state.last });
  switch (one.do) {
    case "all":
      return context
        .role(`r${one.role}`)
        .filter((id) => id !== context.self)
        .map((id) => send(id, message(one.kind)));
    case "reply":
      return from === undefined ? [] : [reply(from, message(one.kind))];
    case "last":
      return state.last === null ? [] : [send(state.last, message(one.kind))];
    case "known":
      return [...state.known].map((id) => send(id, message(one.kind), { call: { about: state.last } }));
    case "timer":
      return [setTimer(`t${one.timer}`, one.delay)];
    case "cancel":
      return [cancelTimer(`t${one.timer}`)];
    case "choose": {
      const options = { two: [0, 1], none: [], known: [...state.known] }[one.options];
      return [choose("pick", options)];
    }
    case "save":
      return [save(state)];
    case "save-later":
      return [saveLater(state)];
    case "emit":
      return [emit("seen", { value: state.value, last: state.last })];
  }
}

function workloadOf(client: AlikeClient, plan: AlikePlan, names: readonly (readonly string[])[]): Workload {
  const group =
    (names[client.role] as readonly string[]).length > 0 ? (names[client.role] as readonly string[]) : names.flat();
  const asked = plan.flaw === "client" ? group.slice(0, 1) : group;
  const options = asked.map((name) => operation<Sized>(nodeId(name), { kind: "k0", size: 1, about: null }));
  switch (client.kind) {
    case "list":
      return inOrder(...options.slice(0, client.operations));
    case "any":
      return anyOf(options, { budget: client.operations });
    case "next":
      return following((results) =>
        results.size < client.operations ? (options[results.size % options.length] ?? null) : null,
      );
  }
}

/** The last that was seen, by whom and about whom. */
class Seen extends Record({ by: null as NodeId | null, about: null as NodeId | null, value: 0 }) {}

const seenBy = (event: { readonly node: NodeId; readonly fields: object }): Seen => {
  const { value, last } = event.fields as { value: number; last: NodeId | null };
  return new Seen({ by: event.node, about: last, value });
};

const monitors = {
  last: defineMonitor<Seen>({
    name: "the last seen",
    start: new Seen(),
    on: (value, event) => (event.kind === "emit" ? seenBy(event) : value),
  }),
  all: defineMonitor<Set<unknown>>({
    name: "all that was seen",
    start: Set(),
    on: (value, event) =>
      event.kind === "emit"
        ? value.add(seenBy(event))
        : event.kind === "return"
          ? value.add(event.client)
          : event.kind === "crash"
            ? value.add(event.node)
            : value,
  }),
};

const memories = (view: View) =>
  ["r0", "r1"]
    .flatMap((name) => view.nodes<Memory | null>(name))
    .flatMap(({ id, state }) => (state === null ? [] : [{ id, state }]));

function propertiesOf(plan: AlikePlan): SystemDefinition["properties"] {
  const claims: { readonly [name in AlikePlan["property"]]: (view: View) => true | string } = {
    value: (view) => {
      const found = memories(view).filter(({ state }) => state.value === plan.limit && state.fuel === 0);
      return found.length < 2 || `${found.map(({ id }) => id).join(" and ")} have ${plan.limit}`;
    },
    known: (view) => {
      const found = memories(view).find(({ id, state }) => state.known.size > plan.limit || state.known.has(id));
      return found === undefined || `${found.id} knows too much`;
    },
    monitor: (view) => {
      if (plan.monitor === "none") return true;
      const seen = view.monitor(monitors[plan.monitor] as typeof monitors.all) as unknown as Seen | Set<unknown>;
      if (Set.isSet(seen)) return seen.size <= plan.limit || "too much was seen";
      return seen.by === null || seen.by !== seen.about || `${seen.by} was seen of itself`;
    },
    "in-flight": (view) => view.inFlight().length <= plan.limit + 2 || "too much is in flight",
    none: () => true,
  };
  return [
    ...(plan.property === "none" ? [] : [always("the claim", claims[plan.property])]),
    ...(plan.flaw === "property"
      ? [
          always(
            "a1 is not the one",
            (view) => view.node<Memory | null>(nodeId("a1")).state?.value !== 2 || "a1 is the one",
          ),
        ]
      : []),
    sometimes("two know each other", (view) => {
      const all = memories(view);
      return all.some(({ id, state }) =>
        state.known.some((other) => all.some((one) => one.id === other && one.state.known.has(id))),
      );
    }),
    sometimes("someone has run out of fuel with 3", (view) =>
      memories(view).some(({ state }) => state.fuel === 0 && state.value === 3),
    ),
    atQuiescence(
      "no timer is left",
      (view) =>
        plan.limit !== 3 || memories(view).every(({ state }) => state.last === null) || "someone remembers to the end",
    ),
  ];
}
