import type { Budget } from "../provenance/effort.js";
import { explainOutput, type Provenance } from "../provenance/explain-output.js";
import type { Family } from "../provenance/zdd.js";
import { emptySetOnly, noSets } from "../provenance/zdd.js";
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

export function answer(asked: Asked, budget: Partial<Budget>): Answer {
  const provenance = explainOutput(asked.machine, asked.trace, asked.input, { ...asked.options, budget });
  const eventAt = (position: number): number => asked.events[position] as number;
  const { status, nodes } = provenance;
  const core = provenance.core.map(eventAt);
  switch (provenance.status) {
    case "exact": {
      const { witnesses } = provenance;
      const factors = witnesses.factors.map(({ witnesses: { zdd, root, order } }) => ({
        zdd,
        root,
        order: order.map(eventAt),
      }));
      return { status, core, factors, some: [witnesses.smallest().map(eventAt)], count: witnesses.count, nodes };
    }
    case "partial":
      return {
        status,
        core,
        factors: undefined,
        some: provenance.found.map((one) => one.map(eventAt)),
        count: null,
        nodes,
      };
    case "slice-only":
      return { status, core, factors: undefined, some: [provenance.support.map(eventAt)], count: null, nodes };
  }
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
