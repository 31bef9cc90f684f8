import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import type { Successors } from "../engine/successors.js";
import type { Follower } from "./followers.js";
import { Goals } from "./goals.js";
import { type Group, PersistentSets } from "./persistent-sets.js";
import type { Visible } from "./visible.js";

/** Steps that are enough for now, and how many choices their participants have, those that change nothing included. */
export interface Chosen {
  readonly steps: readonly Follower[];
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

  constructor(
    system: System,
    private readonly successors: Successors,
    private readonly visible: Visible,
  ) {
    const { components, steps } = successors;
    this.persistent = new PersistentSets(system, components, steps);
    this.goals = new Goals(system, components);
  }

  /** Why nothing can be reduced, if so. */
  get problem(): string | undefined {
    return this.persistent.problem;
  }

  /** The fewest steps that are enough for now; undefined when it is all of them. */
  choose(ids: readonly number[], all: readonly Follower[]): Chosen | undefined {
    // Somebody has to move for whom it is no fault, or the group may wait for ever.
    const movable = new Set<number>();
    for (const { isChange, choice, place } of all) if (isChange && !isFault(choice)) movable.add(place);
    if (movable.size < 2) return undefined;
    let best: Chosen | undefined;
    for (const place of movable) {
      const group = this.persistent.around(place, ids);
      if (group === undefined) continue;
      const steps = all.filter((step) => group.members.has(step.place));
      if (steps.length >= (best?.steps.length ?? all.length) || !this.mayGoFirst(ids, steps, group)) continue;
      best = { steps, choices: group.choices };
      if (steps.length === 1) break;
    }
    if (best !== undefined) this.visible.isUsed = true;
    return best;
  }

  private mayGoFirst(ids: readonly number[], steps: readonly Follower[], group: Group): boolean {
    const isSeen = steps.some((step) => step.isSeen);
    // Monitors see everything in one order.
    if (isSeen && (group.getsMail.size > 0 || group.outside.some((future) => future?.isSeen === true))) return false;
    return this.successors.memo.open.every(({ property }) => {
      const read = this.visible.of(property.name);
      const changes = [...read].some((component) => steps.some(({ after }) => after[component] !== ids[component]));
      return !changes || !this.goals.mayCome(property, read, ids, group);
    });
  }
}
