import type { AnyBag } from "./baggage.js";
import { unknownInFairness } from "./fairness.js";
import { type FaultBudget, faultKinds, fullBudget, type Partition, split } from "./fault.js";
import type { AnyMonitor } from "./monitor.js";
import { nearest } from "./nearest.js";
import type { LinkOrder } from "./network.js";
import type { AnyNode, Context } from "./node.js";
import { NodeId, nodeId } from "./node-id.js";
import type { ParameterValue } from "./parameter.js";
import { parametersOf, type Scenario, type SystemDefinition } from "./scenario.js";
import type { Message } from "./message.js";
import type { CompiledClient, CompiledNode, CompiledPartition, System } from "./system.js";
import { encode } from "./value.js";
import type { Workload } from "./workload.js";

/** A scenario that cannot be used: what was found, where, and what to do next. */
export class InvalidScenario extends Error {
  override readonly name = "InvalidScenario";
  constructor(scenario: string, problem: string) {
    super(`The scenario ${scenario} cannot be used: ${problem}`);
  }
}

/** What a user may change about a scenario without touching its file. */
export interface Settings {
  readonly parameters?: { readonly [name: string]: ParameterValue };
  /** Replaces the scenario's budgets of these kinds. */
  readonly faults?: FaultBudget;
}

/**
 * Compiles a scenario for one set of parameters.
 *
 * @throws InvalidScenario for a definition that contradicts itself, and Error for unknown parameters or values.
 */
export function compile(scenario: Scenario, settings: Settings = {}): System {
  const parameters = parametersOf(scenario, settings.parameters ?? {});
  const definition = scenario.define(parameters);
  const names = new Names(scenario.name, definition);
  const orders = linkOrders(names, definition);
  const faults = { ...definition.faults, ...settings.faults };
  checkFaults(names, definition, faults, orders);
  const nodes = compileNodes(names, definition);
  const activeBags = [...new Set(nodes.flatMap((node) => node.definition.reads ?? []))];
  checkBags(names, activeBags);
  const monitors = collectMonitors(names, definition);
  const system: System = {
    scenario: scenario.name,
    parameters,
    nodes,
    clients: names.clients.map((id) => compileClient(names, id, named(definition.workload, id))),
    participants: names.participants,
    orders,
    faults,
    partitions: compilePartitions(names, definition.partitions ?? isolations(names.nodes)),
    errors: definition.errors ?? [],
    monitors,
    properties: definition.properties,
    history: definition.history,
    symmetric: symmetricGroups(names, definition.symmetric ?? []),
    score: definition.score,
    activeBags,
    timing: { latency: [1, 100], think: [1, 300], ...definition.timing },
    numberOf: (id) => names.numbers.get(id),
    nodeNumber: (id) => names.nodeNumber(id),
    numbersOfRole: (role) => names.ofRole(role),
  };
  checkFairness(names, system);
  return system;
}

/** The participants of a definition, by name, number and role. */
class Names {
  readonly nodes: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly participants: readonly NodeId[];
  readonly numbers = new Map<NodeId, number>();
  private readonly roles = new Map<string, number[]>();

  constructor(
    private readonly scenario: string,
    definition: SystemDefinition,
  ) {
    this.nodes = Object.keys(definition.nodes).map(nodeId);
    this.clients = Object.keys(definition.workload ?? {}).map(nodeId);
    this.participants = [...this.nodes, ...this.clients];
    if (this.nodes.length === 0) throw this.invalid("it has no nodes; give it at least one.");
    this.participants.forEach((id, number) => {
      if (this.numbers.has(id)) throw this.invalid(`a node and a client are both called ${id}; rename one.`);
      this.numbers.set(id, number);
    });
    this.nodes.forEach((id, number) => {
      const node: AnyNode | undefined = definition.nodes[String(id)];
      if (typeof node?.role !== "string" || typeof node.start !== "function" || typeof node.onMessage !== "object") {
        throw this.invalid(
          `the node ${id} is no node definition; make it with defineNode({ role, start, onMessage }).`,
        );
      }
      const known = this.roles.get(node.role);
      if (known === undefined) this.roles.set(node.role, [number]);
      else known.push(number);
    });
  }

  invalid(problem: string): InvalidScenario {
    return new InvalidScenario(this.scenario, problem);
  }

  ofRole(role: string): readonly number[] {
    return this.roles.get(role) ?? [];
  }

  nodeNumber(id: NodeId): number {
    const number = this.numbers.get(id);
    if (number !== undefined && number < this.nodes.length) return number;
    // Handlers get here through context.rank, and an id has no text for them.
    const [name, known] = [nameOf(id), this.nodes.map(nameOf)];
    const hint = nearest(name, known);
    throw this.invalid(
      `it has no node ${name}${hint === undefined ? "." : `; did you mean ${hint}?`} It has ${known.join(", ")}.`,
    );
  }

  roleNames(): string {
    return [...this.roles.keys()].join(", ");
  }

