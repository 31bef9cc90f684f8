import { InvalidScenario } from "../invalid-scenario.js";
import { nearest } from "../nearest.js";
import type { LinkOrder } from "../network.js";
import type { SystemDefinition } from "../scenario.js";
import { isFields, shown } from "../shown.js";
import { encode } from "../value.js";
import { propertyProblems } from "./property-shapes.js";

/**
 * Refuses parts of a definition of another shape than theirs: a scenario is loaded without a look at its types, and an order
 * of links that is none must not pass for one.
 *
 * @throws InvalidScenario with the first such part, and how it is written.
 */
export function checkShapes(scenario: string, definition: SystemDefinition): void {
  const parts = definition as unknown as Parts;
  for (const problems of [nodeProblems, linkProblems, faultProblems, clientProblems, monitorProblems, otherProblems]) {
    for (const problem of problems(parts)) throw new InvalidScenario(scenario, problem);
  }
  for (const problem of propertyProblems(parts.properties as readonly Fields[])) {
    throw new InvalidScenario(scenario, problem);
  }
}

type Fields = { readonly [name: string]: unknown };
type Parts = { readonly [part in keyof SystemDefinition]?: unknown };

function* nodeProblems({ nodes, initial }: Parts): Iterable<string> {
  for (const [name, node] of Object.entries(nodes as Fields)) {
    if (!isFields(node)) continue; // Told when names are given.
    for (const part of ["onMessage", "onTimer", "onChoice"]) {
      const handlers = node[part];
      if (handlers === undefined) continue;
      if (!isFields(handlers)) yield `${part} of the node ${name} is ${shown(handlers)}; give handlers by name.`;
      else yield* notFunctions(`of the node ${name}`, handlers, Object.keys(handlers), `${part}.`);
    }
    yield* notFunctions(`of the node ${name}`, node, ["recover", "provenance"]);
    const { reads } = node;
    if (reads !== undefined && !isListOf(reads, isFields)) {
      yield `the node ${name} reads ${shown(reads)}; give \`reads\` a list of bags, made with defineBag.`;
    }
  }
  if (initial === undefined) return;
  if (!isFields(initial)) return yield `\`initial\` is ${shown(initial)}; give lists of messages, by node.`;
  for (const [name, messages] of Object.entries(initial)) {
    if (isListOf(messages, isMessage)) continue;
    yield `the initial data of ${name} is ${shown(messages)}; give a list of messages { kind: ..., ... }.`;
  }
}

function* linkProblems({ links }: Parts): Iterable<string> {
  if (links === undefined) return;
  if (typeof links === "string") return yield* orderProblems(links);
  if (!isFields(links) || !Array.isArray(links.except)) {
    return yield `\`links\` is ${shown(links)}; give an order, or { order, except: [{ between: [a, b], order }] }.`;
  }
  yield* orderProblems(links.order);
  for (const exception of links.except as readonly unknown[]) {
    if (isFields(exception) && isListOf(exception.between, isText) && exception.between.length === 2) {
      yield* orderProblems(exception.order);
    } else yield `\`links\` has the exception ${shown(exception)}; write { between: [a, b], order }.`;
  }
}

const orders: readonly LinkOrder[] = ["fifo", "any", "set"];

function* orderProblems(order: unknown): Iterable<string> {
  if ((orders as readonly unknown[]).includes(order)) return;
  const hint = typeof order === "string" ? nearest(order.toLowerCase(), orders) : undefined;
  yield `the order of a link is ${shown(order)}${hint === undefined ? "." : `; did you mean ${hint}?`} There are ${orders.join(", ")}.`;
}

function* faultProblems({ faults, partitions, errors }: Parts): Iterable<string> {
  if (faults !== undefined && !isFields(faults))
    yield `\`faults\` is ${shown(faults)}; give budgets, as in { drop: 1 }.`;
  const isPartition = (one: unknown): boolean =>
    isFields(one) && isText(one.name) && one.name !== "" && isListOf(one.cuts, isFields);
  if (partitions !== undefined && !isListOf(partitions, isPartition)) {
    yield "`partitions` must be a list of { name, cuts: [{ from, to }] }; split(name, group, others) makes one.";
  }
  if (errors === undefined) return;
  if (!Array.isArray(errors)) return yield `\`errors\` is ${shown(errors)}; give a list of { role, kinds, reply }.`;
  for (const boundary of errors as readonly unknown[]) {
    if (
      !isFields(boundary) ||
      !isText(boundary.role) ||
      !isListOf(boundary.kinds, isText) ||
      !isMessage(boundary.reply)
    ) {
      yield "`errors` has a boundary that is none; write { role, kinds: [kind, ...], reply: { kind: ..., ... } }.";
    } else yield* unkept(`the reply of the boundary at ${boundary.role}`, boundary.reply);
  }
}

