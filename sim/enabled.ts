import type { Choice, MessageChoice } from "./choice.js";
import { faultNumber, type FaultKind } from "./fault.js";
import { findEqual, type InFlight, type LinkOrder, type Queue, textOf } from "./network.js";
import type { System } from "./system.js";
import { byCodeUnits } from "./value.js";
import { nextOperations } from "./client.js";
import type { NodeSlot, Timer, World } from "./world.js";

/**
 * The choices that can be taken in a world, in canonical order: deliveries by receiver and sender, timers, nodes' choices,
 * flushes, invocations, then what the faults in the budget allow. Equal worlds give equal lists.
 */
export function enabledChoices(system: System, world: World): Choice[] {
  const choices: Choice[] = [];
  forEachQueue(system, world, (queue, order, from, to) => {
    if (!isCut(system, world, from, to)) addDeliveries(choices, queue, order);
  });
  world.nodes.forEach((slot, number) => {
    if (slot.up) addOwn(choices, system, slot, number);
  });
  world.clients.forEach((slot, number) => {
    const client = system.clients[number];
    if (client === undefined) return;
    for (const operation of nextOperations(client, slot)) {
      const listed = client.workload.kind === "any" ? { operation } : {};
      choices.push({ kind: "invoke", client: client.id, index: slot.next, ...listed });
    }
  });
  addFaults(choices, system, world);
  return choices;
}

/** Whether a choice can be taken; without listing all others. Must agree with `enabledChoices`, which a law tests. */
export function allows(system: System, world: World, choice: Choice): boolean {
  switch (choice.kind) {
    case "deliver": {
      const { from, to } = choice.message.envelope;
      const [source, target] = [system.numberOf(from) as number, system.numberOf(to) as number];
      if (isCut(system, world, source, target)) return false;
      const queue = world.network.queue(source, target);
      const position = findEqual(queue, choice.message);
      if (position < 0) return false;
      return choice.message.delayed || world.network.order(source, target) !== "fifo" || isHead(queue, position);
    }
    case "fire": {
      const slot = world.nodes[system.nodeNumber(choice.node)];
      return slot?.up === true && fireable(slot.timers).some((timer) => timer.name === choice.timer);
    }
    default:
      return true;
  }
}

function isHead(queue: Queue, position: number): boolean {
  return queue.findIndex((item) => !item.delayed) === position;
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
export function isCut(system: System, world: World, from: number, to: number): boolean {
  if (world.partitions.length === 0) return false;
  const link = to * system.participants.length + from;
  return system.partitions.some((partition) => world.partitions.includes(partition.name) && partition.links.has(link));
}

export function isLeft(world: World, fault: FaultKind): boolean {
  return world.budget[faultNumber[fault]] !== 0;
}

function forEachQueue(
  system: System,
  world: World,
  visit: (queue: Queue, order: LinkOrder, from: number, to: number) => void,
): void {
  const count = system.participants.length;
  for (let to = 0; to < count; to += 1) {
    for (let from = 0; from < count; from += 1) {
      const queue = world.network.queue(from, to);
      if (queue.length > 0) visit(queue, world.network.order(from, to), from, to);
    }
  }
}

function addDeliveries(choices: Choice[], queue: Queue, order: LinkOrder): void {
  for (const message of offered(queue, order)) choices.push({ kind: "deliver", message });
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

function addFaults(choices: Choice[], system: System, world: World): void {
  const kinds = (["drop", "duplicate", "delay", "error"] as const).filter((kind) => isLeft(world, kind));
  if (kinds.length > 0) {
    forEachQueue(system, world, (queue, order) => {
      for (const message of offered(queue, order)) {
        for (const kind of kinds) {
          const choice = { kind, message };
          if (admits(system, choice, order)) choices.push(choice);
        }
      }
    });
  }
  world.nodes.forEach((slot, number) => {
    const node = system.nodes[number];
    if (node === undefined) return;
    if (slot.up && isLeft(world, "crash")) choices.push({ kind: "crash", node: node.id });
    if (!slot.up && isLeft(world, "recover") && node.definition.recover !== undefined) {
      choices.push({ kind: "recover", node: node.id });
    }
  });
  if (isLeft(world, "partition")) {
    for (const { name } of system.partitions) {
      if (!world.partitions.includes(name)) choices.push({ kind: "partition", name });
    }
  }
  if (world.partitions.length > 0) choices.push({ kind: "heal" });
  if (isLeft(world, "give-up")) {
    world.clients.forEach((slot, number) => {
      const client = system.clients[number];
      if (slot.open !== undefined && client !== undefined) {
        choices.push({ kind: "give-up", client: client.id, index: slot.next - 1 });
      }
    });
  }
}

/** Whether a fault can befall this message on a link of this order. */
function admits(system: System, choice: MessageChoice, order: LinkOrder): boolean {
  const { envelope, delayed } = choice.message;
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
      return order !== "set" && boundaryOf(system, envelope.to, envelope.message.kind) !== undefined;
  }
}

/** The declared boundary at which a request to this node may be answered by an error. */
export function boundaryOf(system: System, to: MessageChoice["message"]["envelope"]["to"], kind: string) {
  const node = system.nodes[system.numberOf(to) ?? -1];
  if (node === undefined) return undefined;
  return system.errors.find((boundary) => boundary.role === node.definition.role && boundary.kinds.includes(kind));
}