  /** The declared position of a node among those of its role. */
  rank(number: number): number {
    for (const numbers of this.roles.values()) {
      const rank = numbers.indexOf(number);
      if (rank >= 0) return rank;
    }
    return -1;
  }

  /** The number of the participant of this name. */
  exact(name: string): number {
    const number = this.participants.findIndex((id) => String(id) === name);
    if (number >= 0) return number;
    const hint = nearest(name, this.participants.map(String));
    throw this.invalid(
      `\`symmetric\` names "${name}", which is no node or client${hint === undefined ? "." : `; did you mean ${hint}?`}`,
    );
  }

  /** The numbers that one end of a link exception stands for: a name, a role, or `client` for all clients. */
  ends(end: string): readonly number[] {
    const exact = this.participants.findIndex((id) => String(id) === end);
    if (exact >= 0) return [exact];
    const numbers = end === "client" ? this.clients.map((id) => this.numbers.get(id) as number) : this.ofRole(end);
    if (numbers.length > 0 || end === "client") return numbers;
    const known = [...this.participants.map(String), ...this.roles.keys(), "client"];
    const hint = nearest(end, known);
    throw this.invalid(
      `a link names "${end}", which is no node, role or client${hint === undefined ? "" : `; did you mean ${hint}?`}`,
    );
  }
}

function nameOf(id: NodeId): string {
  return id instanceof NodeId ? NodeId.textOf(id).slice(1) : String(id);
}

function linkOrders(names: Names, definition: SystemDefinition): readonly (readonly LinkOrder[])[] {
  const links = definition.links ?? "any";
  const { order, except } = typeof links === "string" ? { order: links, except: [] } : links;
  const orders = names.participants.map(() => names.participants.map(() => order));
  for (const exception of except) {
    const [one, other] = exception.between;
    for (const a of names.ends(one)) {
      for (const b of names.ends(other)) {
        (orders[a] as LinkOrder[])[b] = exception.order;
        (orders[b] as LinkOrder[])[a] = exception.order;
      }
    }
  }
  return orders;
}

/** Refuses budgets that no link could ever spend, and counts that are none. */
function checkFaults(
  names: Names,
  definition: SystemDefinition,
  faults: FaultBudget,
  orders: readonly (readonly LinkOrder[])[],
): void {
  for (const kind of Object.keys(faults)) {
    if ((faultKinds as readonly string[]).includes(kind)) continue;
    const hint = nearest(kind, faultKinds);
    throw names.invalid(
      `it has a budget for the fault ${kind}, which is none${hint === undefined ? "" : `; did you mean ${hint}?`} There are ${faultKinds.join(", ")}.`,
    );
  }
  try {
    fullBudget(faults);
  } catch (error) {
    throw names.invalid((error as Error).message);
  }
  const used = new Set(orders.flat());
  const needs: readonly [keyof FaultBudget, readonly LinkOrder[], string][] = [
    [
      "drop",
      ["fifo", "any"],
      "on a set link a message stays in flight for ever, so that losing it is not delivering it",
    ],
    ["duplicate", ["fifo", "any"], "a set link delivers a message as often as one likes already"],
    ["delay", ["fifo"], "links of order any and set already let messages be overtaken"],
  ];
  for (const [kind, orders, reason] of needs) {
    if ((faults[kind] ?? 0) === 0 || orders.some((order) => used.has(order))) continue;
    throw names.invalid(
      `the fault ${kind} has a budget, but no link is ${orders.join(" or ")}: ${reason}. Remove the budget.`,
    );
  }
  for (const { role } of definition.errors ?? []) {
    if (names.ofRole(role).length > 0) continue;
    throw names.invalid(`\`errors\` names the role "${role}", which no node has; there are ${names.roleNames()}.`);
  }
  if ((faults.error ?? 0) !== 0 && (definition.errors ?? []).length === 0) {
    throw names.invalid("the fault error has a budget, but `errors` declares no boundary where requests may fail.");
  }
  if ((faults["give-up"] ?? 0) !== 0 && names.clients.length === 0) {
    throw names.invalid("the fault give-up has a budget, but there are no clients.");
  }
}

function compileNodes(names: Names, definition: SystemDefinition): CompiledNode[] {
  for (const name of Object.keys(definition.initial ?? {})) names.nodeNumber(nodeId(name));
  return names.nodes.map((id, number) => {
    const node = definition.nodes[String(id)] as AnyNode;
    return {
      id,
      name: String(id),
      definition: node,
      context: contextOf(names, number),
      initial: definition.initial?.[String(id)] ?? [],
    };
  });
}

/** Refuses requests that could never be sent, and options that could not be told apart. */
function compileClient(names: Names, id: NodeId, workload: Workload): CompiledClient {
  if (workload.kind === "next") return { id, workload };
  const known = new Set<string>();
  for (const { to, message } of workload.kind === "list" ? workload.operations : workload.options) {
    const text = requestText(names, id, to, message);
    if (workload.kind === "any" && known.has(text)) {
      throw names.invalid(`the client ${id} has the option ${text} twice; remove one.`);
    }
    known.add(text);
  }
  return { id, workload };
}

