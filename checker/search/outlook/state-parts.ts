import type { Inbox } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import type { Value } from "../../../sim/value.js";
import type { ClientSlot, NodeSlot, PendingChoice } from "../../../sim/world.js";
import { covers } from "./covers.js";

/** A part of a component that a user has a name for. */
interface Part {
  readonly where: string;
  readonly of: (value: never) => unknown;
}

/** The parts of a component, by its number as in `Components`. */
export function partsOf(system: System, component: number): readonly Part[] {
  const { inboxes, progress, folds, rest } = placesOf(system);
  const { nodes, participants, clients, monitors } = system;
  if (component < inboxes) {
    const name = String(nodes[component]?.id);
    return [
      { where: `the state of ${name}`, of: ({ state }: NodeSlot) => state },
      { where: `what ${name} has saved`, of: ({ stable }: NodeSlot) => stable?.value },
    ];
  }
  if (component < progress) {
    const name = String(participants[component - inboxes]);
    return [{ where: `the messages to ${name}`, of: messagesOf }];
  }
  if (component < folds) {
    const name = String(clients[component - progress]?.id);
    const of = ({ next, results }: ClientSlot) => ({ operation: next, results });
    return [{ where: `the progress of client ${name}`, of }];
  }
  if (component >= rest) return [];
  return [{ where: `the monitor "${monitors[component - folds]?.name}"`, of: (value: never) => value }];
}

function messagesOf(inbox: Inbox): Value[] {
  return inbox.flatMap((queue) => queue.map(({ message }) => message));
}

/** Whether a component is the same in one state as in another, or larger without anything being used up. */
export function coversComponent(system: System, component: number, more: unknown, less: unknown): boolean {
  const { inboxes, progress, folds, rest } = placesOf(system);
  if (component < inboxes) return coversSlot(more as NodeSlot, less as NodeSlot);
  if (component < progress) {
    const queues = less as Inbox;
    return (more as Inbox).every((queue, from) => covers(inFlight(queue), inFlight(queues[from] ?? [])));
  }
  if (component < folds) {
    // A list, or a number of operations, comes to its end.
    if (system.clients[component - progress]?.workload.kind !== "next") return false;
    const [one, other] = [more as ClientSlot, less as ClientSlot];
    return one.next >= other.next && covers(one.open, other.open) && covers(one.results, other.results);
  }
  // Budgets are only ever used up.
  return component < rest && covers(more as Value, less as Value);
}

function coversSlot(more: NodeSlot, less: NodeSlot): boolean {
  return (
    more.up === less.up &&
    more.bags === less.bags &&
    covers(more.state, less.state) &&
    covers(more.stable?.value, less.stable?.value) &&
    covers(more.unflushed?.value, less.unflushed?.value) &&
    covers(
      more.timers.map(({ name }) => name),
      less.timers.map(({ name }) => name),
    ) &&
    covers(more.pending.map(offered), less.pending.map(offered))
  );
}

function offered({ label, options }: PendingChoice): Value {
  return [label, options.map(({ value }) => value)];
}

function inFlight(queue: Inbox[number]): Value[] {
  return queue.map(({ message, delayed, bags }) => [message, delayed, bags]);
}

/** Where the components of each kind begin: inboxes, the clients' progress, monitors, and what no part names. */
function placesOf({ nodes, participants, clients, monitors }: System) {
  const inboxes = nodes.length;
  const progress = inboxes + participants.length;
  const folds = progress + clients.length;
  return { inboxes, progress, folds, rest: folds + monitors.length };
}
