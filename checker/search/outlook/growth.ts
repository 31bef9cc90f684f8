import type { System } from "../../../sim/system.js";
import type { ClientSlot, NodeSlot } from "../../../sim/world.js";
import type { Inbox } from "../../../sim/network.js";
import type { Components } from "../engine/components.js";
import type { Level } from "./levels.js";
import { measure } from "./measures.js";

/** A part of the state that has grown all the time, up to the depth at which the search ended. */
export interface Growth {
  /** Whose: "the state of n1", "what n1 has saved", "the messages to n1", "the progress of client c", "the monitor m". */
  readonly where: string;
  /** The path inside, such as `log.size`; empty for the value itself. */
  readonly field: string;
  /** How large it was at most by three depths. */
  readonly atMost: readonly { readonly depth: number; readonly size: number }[];
}

/** So many values of a component are looked at. */
const sampleMax = 20_000;

/** It has to have grown so often. */
const growthsMin = 8;

/**
 * Finds what keeps growing: the part of a component whose greatest size has grown in each third of the search and still
 * grew in the end, most often of all. A scope whose budgets are merely large looks the same, so this says what grows, and
 * not that it never ends.
 *
 * Linear in the values looked at, of which there are at most 20,000 of a component.
 */
export function growthIn(
  components: Pick<Components, "system"> & { readonly all: readonly { readonly values: readonly unknown[] }[] },
  levels: readonly Level[],
): Growth | undefined {
  const best: Candidate[] = [];
  components.all.forEach(({ values }, component) => {
    for (const part of partsOf(components.system, component)) {
      const found = fastest(values, levels, component, part);
      if (found !== undefined) best.push(found);
    }
  });
  best.sort((a, b) => b.growths - a.growths);
  return best[0]?.growth;
}

interface Candidate {
  readonly growth: Growth;
  readonly growths: number;
}

/** A part of a component that a user has a name for. */
interface Part {
  readonly where: string;
  readonly of: (value: never) => unknown;
}

function partsOf({ nodes, participants, clients, monitors }: System, component: number): readonly Part[] {
  const [inboxes, progress, folds] = [
    nodes.length,
    nodes.length + participants.length,
    nodes.length + participants.length + clients.length,
  ];
  if (component < inboxes) {
    const name = String(nodes[component]?.id);
    return [
      { where: `the state of ${name}`, of: ({ state }: NodeSlot) => state },
      { where: `what ${name} has saved`, of: ({ stable }: NodeSlot) => stable?.value },
    ];
  }
  if (component < progress) {
    const name = String(participants[component - inboxes]);
    const messages = (inbox: Inbox) => inbox.flatMap((queue) => queue.map(({ message }) => message));
    return [{ where: `the messages to ${name}`, of: messages }];
  }
  if (component < folds) {
    const name = String(clients[component - progress]?.id);
    return [
      {
        where: `the progress of client ${name}`,
        of: ({ next, results }: ClientSlot) => ({ operation: next, results }),
      },
    ];
  }
  const monitor = monitors[component - folds];
  return monitor === undefined ? [] : [{ where: `the monitor "${monitor.name}"`, of: (value: never) => value }];
}

function fastest(
  values: readonly unknown[],
  levels: readonly Level[],
  component: number,
  { where, of }: Part,
): Candidate | undefined {
  const sizes = sizesByLevel(values, levels, component, of);
  let best: Candidate | undefined;
  for (const [field, atLevel] of sizes) {
    const growths = growthsOf(atLevel);
    if (growths < growthsMin || growths <= (best?.growths ?? 0)) continue;
    const shown = [1, 2, 3].map((third) => Math.floor((third * levels.length) / 3) - 1);
    const atMost = shown.map((at) => ({ depth: levels[at]?.depth ?? 0, size: atLevel[at] ?? 0 }));
    best = { growth: { where, field, atMost }, growths };
  }
  return best;
}

/** For each path, how large it was at most up to each level. */
function sizesByLevel(
  values: readonly unknown[],
  levels: readonly Level[],
  component: number,
  of: (value: never) => unknown,
): Map<string, Float64Array> {
  const sizes = new Map<string, Float64Array>();
  const perLevel = Math.ceil(sampleMax / levels.length);
  let from = 0;
  levels.forEach((level, at) => {
    const to = level.values[component] ?? 0;
    for (let id = Math.max(from, to - perLevel); id < to; id += 1) {
      measure(of(values[id] as never), (path, size) => {
        let known = sizes.get(path);
        if (known === undefined) sizes.set(path, (known = new Float64Array(levels.length)));
        known[at] = Math.max(known[at] as number, size);
      });
    }
    from = to;
  });
  for (const known of sizes.values()) known.forEach((size, at) => (known[at] = Math.max(size, known[at - 1] ?? 0)));
  return sizes;
}

/** At how many levels it was larger than before; none unless it grew in each third and at one of the last levels. */
function growthsOf(atLevel: Float64Array): number {
  const thirds = [0, 0, 0];
  let last = 0;
  for (let at = 1; at < atLevel.length; at += 1) {
    if ((atLevel[at] as number) <= (atLevel[at - 1] as number)) continue;
    const third = Math.floor((3 * at) / atLevel.length);
    thirds[third] = (thirds[third] as number) + 1;
    last = at;
  }
  const isStill = last >= atLevel.length * 0.9 - 1;
  return isStill && thirds.every((count) => count > 0) ? thirds.reduce((sum, count) => sum + count, 0) : 0;
}
