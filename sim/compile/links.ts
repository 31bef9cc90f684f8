import { type FaultBudget, faultKinds, fullBudget } from "../fault.js";
import { nearest } from "../nearest.js";
import type { LinkOrder } from "../network.js";
import type { SystemDefinition } from "../scenario.js";
import type { Names } from "./names.js";

/** The order of each link, as `orders[to][from]`. */
export function linkOrders(names: Names, definition: SystemDefinition): readonly (readonly LinkOrder[])[] {
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
export function checkFaults(
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
