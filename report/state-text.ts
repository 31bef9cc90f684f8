import { isKeyed, isRecord } from "immutable";
import { encode, type Value } from "../sim/value.js";
import type { NodeSlot } from "../sim/world.js";
import { shorten, valueText } from "./message-text.js";

/** What a step changed on a node, a line for each part of its state and of its surroundings; none when nothing did. */
export function changesText(before: NodeSlot, after: NodeSlot, width = 100): string[] {
  const lines: string[] = [];
  const compare = (name: string, old: string, now: string): void => {
    if (old !== now) lines.push(`${name}: ${shorten(old, width)} → ${shorten(now, width)}`);
  };
  compare("it is", before.up ? "up" : "down", after.up ? "up" : "down");
  const [old, now] = [partsOf(before.state), partsOf(after.state)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    if (textOf(old, name) === textOf(now, name)) continue;
    compare(name, shownPart(old, name), shownPart(now, name));
  }
  compare("saved", savedText(before), savedText(after));
  compare("timers", listText(before.timers.map(({ name }) => name)), listText(after.timers.map(({ name }) => name)));
  compare("may choose", listText(before.pending.map(askedText)), listText(after.pending.map(askedText)));
  return lines;
}

/** A node at one moment, a line for each part of its state and of its surroundings; surroundings without anything are left out. */
export function slotText(slot: NodeSlot, width = 100): string[] {
  const parts = [...partsOf(slot.state)].map(([name, value]) => [name, valueText(value)] as const);
  const around = [
    ["saved", slot.stable === undefined && slot.unflushed === undefined ? "" : savedText(slot)],
    ["timers", slot.timers.map(({ name }) => name).join(", ")],
    ["may choose", slot.pending.map(askedText).join(", ")],
  ] as const;
  const shown = [...(slot.up ? parts : ([["it is", "down"]] as const)), ...around.filter(([, text]) => text !== "")];
  return shown.map(([name, text]) => `${name}: ${shorten(text, width)}`);
}

/** The fields of a Record or object and the entries of a Map; any other state is one part of its own. */
function partsOf(state: Value): ReadonlyMap<string, Value> {
  if (isRecord(state)) return new Map(Object.entries(state.toSeq().toObject()));
  if (isKeyed(state)) return new Map([...state.entries()].map(([key, value]) => [valueText(key), value]));
  const isPlain = typeof state === "object" && state !== null && Object.getPrototypeOf(state) === Object.prototype;
  return isPlain ? new Map(Object.entries(state)) : new Map([["state", state]]);
}

function textOf(parts: ReadonlyMap<string, Value>, name: string): string | undefined {
  return parts.has(name) ? encode(parts.get(name)) : undefined;
}

function shownPart(parts: ReadonlyMap<string, Value>, name: string): string {
  return parts.has(name) ? valueText(parts.get(name)) : "nothing";
}

function savedText({ stable, unflushed }: NodeSlot): string {
  const saved = stable === undefined ? "nothing" : valueText(stable.value);
  return unflushed === undefined ? saved : `${saved}, and ${valueText(unflushed.value)} not flushed yet`;
}

function askedText({ label, options }: NodeSlot["pending"][number]): string {
  return `${label} of ${options.map(({ value }) => valueText(value)).join("|")}`;
}

function listText(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}