function* clientProblems({ workload }: Parts): Iterable<string> {
  if (workload === undefined) return;
  if (!isFields(workload)) return yield `\`workload\` is ${shown(workload)}; give what clients do, by name.`;
  for (const [name, client] of Object.entries(workload)) {
    const does = isFields(client) ? client : {};
    if (does.kind === "list" && isListOf(does.operations, isFields)) continue;
    if (does.kind === "next" && typeof does.next === "function") continue;
    if (does.kind === "any" && isListOf(does.options, isFields)) {
      const { budget } = does;
      if (Number.isSafeInteger(budget) && (budget as number) >= 0) continue;
      yield `the client ${name} has the budget ${shown(budget)}; give anyOf a whole number from 0, as { budget: 2 }.`;
    }
    yield (
      `the client ${name} does ${shown(client)} that is no workload; make it with inOrder(operation, ...), ` +
      "anyOf([operation, ...], { budget }) or following((results) => ...)."
    );
  }
}

function* monitorProblems({ monitors, properties }: Parts): Iterable<string> {
  for (const [owner, list] of [
    ["`monitors`", monitors] as const,
    ...(properties as readonly Fields[]).map((one) => [`the property "${String(one.name)}"`, one.monitors] as const),
  ]) {
    if (list === undefined) continue;
    const isMonitor = (one: unknown): one is Fields =>
      isFields(one) && isText(one.name) && typeof one.on === "function";
    if (!isListOf(list, isMonitor)) {
      yield `${owner} must have a list of monitors; make each with defineMonitor({ name, start, on }).`;
    } else {
      for (const { name, start } of list) yield* unkept(`the start of the monitor "${String(name)}"`, start);
    }
  }
}

function* otherProblems({ symmetric, score, timing }: Parts): Iterable<string> {
  const isMember = (one: unknown): boolean => isText(one) || isListOf(one, isText);
  if (symmetric !== undefined && !isListOf(symmetric, (group) => isListOf(group, isMember))) {
    yield `\`symmetric\` must be a list of groups of names, as in [["a", "b"], [["c", "d"], ["e", "f"]]].`;
  }
  yield* notFunctions("of the definition", { score }, ["score"]);
  if (timing === undefined) return;
  if (!isFields(timing))
    return yield `\`timing\` is ${shown(timing)}; give { latency: [least, most], think: [least, most] }.`;
  for (const [name, range] of Object.entries(timing)) {
    if (name !== "latency" && name !== "think")
      yield `\`timing\` has ${name}, which nothing reads; there are latency, think.`;
    const isTicks = (one: unknown): one is number => Number.isSafeInteger(one) && (one as number) >= 0;
    if (isListOf(range, isTicks) && range.length === 2 && (range[0] as number) <= (range[1] as number)) continue;
    yield `\`timing\` has the ${name} ${shown(range)}; give [least, most] in whole ticks.`;
  }
}

function* notFunctions(owner: string, parts: Fields, names: readonly string[], prefix = ""): Iterable<string> {
  for (const name of names) {
    const part = parts[name];
    if (part === undefined || typeof part === "function") continue;
    yield `${prefix}${name} ${owner} is ${shown(part)}; give a function.`;
  }
}

function* unkept(what: string, value: unknown): Iterable<string> {
  try {
    encode(value);
  } catch (error) {
    yield `${what} cannot be kept: ${(error as Error).message}`;
  }
}

function isText(found: unknown): found is string {
  return typeof found === "string";
}

function isMessage(found: unknown): boolean {
  return isFields(found) && isText(found.kind);
}

function isListOf<T>(found: unknown, isOne: (one: unknown) => one is T): found is readonly T[];
function isListOf(found: unknown, isOne: (one: unknown) => boolean): found is readonly unknown[];
function isListOf(found: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(found) && found.every(isOne);
}
