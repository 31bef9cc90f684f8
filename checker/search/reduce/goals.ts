import { type AlwaysProperty, isReached, judgeHolds, type SometimesProperty } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import type { Components } from "../engine/components.js";
import type { Group } from "./persistent-sets.js";

/** So many times a property is evaluated for one answer, before the answer is that all may happen. */
const evaluationsMost = 300;

/**
 * What a search looks for: that an `always` is broken, that a `sometimes` is reached. Says whether that may happen while a
 * group of participants takes no step; if not, each way there begins, up to order, with a step of theirs (the question-guided
 * stubborn sets of Kristensen, Schmidt and Valmari, 2006).
 */
export class Goals {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly system: System,
    private readonly components: Components,
  ) {}

  /** @param read the components that the property is known to read. */
  mayCome(
    property: AlwaysProperty | SometimesProperty,
    read: ReadonlySet<number>,
    ids: readonly number[],
    group: Group,
  ): boolean {
    const key = `${property.name} ${this.situation(read, ids, group)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const seen = new Set(read);
    const comes = this.search(property, ids, group, seen);
    // Under all that it read: where it reads more than was known, the key is another one.
    this.known.set(`${property.name} ${this.situation(seen, ids, group)}`, comes);
    return comes;
  }

  private situation(read: ReadonlySet<number>, ids: readonly number[], group: Group): string {
    return [...read]
      .sort((a, b) => a - b)
      .map((component) => `${component}=${this.valuesOf(component, ids, group)?.join("|") ?? "any"}`)
      .join();
  }

  /** Tries all values that components may have, as far as the property reads them. */
  private search(
    property: AlwaysProperty | SometimesProperty,
    ids: readonly number[],
    group: Group,
    seen: Set<number>,
  ): boolean {
    let left = evaluationsMost;
    const fixed = new Set<number>();
    const tryAll = (assigned: number[]): boolean => {
      left -= 1;
      if (left < 0) return true;
      const reads = new Set<number>();
      if (this.isGoal(property, assigned, reads)) return true;
      for (const component of reads) seen.add(component);
      // The first that it reads and that may be otherwise: which one the rest depends on, as reading goes in order.
      for (const component of reads) {
        if (fixed.has(component)) continue;
        const values = this.valuesOf(component, ids, group);
        if (values === undefined) return true;
        if (values.length < 2) continue;
        fixed.add(component);
        const comes = values.some((value) => tryAll(assigned.map((id, other) => (other === component ? value : id))));
        fixed.delete(component);
        return comes;
      }
      return false;
    };
    return tryAll([...ids]);
  }

  private isGoal(property: AlwaysProperty | SometimesProperty, ids: readonly number[], reads: Set<number>): boolean {
    const view = new View(this.system, this.components.worldOf(ids), (component) => void reads.add(component));
    try {
      return property.kind === "always" ? judgeHolds(property, view) !== undefined : isReached(property, view);
    } catch (error) {
      if (error instanceof NodeFailure) return true;
      throw error;
    }
  }

  /** The ids that a component may come to have; undefined when that is not known. */
  private valuesOf(component: number, ids: readonly number[], group: Group): readonly number[] | undefined {
    const { components, system } = this;
    const here = [ids[component] as number];
    for (let participant = 0; participant < system.participants.length; participant += 1) {
      const isSlot = component === components.slotComponent(participant);
      if (!isSlot && component !== components.inboxComponent(participant)) continue;
      const future = group.outside[participant];
      if (future === undefined) return group.getsMail.has(participant) ? undefined : here;
      return isSlot ? future.slots : undefined;
    }
    if (component === components.faultsComponent) return here;
    // A monitor.
    return group.getsMail.size > 0 || group.outside.some((future) => future?.isSeen === true) ? undefined : here;
  }
}
