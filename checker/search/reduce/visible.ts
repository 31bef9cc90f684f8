import type { Components } from "../engine/components.js";
import type { PropertyMemo } from "../engine/property-memo.js";
import type { AlikeClass } from "./alike.js";

/** Thrown when a property reads what it was not known to read, and steps were left out as if it did not. */
export class NewlyVisible extends Error {
  constructor() {
    super("A property reads more than it was known to.");
  }
}

/**
 * Which components each property reads, by all that was seen so far, in this search and in those that were begun before it. A
 * step that is left out because a property does not read what it changes is left out rightly if that stays so to the end:
 * then the property reads the same in the states that were left out, as its reading depends on what it reads alone.
 */
export class Visible {
  private readonly known = new Map<string, Set<number>>();
  /** Of the property memo, when it was looked at last. */
  private revision = -1;
  /** Steps have been left out. */
  isUsed = false;

  of(property: string): ReadonlySet<number> {
    return this.known.get(property) ?? new Set();
  }

  /** Told what properties have read. @throws NewlyVisible when it is too late. */
  see({ open, revision }: PropertyMemo, components: Components, classes: readonly AlikeClass[]): void {
    if (revision === this.revision) return;
    this.revision = revision;
    let isNew = false;
    for (const { property, read } of open) {
      const known = this.known.get(property.name) ?? new Set();
      this.known.set(property.name, known);
      for (const component of read) {
        if (known.has(component)) continue;
        isNew = true;
        for (const alike of likesOf(component, components, classes)) known.add(alike);
      }
    }
    if (isNew && this.isUsed) throw new NewlyVisible();
  }

  /** For a search that begins again. */
  anew(): void {
    this.revision = -1;
    this.isUsed = false;
  }
}

/** What a property reads of one participant, it reads of its likes in other states of the orbit. */
function likesOf(component: number, components: Components, classes: readonly AlikeClass[]): number[] {
  for (const { blocks } of classes) {
    for (const of of [
      (member: number) => components.slotComponent(member),
      (member: number) => components.inboxComponent(member),
    ]) {
      const position = blocks.flat().map(of).indexOf(component);
      if (position < 0) continue;
      const { length } = blocks[0] as readonly number[];
      return blocks.map((block) => of(block[position % length] as number));
    }
  }
  return [component];
}
