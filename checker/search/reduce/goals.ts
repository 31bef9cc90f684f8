import { type AlwaysProperty, isReached, judgeHolds, type SometimesProperty } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import type { Components } from "../engine/components.js";
import { StateTable, type Words } from "../engine/state-table.js";
import { DecisionTree } from "./decision-tree.js";
import type { Future, Futures } from "./futures.js";
import type { Group } from "./persistent-sets.js";

/** So many answers are looked at for one question, before the answer is that all may happen. */
const answersMost = 300;

/** Stands for values of a component that are not known. */
const anything = 0xffffffff;

/** Stand for futures of components that stay as they are, and for those that are not known. */
const unchanged = -1;
const unknown = -2;

/** What is known of one property. */
interface Known {
  readonly tree: DecisionTree;
  /** The components that it has ever read here, and in the table what they may be, with an answer for each row. */
  read: number[];
  table: StateTable;
  row: Words;
  answers: boolean[];
}

/**
 * What a search looks for: that an `always` is broken, that a `sometimes` is reached. Says whether that may happen while a
 * group of participants takes no step; if not, each way there begins, up to order, with a step of theirs (the question-guided
 * stubborn sets of Kristensen, Schmidt and Valmari, 2006).
 */
export class Goals {
  private readonly known = new Map<AlwaysProperty | SometimesProperty, Known>();
  /** By component: the participant whose own state it is, or whose inbox; -1 for others. */
  private readonly ownerOf: readonly number[];
  private readonly isSlot: readonly boolean[];

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly futures: Futures,
  ) {
    const owners = components.all.map(() => -1);
    const slots = components.all.map(() => false);
    system.participants.forEach((_, participant) => {
      owners[components.inboxComponent(participant)] = participant;
      owners[components.slotComponent(participant)] = participant;
      slots[components.slotComponent(participant)] = true;
    });
    [this.ownerOf, this.isSlot] = [owners, slots];
  }

  mayCome(property: AlwaysProperty | SometimesProperty, ids: readonly number[], group: Group): boolean {
    const known = this.knownOf(property);
    const { table, row } = known;
    known.read.forEach((component, i) => (row[i] = this.situationOf(component, ids, group)));
    const { size } = table;
    const at = table.insert(row);
    if (at < size) return known.answers[at] as boolean;
    const { length } = known.read;
    const comes = known.tree.mayBe(
      ids,
      (component) => {
        if (!known.read.includes(component)) known.read.push(component);
        return this.valuesOf(component, ids, group);
      },
      answersMost,
    );
    known.answers[at] = comes;
    // It read more than it ever did: what was known of fewer components is forgotten.
    if (known.read.length > length) this.forget(known);
    return comes;
  }

  private knownOf(property: AlwaysProperty | SometimesProperty): Known {
    const known = this.known.get(property);
    if (known !== undefined) return known;
    const tree = new DecisionTree((ids, onRead) => this.isGoal(property, ids, onRead));
    const made: Known = { tree, read: [], table: new StateTable(0), row: new Uint32Array(0), answers: [] };
    this.known.set(property, made);
    return made;
  }

  private forget(known: Known): void {
    known.table = new StateTable(known.read.length);
    known.row = new Uint32Array(known.read.length);
    known.answers = [];
  }

  private isGoal(
    property: AlwaysProperty | SometimesProperty,
    ids: readonly number[],
    onRead: (component: number) => void,
  ): boolean {
    const view = new View(this.system, this.components.worldOf(ids), onRead);
    try {
      return property.kind === "always" ? judgeHolds(property, view) !== undefined : isReached(property, view);
    } catch (error) {
      if (error instanceof NodeFailure) return true;
      throw error;
    }
  }

  /** A number for the values that a component may come to have: the same for the same. */
  private situationOf(component: number, ids: readonly number[], group: Group): number {
    const future = this.futureOf(component, group);
    if (future === unchanged) return 2 * (ids[component] as number);
    return future === unknown ? anything : 2 * this.futures.slotSetOf(future) + 1;
  }

  /** The ids that a component may come to have; undefined when that is not known. */
  private valuesOf(component: number, ids: readonly number[], group: Group): readonly number[] | undefined {
    const future = this.futureOf(component, group);
    if (future === unchanged) return [ids[component] as number];
    return future === unknown ? undefined : (this.futures.all[future] as Future).slots;
  }

  /** The number of the future that says what a component may come to be; or that it stays as it is, or that it is not known. */
  private futureOf(component: number, group: Group): number {
    const owner = this.ownerOf[component] as number;
    if (owner < 0) {
      // Faults without limit stay as they are; a monitor, unless it sees something.
      const stays = component === this.components.faultsComponent || !(group.hasMail || this.isSeen(group));
      return stays ? unchanged : unknown;
    }
    if (group.members[owner] === 1) return group.getsMail[owner] === 1 ? unknown : unchanged;
    return this.isSlot[component] === true ? (group.outside[owner] as number) : unknown;
  }

  /** Whether monitors may see something of what happens outside the group. */
  isSeen({ members, outside }: Group): boolean {
    for (let other = 0; other < members.length; other += 1) {
      if (members[other] === 0 && this.futures.all[outside[other] as number]?.isSeen === true) return true;
    }
    return false;
  }
}
