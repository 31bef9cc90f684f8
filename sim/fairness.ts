import { nearest } from "./nearest.js";
import type { System } from "./system.js";

/**
 * What a property takes for granted about the scheduler. Actions that are *weakly* fair happen in the end if they stay
 * possible from some moment on; *strongly* fair ones, if they become possible again and again (Lamport, "The temporal logic
 * of actions", 1994, section 5.3). Only steps that change the world count, for being possible as for happening.
 *
 * Faults are never fair unless an action class names them; `weak` is `all` unless given, `strong` is empty.
 */
export interface Fairness {
  readonly weak?: "all" | readonly ActionClass[];
  readonly strong?: "all" | readonly ActionClass[];
}

/**
 * A set of actions, each of which is treated fairly on its own.
 *
 * - `link`: the delivery of each message, told apart by content, from one end to the other; an end is the name or the role
 *   of a node, the name of a client, or `client` for all
 * - `timer`: the firing of a timer, for each node of a role
 * - `choice`: for each node the answering of its pending choice, whichever option is taken
 * - `option`: each option of a choice on its own, as if drawn by a fair coin
 * - `invocation`: for each client its next operation
 * - `healing`: the end of partitions; `recovery`: of each crashed node the recovery, a fault that has a budget
 */
export type ActionClass =
  | { readonly kind: "link"; readonly from: string; readonly to: string }
  | { readonly kind: "timer"; readonly role: string; readonly timer: string }
  | { readonly kind: "choice" | "option"; readonly label: string }
  | { readonly kind: "invocation"; readonly client?: string }
  | { readonly kind: "recovery"; readonly role?: string }
  | { readonly kind: "healing" };

/** What a fairness names that the system does not have, in a sentence; undefined when there is no such thing. */
export function unknownInFairness(system: System, { weak = "all", strong = [] }: Fairness): string | undefined {
  for (const classes of [weak, strong]) {
    if (classes === "all") continue;
    for (const one of classes) {
      const unknown = unknownInClass(system, one);
      if (unknown !== undefined) return unknown;
    }
  }
  return undefined;
}

function unknownInClass(system: System, one: ActionClass): string | undefined {
  const roles = [...new Set(system.nodes.map(({ definition }) => definition.role))];
  const clients = system.clients.map(({ id }) => String(id));
  switch (one.kind) {
    case "link": {
      const ends = [...system.participants.map(String), ...roles, ...(clients.length > 0 ? ["client"] : [])];
      return unless(ends, one.from, "node, role or client") ?? unless(ends, one.to, "node, role or client");
    }
    case "timer": {
      const node = system.nodes.find(({ definition }) => definition.role === one.role);
      if (node === undefined) return unless(roles, one.role, "role");
      return unless(Object.keys(node.definition.onTimer ?? {}), one.timer, `timer of ${one.role}`);
    }
    case "choice":
    case "option": {
      const labels = system.nodes.flatMap(({ definition }) => Object.keys(definition.onChoice ?? {}));
      return unless([...new Set(labels)], one.label, "choice");
    }
    case "invocation":
      return one.client === undefined ? undefined : unless(clients, one.client, "client");
    case "recovery":
      return one.role === undefined ? undefined : unless(roles, one.role, "role");
    case "healing":
      return undefined;
  }
}

function unless(known: readonly string[], name: string, what: string): string | undefined {
  if (known.includes(name)) return undefined;
  const hint = nearest(name, known);
  const there = known.length === 0 ? "There is none." : `There are ${known.join(", ")}.`;
  return `"${name}", which is no ${what}${hint === undefined ? "." : `; did you mean ${hint}?`} ${there}`;
}
