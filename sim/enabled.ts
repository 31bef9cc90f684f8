import type { Choice, MessageChoice } from "./choice.js";
import { faultNumber, type FaultKind } from "./fault.js";
import { type InFlight, type LinkOrder, type Queue, textOf } from "./network.js";
import type { NodeId } from "./node-id.js";
import type { System } from "./system.js";
import { byCodeUnits } from "./value.js";
import { nextOperations } from "./client.js";
import type { NodeSlot, Timer, World } from "./world.js";

/**
 * The choices that can be taken in a world, in canonical order: for each participant in declared order the deliveries to it
 * (by sender, then by content), its timers, choices, flush or invocation; then, in the same order, the faults that the
 * budget allows; then partitions and healing. Equal worlds give equal lists.
 */
export function enabledChoices(system: System, world: World): Choice[] {
  const choices: Choice[] = [];
  const count = system.participants.length;
  for (let participant = 0; participant < count; participant += 1) addRegular(choices, system, world, participant);
  if (world.budget.some((left) => left !== 0)) {
    for (let participant = 0; participant < count; participant += 1) addFaults(choices, system, world, participant);
  }
  addNetworkFaults(choices, system, world);
  return choices;
}

/**
 * The choices of one participant that are no faults. They depend on its own slot, its inbox and the partitions in force
 * alone.
 */
export function addRegular(choices: Choice[], system: System, world: World, participant: number): void {
  for (let from = 0; from < system.participants.length; from += 1) {
    const queue = world.network.queue(from, participant);
    if (queue.length === 0 || isCut(system, world, from, participant)) continue;
    for (const message of offered(queue, world.network.order(from, participant)))
      choices.push({ kind: "deliver", message });
  }
  const slot = world.nodes[participant];
  if (slot !== undefined) {
    if (slot.up) addOwn(choices, system, slot, participant);
    return;
  }
  const number = participant - system.nodes.length;
  const client = system.clients[number];
  const progress = world.clients[number];
  if (client === undefined || progress === undefined) return;
  for (const operation of nextOperations(client, progress)) {
    const listed = client.workload.kind === "any" ? { operation } : {};
    choices.push({ kind: "invoke", client: client.id, index: progress.next, ...listed });
  }
}

/** The timers that may fire: all but those behind an earlier-set one whose delay is not longer. */
export function fireable(timers: readonly Timer[]): readonly Timer[] {
  if (timers.length < 2) return timers;
  let shortest = Number.POSITIVE_INFINITY;
  return timers.filter((timer) => {
    const may = timer.delay < shortest;
    shortest = Math.min(shortest, timer.delay);
    return may;
  });
}

/** Whether a partition in force holds this link's messages back. */
export function isCut(system: System, world: Pick<World, "partitions">, from: number, to: number): boolean {
  if (world.partitions.length === 0) return false;
  const link = to * system.participants.length + from;
  return system.partitions.some((partition) => world.partitions.includes(partition.name) && partition.links.has(link));
}

export function isLeft(world: World, fault: FaultKind): boolean {
  return world.budget[faultNumber[fault]] !== 0;
}

/** The messages of a link that may be next: the head of a queue and what was delayed; on other links all distinct ones. */
function offered(queue: Queue, order: LinkOrder): readonly InFlight[] {
  if (queue.length === 1) return queue;
  if (order !== "fifo") return distinct(queue);
  const head = queue.find((item) => !item.delayed);
  const delayed = distinct(queue.filter((item) => item.delayed));
  return head === undefined ? delayed : [head, ...delayed];
}

/** Each content once, the one sent first, in canonical order. */
function distinct(queue: Queue): InFlight[] {
  const byText = new Map<string, InFlight>();
  for (const item of queue) if (!byText.has(textOf(item))) byText.set(textOf(item), item);
  return [...byText.keys()].sort(byCodeUnits).map((text) => byText.get(text) as InFlight);
}

function addOwn(choices: Choice[], system: System, slot: NodeSlot, number: number): void {
  const node = system.participants[number];
  if (node === undefined) return;
  const names = fireable(slot.timers).map((timer) => timer.name);
  for (const timer of names.sort(byCodeUnits)) choices.push({ kind: "fire", node, timer });
  for (const { label, options } of slot.pending) {
    for (const option of options) choices.push({ kind: "choose", node, label, option: option.value });
  }
  if (slot.unflushed !== undefined) choices.push({ kind: "flush", node });
}

/** The faults that may befall one participant or a message on its way to it: they depend on its slot, inbox and the budget. */
export function addFaults(choices: Choice[], system: System, world: World, participant: number): void {
  const kinds = messageFaults.filter((kind) => isLeft(world, kind));
  for (let from = 0; kinds.length > 0 && from < system.participants.length; from += 1) {
    const queue = world.network.queue(from, participant);
    if (queue.length === 0) continue;
    const order = world.network.order(from, participant);
    for (const message of offered(queue, order)) {
      for (const kind of kinds) {
        const choice = { kind, message };
        if (admits(system, choice, order)) choices.push(choice);
      }
    }
  }
  const node = system.nodes[participant];
  const slot = world.nodes[participant];
  if (node !== undefined && slot !== undefined) {
    if (slot.up && isLeft(world, "crash")) choices.push({ kind: "crash", node: node.id });
    if (!slot.up && isLeft(world, "recover") && node.definition.recover !== undefined) {
      choices.push({ kind: "recover", node: node.id });
    }
    return;
  }
  const client = system.clients[participant - system.nodes.length];
  const progress = world.clients[participant - system.nodes.length];
  if (client !== undefined && progress?.open !== undefined && isLeft(world, "give-up")) {
    choices.push({ kind: "give-up", client: client.id, index: progress.next - 1 });
  }
}

const messageFaults = ["drop", "duplicate", "delay", "error"] as const;

/** Partitions and healing: they depend on the budget and the partitions in force alone. */
export function addNetworkFaults(choices: Choice[], system: System, world: World): void {
  if (isLeft(world, "partition")) {
    for (const { name } of system.partitions) {
      if (!world.partitions.includes(name)) choices.push({ kind: "partition", name });
    }
  }
  if (world.partitions.length > 0) choices.push({ kind: "heal" });
}

/** Whether a fault can befall this message on a link of this order. */
function admits(system: System, choice: MessageChoice, order: LinkOrder): boolean {
  const { to, message, delayed } = choice.message;
  switch (choice.kind) {
    case "deliver":
      return true;
    case "drop":
      return order !== "set";
    case "duplicate":
      return order !== "set" && !delayed;
    case "delay":
      return order === "fifo" && !delayed;
    case "error":
      return order !== "set" && boundaryOf(system, to, message.kind) !== undefined;
  }
}

/** The declared boundary at which a request to this node may be answered by an error. */
export function boundaryOf(system: System, to: NodeId, kind: string) {
  if (system.errors.length === 0) return undefined;
  const node = system.nodes[system.numberOf(to) ?? -1];
  if (node === undefined) return undefined;
  return system.errors.find((boundary) => boundary.role === node.definition.role && boundary.kinds.includes(kind));
}
