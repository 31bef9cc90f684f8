import type { System } from "../../../sim/system.js";
import { measure } from "./measures.js";
import { coversComponent, partsOf } from "./state-parts.js";

/** A part of the state that grows all the way to one of the last states of a search, while nothing is used up. */
export interface Growth {
  /** Whose: "the state of n1", "what n1 has saved", "the messages to n1", "the progress of client c", "the monitor m". */
  readonly where: string;
  /** The path inside, such as `log.size`; empty for the value itself. */
  readonly field: string;
  /** How large it was at three depths on the way. */
  readonly sizes: readonly { readonly depth: number; readonly size: number }[];
}

/** A way to a state: for each state on it its component ids and its depth, the initial one having 1. */
export type Way = readonly { readonly depth: number; readonly ids: readonly number[] }[];

/** What components' ids stand for. */
export interface Meaning {
  readonly system: System;
  valueOf(component: number, id: number): unknown;
}

/** It has to have grown so often. */
const growthsMin = 8;

/** So many states back one looks for a state that is the same but for what has grown. */
const roundMax = 64;

/**
 * Finds what keeps growing on a way: a chain of states up to its end, or nearly so, each of which covers the one before
 * (`covers`: all else is the same or has grown too, no budget is used up, no client has come further on its list) while this
 * one part is strictly larger, at least eight times. Where more never keeps anything from happening, a single such step
 * proves that there is no end (Karp and Miller, "Parallel program schemata", 1969; Finkel and Schnoebelen,
 * "Well-structured transition systems everywhere!", 2001). Code may stop at a thousand all the same: this says what grows,
 * and not that it never ends.
 */
export function growthOn(way: Way, meaning: Meaning): Growth | undefined {
  return new Growing(way, meaning).find();
}

/** What is larger in one state than in another. */
interface Larger {
  readonly component: number;
  readonly where: string;
  readonly field: string;
}

class Growing {
  private readonly covered = new Map<string, boolean>();
  private readonly sizes = new Map<string, ReadonlyMap<string, number>>();

  constructor(
    private readonly way: Way,
    private readonly meaning: Meaning,
  ) {}

  find(): Growth | undefined {
    let best: Growth | undefined;
    let growths = growthsMin - 1;
    const tried = new Set<string>();
    const last = this.way.length - 1;
    // What is said to grow still grows in the last tenth.
    for (let end = last; end > 0 && end >= Math.floor(last * 0.9) - 1; end -= 1) {
      for (const before of this.coveredBy(end)) {
        for (const larger of this.largerIn(before, end)) {
          const name = `${larger.where} ${larger.field}`;
          if (tried.has(name)) continue;
          tried.add(name);
          const chain = this.chainTo(end, larger);
          if (chain.length - 1 <= growths) continue;
          growths = chain.length - 1;
          best = this.told(larger, chain);
        }
      }
    }
    return best;
  }

  /** The states that grew one after the other up to this one. */
  private chainTo(end: number, larger: Larger): number[] {
    const chain = [end];
    for (let at: number | undefined = end; at !== undefined;) {
      at = this.coveredBy(at).find((before) => this.sizeOf(before, larger) < this.sizeOf(chain[0] as number, larger));
      if (at !== undefined) chain.unshift(at);
    }
    return chain;
  }

  private told(larger: Larger, chain: readonly number[]): Growth {
    const shown = [1, 2, 3].map((third) => chain[Math.floor((third * chain.length) / 3) - 1] as number);
    const { where, field } = larger;
    const sizes = shown.map((at) => ({ depth: this.way[at]?.depth ?? 0, size: this.sizeOf(at, larger) }));
    return { where, field, sizes };
  }

  /** The states not long before that a state covers, the nearest first. */
  private coveredBy(at: number): number[] {
    const covered: number[] = [];
    for (let before = at - 1; before >= 0 && before >= at - roundMax; before -= 1) {
      if (this.idsAt(at).every((id, component) => this.isCovered(component, this.idsAt(before)[component] ?? -1, id))) {
        covered.push(before);
      }
    }
    return covered;
  }

  private idsAt(at: number): readonly number[] {
    return this.way[at]?.ids ?? [];
  }

  private isCovered(component: number, less: number, more: number): boolean {
    if (less === more) return true;
    const key = `${component} ${less} ${more}`;
    let known = this.covered.get(key);
    if (known === undefined) {
      const { system } = this.meaning;
      const [one, other] = [this.meaning.valueOf(component, less), this.meaning.valueOf(component, more)];
      known = coversComponent(system, component, other, one);
      this.covered.set(key, known);
    }
    return known;
  }

  /** What is larger in one state than in one before. */
  private largerIn(before: number, after: number): Larger[] {
    return this.idsAt(after).flatMap((id, component) => {
      const less = this.idsAt(before)[component] as number;
      if (less === id) return [];
      return partsOf(this.meaning.system, component).flatMap(({ where }, part) => {
        const sizes = this.sizesOf(component, less, part);
        return [...this.sizesOf(component, id, part)]
          .filter(([field, size]) => size > (sizes.get(field) ?? 0))
          .map(([field]) => ({ component, where, field }));
      });
    });
  }

  private sizeOf(at: number, { component, where, field }: Larger): number {
    const part = partsOf(this.meaning.system, component).findIndex((one) => one.where === where);
    return this.sizesOf(component, this.idsAt(at)[component] as number, part).get(field) ?? 0;
  }

  /** For each path within a part of a value, how large it is at most. */
  private sizesOf(component: number, id: number, part: number): ReadonlyMap<string, number> {
    const key = `${component} ${id} ${part}`;
    const known = this.sizes.get(key);
    if (known !== undefined) return known;
    const sizes = new Map<string, number>();
    const value = partsOf(this.meaning.system, component)[part]?.of(this.meaning.valueOf(component, id) as never);
    if (value !== undefined) measure(value, (path, size) => sizes.set(path, Math.max(size, sizes.get(path) ?? 0)));
    this.sizes.set(key, sizes);
    return sizes;
  }
}