function requestText(names: Names, client: NodeId, to: NodeId, message: Message): string {
  const number = names.numbers.get(to);
  if (number === undefined || number >= names.nodes.length) {
    const hint = nearest(nameOf(to), names.nodes.map(nameOf));
    throw names.invalid(
      `the client ${client} asks ${nameOf(to)}, which is no node${hint === undefined ? "." : `; did you mean ${hint}?`} It has ${names.nodes.join(", ")}.`,
    );
  }
  if (typeof message?.kind !== "string") {
    throw names.invalid(`the client ${client} asks ${to} without a \`kind\`; requests are { kind: ..., ... }.`);
  }
  try {
    return `${nameOf(to)} ${encode(message)}`;
  } catch (error) {
    throw names.invalid(`the client ${client} asks ${to} what cannot be kept: ${(error as Error).message}`);
  }
}

function contextOf(names: Names, number: number): Context {
  const self = names.nodes[number] as NodeId;
  return Object.freeze({
    self,
    peers: Object.freeze(names.nodes.filter((id) => id !== self)),
    role: (role: string) => names.ofRole(role).map((member) => names.nodes[member] as NodeId),
    rank: (id: NodeId) => names.rank(names.nodeNumber(id)),
    read: () => {
      throw names.invalid(`the node ${nameOf(self)} reads a bag that it does not declare in \`reads\`.`);
    },
  });
}

function checkBags(names: Names, bags: readonly AnyBag[]): void {
  for (const bag of bags) {
    if (bag.active !== true) {
      throw names.invalid(
        `a node reads the bag "${bag.name}", which is an observer; declare the bag with active: true.`,
      );
    }
  }
}

/** The declared monitors, then those that properties bring along; the same one only once. */
function collectMonitors(names: Names, definition: SystemDefinition): readonly AnyMonitor[] {
  const monitors = new Map<string, AnyMonitor>();
  for (const monitor of [
    ...(definition.monitors ?? []),
    ...definition.properties.flatMap((property) => property.monitors),
  ]) {
    const known = monitors.get(monitor.name);
    if (known !== undefined && known !== monitor)
      throw names.invalid(`two monitors are called "${monitor.name}"; rename one.`);
    monitors.set(monitor.name, monitor);
  }
  const properties = new Set<string>();
  for (const { name } of definition.properties) {
    if (properties.has(name)) throw names.invalid(`two properties are called "${name}"; rename one.`);
    properties.add(name);
  }
  return [...monitors.values()];
}

/** Refuses fairness of actions that can never be: it would be taken for granted in vain. */
function checkFairness(names: Names, system: System): void {
  for (const property of system.properties) {
    if (property.kind !== "eventually" && property.kind !== "leads-to") continue;
    const unknown = unknownInFairness(system, property.fairness);
    if (unknown !== undefined) throw names.invalid(`the fairness of "${property.name}" names ${unknown}`);
  }
}

/** Refuses groups that exchange nothing, and participants that would be in two places at once. */
function symmetricGroups(names: Names, groups: NonNullable<SystemDefinition["symmetric"]>): System["symmetric"] {
  const seen = new Set<number>();
  return groups.map((group) => {
    const members = group.map((member) =>
      (typeof member === "string" ? [member] : member).map((name) => names.exact(name)),
    );
    const [first] = members;
    if (first === undefined || first.length === 0 || members.some((member) => member.length !== first.length)) {
      throw names.invalid(
        "`symmetric` has a group whose members are not of the same size; name as many nodes in each.",
      );
    }
    for (const number of members.flat()) {
      if (seen.has(number))
        throw names.invalid(`\`symmetric\` names ${names.participants[number]} twice; name it once.`);
      seen.add(number);
    }
    return members;
  });
}

function compilePartitions(names: Names, partitions: readonly Partition[]): CompiledPartition[] {
  return partitions.map((partition, i) => {
    if (partitions.findIndex(({ name }) => name === partition.name) !== i) {
      throw names.invalid(`two partitions are called "${partition.name}"; rename one.`);
    }
    const links = partition.cuts.map(({ from, to }) => {
      const [source, target] = [names.numbers.get(from), names.numbers.get(to)];
      if (source === undefined || target === undefined) {
        throw names.invalid(
          `the partition ${partition.name} cuts ${from} from ${to}, but one of them is no participant.`,
        );
      }
      return target * names.participants.length + source;
    });
    return { ...partition, links: new Set(links) };
  });
}

/** Unless a scenario says otherwise: any one node may be cut off from all other nodes. */
function isolations(nodes: readonly NodeId[]): Partition[] {
  if (nodes.length < 2) return [];
  return nodes.map((id) =>
    split(
      String(id),
      [id],
      nodes.filter((other) => other !== id),
    ),
  );
}

function named<T>(all: { readonly [name: string]: T } | undefined, id: NodeId): T {
  return (all as { readonly [name: string]: T })[String(id)] as T;
}
