import type { AlwaysProperty, SometimesProperty } from "../../../sim/judge.js";
import type { System } from "../../../sim/system.js";
import type { Field } from "../engine/layout.js";
import type { Words } from "../engine/state-table.js";
import type { Followers } from "./followers.js";
import { Goals } from "./goals.js";
import { type Group, PersistentSets } from "./persistent-sets.js";
import type { Visible } from "./visible.js";

/** Steps that are enough for now, by number, and how many choices their participants have, those that change nothing included. */
export interface Chosen {
  readonly steps: readonly number[];
  readonly choices: number;
}

/**
 * Which steps of a state to take first, and, if one of them leads on, only: those of a persistent set that meet the visibility
 * condition. For each property that is still open, either they change nothing that it reads (Peled, "All from one, one for
 * all", 1993), or it cannot come to be broken, or reached, as long as none of them is taken.
 *
 * With the cycle condition, that one of them leads to a state that is still to be expanded (Bošnački and Holzmann, "Improving
 * Spin's partial-order reduction for breadth-first search", 2005), each state that breaks a property has one among those
 * visited that breaks it too. On a way to it, either one of these steps is taken somewhere, and can be taken first, which
 * makes the way that is left shorter. Or none is; then taking one first changes nothing that matters at the end of the way,
 * and leads to a state that is expanded later, which cannot go on for ever. As the steps of a persistent set stay possible
 * until one of them is taken, states from which nothing but faults leads on are visited as well.
 */
export class Ample {
  private readonly persistent: PersistentSets;
  private readonly goals: Goals;
  /** The properties that are open, and what each reads: at one revision of their memo, in one packing. */
  private questions: readonly { readonly property: AlwaysProperty | SometimesProperty; readonly mask: Words }[] = [];
  private revision = -1;
  private fields: readonly Field[] = [];
  private readonly hasFaults: boolean;

  constructor(
    system: System,
    private readonly followers: Followers,
    private readonly visible: Visible,
  ) {
    const { components, steps } = followers.successors.tables;
    this.persistent = new PersistentSets(system, components, steps);
    this.goals = new Goals(system, components, this.persistent.futures);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
  }

  /** Why nothing can be reduced, if so. */
  get problem(): string | undefined {
    return this.persistent.problem;
  }

  /** The fewest of the listed steps that are enough for now; undefined when it is all of them. */
  choose(ids: readonly number[]): Chosen | undefined {
    const { followers, persistent } = this;
    const { places, counts, count } = followers;
    // Somebody has to move for whom it is no fault, or the group may wait for ever.
    const movable: number[] = [];
    for (let step = 0; step < count; step += 1) {
      const place = places[step] as number;
      if (followers.isProgress(step) && !movable.includes(place)) movable.push(place);
    }
    if (movable.length < 2 || !persistent.begin(ids, counts)) return undefined;
    this.look();
    // Those with few steps first: what has as many as the best so far, or more, is not looked at.
    movable.sort((a, b) => (counts[a] as number) - (counts[b] as number));
    let best: Chosen | undefined;
    let fewest = count;
    for (const place of movable) {
      const group = (counts[place] as number) < fewest ? persistent.around(place, fewest) : undefined;
      if (group === undefined) continue;
      const steps = this.stepsOf(group);
      if (!this.mayGoFirst(ids, steps, group)) continue;
      best = { steps, choices: this.choicesOf(group, ids) };
      fewest = steps.length;
      if (fewest === 1) break;
    }
    if (best !== undefined) this.visible.isUsed = true;
    return best;
  }

  private stepsOf({ members }: Group): number[] {
    const { places, count } = this.followers;
    const steps: number[] = [];
    for (let step = 0; step < count; step += 1) if (members[places[step] as number] === 1) steps.push(step);
    return steps;
  }

  private choicesOf({ members }: Group, ids: readonly number[]): number {
    const { rows, components } = this.followers.successors;
    const faults = ids[components.faultsComponent] as number;
    let choices = 0;
    for (let member = 0; member < members.length; member += 1) {
      if (members[member] === 0) continue;
      const slot = ids[components.slotComponent(member)] as number;
      const inbox = ids[components.inboxComponent(member)] as number;
      choices += rows.totals[rows.regular(member, slot, inbox, faults)] as number;
      if (this.hasFaults) choices += rows.totals[rows.faulty(member, slot, inbox, faults)] as number;
    }
    return choices;
  }

  private mayGoFirst(ids: readonly number[], steps: readonly number[], group: Group): boolean {
    const { followers, goals } = this;
    // Monitors see everything in one order.
    if (steps.some((step) => followers.isSeen(step)) && (group.hasMail || goals.isSeen(group))) return false;
    for (const { property, mask } of this.questions) {
      if (steps.some((step) => followers.touches(step, mask)) && goals.mayCome(property, ids, group)) return false;
    }
    return true;
  }

  /** Sees which properties are open, and what they read. */
  private look(): void {
    const { memo, packing } = this.followers.successors;
    const { revision, fields, visible } = this;
    if (revision === memo.revision && fields === packing.fields) return;
    [this.revision, this.fields] = [memo.revision, packing.fields];
    this.questions = memo.open.map(({ property }) => ({ property, mask: packing.maskOf(visible.of(property.name)) }));
  }
}
