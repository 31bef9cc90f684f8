import { faultKinds, unlimited } from "../sim/fault.js";
import type { System } from "../sim/system.js";
import { View } from "../sim/view.js";
import type { NodeSlot, World } from "../sim/world.js";
import { messageText } from "./message-text.js";
import { counted } from "./numbers.js";
import type { Paint } from "./paint.js";
import { slotText } from "./state-text.js";

/** A whole world for people, a line for each part: nodes, clients, messages in flight, partitions, and faults that may still happen. */
export function worldText(system: System, world: World, paint: Paint): string[] {
  const view = new View(system, world);
  const named = (name: string, lines: readonly string[]): string[] =>
    lines.map((line) => `${paint.cyan(name)}  ${line}`);
  const clients = view.clients().flatMap(({ id, invoked, open }) => {
    const asked = open === undefined ? "" : `, and waits for the answer to ${messageText(open.message)}`;
    return named(String(id), [`has asked for ${counted(invoked, "operation")}${asked}`]);
  });
  const flying = view.inFlight().map(({ from, to, message }) => `${from} → ${to}  ${messageText(message)}`);
  const faults = faultKinds.flatMap((kind, i) => {
    const left = world.budget[i] ?? 0;
    return left === 0 ? [] : [`${kind}=${left === unlimited ? "any" : left}`];
  });
  return [
    ...system.nodes.flatMap(({ id }, number) => named(String(id), filled(slotText(world.nodes[number] as NodeSlot)))),
    ...clients,
    ...named("in flight", flying),
    ...named("partitioned", world.partitions),
    ...named("faults left", faults.length === 0 ? [] : [faults.join(", ")]),
  ];
}

/** Parts side by side, as many in a line as there is room for. */
function filled(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < lineWidth) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(part);
  }
  return lines;
}

const lineWidth = 110;
