import type { Budget } from "../provenance/effort.js";
import { explainOutput, type Provenance } from "../provenance/explain-output.js";
import { countSets, emptySetOnly, type Family, noSets, smallestSizes } from "../provenance/zdd.js";
import type { Asked } from "./question.js";

/** Why something is so at one place: alternatives, each a set of events; kept as diagrams, not listed. */
export interface Answer {
  readonly status: Provenance<unknown>["status"];
  /** Events that every alternative has. */
  readonly core: readonly number[];
  /** The alternatives, without the core, as a product; undefined when they are not all known. */
  readonly factors: readonly Family[] | undefined;
  /** Alternatives with the core, smallest first: some of them, or one that suffices but may be too large. */
  readonly some: readonly (readonly number[])[];
  /** How many alternatives there are; null when they are not all known. */
  readonly count: bigint | null;
  /** Nodes of diagrams that were made. */
  readonly nodes: number;
}

/** Answers a question exactly, if the budget suffices. */
export function answer(asked: Asked, budget: Partial<Budget>): Answer {
  const provenance = explainOutput(asked.machine, asked.trace, asked.input, { ...asked.options, budget });
  const { status, nodes } = provenance;
  const eventsAt = (positions: readonly number[]): number[] =>
    positions.map((position) => asked.events[position]).filter((event) => event !== undefined);
  const isOfRun = (positions: readonly number[]): boolean =>
    positions.every((position) => asked.events[position] !== undefined);
  const core = eventsAt(provenance.core);
  switch (provenance.status) {
    case "exact": {
      const families = provenance.witnesses.factors.map(({ witnesses }) => ofRun(witnesses, asked.events));
      const smallest = families.flatMap((family) => smallestOf(family));
      const count = families.reduce((product, family) => product * countSets(family), 1n);
      return { status, core, factors: families, some: [[...core, ...smallest]], count, nodes };
    }
    case "partial": {
      const found = provenance.found.filter(isOfRun).map(eventsAt);
      if (found.length > 0) return { status, core, factors: undefined, some: found, count: null, nodes };
      break;
    }
    case "slice-only":
      if (isOfRun(provenance.support)) {
        return { status, core, factors: undefined, some: [eventsAt(provenance.support)], count: null, nodes };
      }
  }
  // All events of the run suffice, whatever else might have come.
  const all = eventsAt(asked.events.map((_, position) => position));
  return { status: "slice-only", core, factors: undefined, some: [all], count: null, nodes };
}

/**
 * A family without the sets that count on what might have come in place of another message, over events. What is closed
 * without such positions holds whatever of them comes.
 */
function ofRun({ zdd, root, order }: Family, events: Asked["events"]): Family {
  const known = new Map<number, number>([
    [noSets, noSets],
    [emptySetOnly, emptySetOnly],
  ]);
  const of = (node: number | undefined): number => known.get(node ?? noSets) ?? noSets;
  for (const node of zdd.under(root)) {
    const level = zdd.level[node] as number;
    const [low, high] = [of(zdd.low[node]), of(zdd.high[node])];
    known.set(node, events[order[level] as number] === undefined ? low : zdd.node(level, low, high));
  }
  return { zdd, root: of(root), order: order.map((position) => events[position] ?? -1) };
}

function smallestOf(family: Family): number[] {
  const { zdd, root, order } = family;
  const { size } = smallestSizes(family);
  const events: number[] = [];
  for (let node = root; node > emptySetOnly;) {
    const [low, high] = [zdd.low[node] as number, zdd.high[node] as number];
    const isLow = (size[low] as number) === (size[node] as number);
    if (!isLow) events.push(order[zdd.level[node] as number] as number);
    node = isLow ? low : high;
  }
  return events;
}

/** The events that some alternative has, the core included. */
export function eventsOf({ core, factors, some }: Answer): Set<number> {
  const events = new Set(core);
  for (const { zdd, root, order } of factors ?? []) {
    for (const node of zdd.under(root)) events.add(order[zdd.level[node] as number] as number);
  }
  if (factors === undefined) for (const one of some) for (const event of one) events.add(event);
  return events;
}

/** Whether some alternative lies within the events for which `has` holds. Linear in the diagrams. */
export function suffices({ core, factors, some }: Answer, has: (event: number) => boolean): boolean {
  if (!core.every(has)) return false;
  if (factors === undefined) return some.some((one) => one.every(has));
  return factors.every((family) => hasWithin(family, has));
}

function hasWithin({ zdd, root, order }: Family, has: (event: number) => boolean): boolean {
  const known = new Map<number, boolean>([
    [noSets, false],
    [emptySetOnly, true],
  ]);
  for (const node of zdd.under(root)) {
    const [low, high] = [zdd.low[node] as number, zdd.high[node] as number];
    const event = order[zdd.level[node] as number] as number;
    known.set(node, known.get(low) === true || (known.get(high) === true && has(event)));
  }
  return known.get(root) === true;
}
