import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import type { AlikeClass } from "./alike.js";
import { mix } from "./digest.js";
import { Digests } from "./digests.js";

/**
 * Colours blocks of alike participants (see `Canonical`): by their own states and inboxes, and by their footprints in others'
 * and in the monitors, refined by the colours of those they know of and are known by. Exchanging places exchanges colours.
 */
export class Colours {
  private readonly digests: Digests;
  /** The class of each block; blocks of one class are neighbours. */
  private readonly classOf: readonly number[];
  /** For each participant, its block, or -1, and its position there. */
  private readonly blockOf: readonly number[];
  private readonly positionOf: readonly number[];
  /** For each component, its owner; -1 for monitors. Faults say nothing of anybody. */
  private readonly seen: readonly (readonly [component: number, owner: number])[];
  /** For each component and id: what it adds to the colours at first, when blocks are told apart by their classes alone. */
  private readonly first: Int32Array[][];
  private readonly firstColours: number[];

  constructor(
    system: System,
    private readonly components: Components,
    classes: readonly AlikeClass[],
  ) {
    this.classOf = classes.flatMap(({ blocks }, number) => blocks.map(() => number));
    const blockOf = system.participants.map(() => -1);
    const positionOf = system.participants.map(() => 0);
    const blocks = classes.flatMap(({ blocks }) => blocks);
    blocks.forEach((block, number) => {
      block.forEach((member, position) => {
        blockOf[member] = number;
        positionOf[member] = position;
      });
    });
    [this.blockOf, this.positionOf] = [blockOf, positionOf];
    this.seen = [
      ...system.participants.flatMap((_, participant) => [
        [components.slotComponent(participant), participant] as const,
        [components.inboxComponent(participant), participant] as const,
      ]),
      ...system.monitors.map((_, monitor) => [components.monitorComponent(monitor), -1] as const),
    ];
    this.first = components.all.map(() => []);
    this.firstColours = this.classOf.map(() => 0);
    this.digests = new Digests(system, components, (id) => {
      const number = system.numberOf(id);
      const block = number === undefined ? -1 : (blockOf[number] as number);
      if (number === undefined || block < 0) return undefined;
      return { number, label: mix(this.classOf[block] as number, positionOf[number] as number) };
    });
  }

  /** The colours of the blocks in a state; not to be kept. */
  of(ids: readonly number[]): readonly number[] {
    return this.refine(ids, this.atFirst(ids));
  }

  /** The colours when one block is told apart from those that have its colour. */
  setApart(ids: readonly number[], colours: readonly number[], block: number): readonly number[] {
    const others = colours.map((colour, other) => (other === block ? mix(colour, 0x2545f491) : colour));
    return this.refine(ids, this.refineOnce(ids, others));
  }

  /** Refines until no blocks are told apart that were not before. */
  private refine(ids: readonly number[], first: number[]): number[] {
    let colours = first;
    for (let count = countOf(colours); count < this.classOf.length;) {
      const next = this.refineOnce(ids, colours);
      const more = countOf(next);
      if (more <= count) return colours;
      [colours, count] = [next, more];
    }
    return colours;
  }

  /** The colours of blocks that are told apart by their classes alone, refined once: sums, of which each part is made once. */
  private atFirst(ids: readonly number[]): number[] {
    const { firstColours: colours, classOf } = this;
    for (let block = 0; block < classOf.length; block += 1) colours[block] = mix(classOf[block] as number, 3);
    for (const [component, owner] of this.seen) {
      const id = ids[component] as number;
      const known = this.first[component] as Int32Array[];
      const part = (known[id] ??= this.firstPart(component, id, owner));
      for (let block = 0; block < part.length; block += 1) {
        colours[block] = ((colours[block] as number) + (part[block] as number)) | 0;
      }
    }
    return colours;
  }

  private firstPart(component: number, id: number, owner: number): Int32Array {
    const part = this.classOf.map(() => 0);
    this.see(component, id, owner, this.classOf, part);
    return Int32Array.from(part);
  }

  private refineOnce(ids: readonly number[], colours: readonly number[]): number[] {
    const next = colours.map((colour) => mix(colour, 3));
    for (const [component, owner] of this.seen) this.see(component, ids[component] as number, owner, colours, next);
    return next;
  }

  /** Adds to the blocks' next colours what one component says of them. */
  private see(component: number, id: number, owner: number, colours: readonly number[], next: number[]): void {
    const { shape, feet } = this.digests.of(component, id);
    const own = owner < 0 ? -1 : (this.blockOf[owner] as number);
    const isSlot = owner >= 0 && component === this.components.slotComponent(owner);
    const position = own < 0 ? component : 2 * (this.positionOf[owner] as number) + Number(isSlot);
    const label = mix(position, own < 0 ? 5 : 7);
    if (own >= 0) next[own] = ((next[own] as number) + mix(label, shape)) | 0;
    for (const [number, foot] of feet) {
      const block = this.blockOf[number] as number;
      const mark = mix(mix(label, foot), this.positionOf[number] as number);
      if (block === own) {
        next[block] = ((next[block] as number) + mix(mark, 11)) | 0;
        continue;
      }
      next[block] = ((next[block] as number) + mix(mark, own < 0 ? 13 : (colours[own] as number))) | 0;
      if (own >= 0) next[own] = ((next[own] as number) + mix(mark, mix(colours[block] as number, 17))) | 0;
    }
  }
}

function countOf(colours: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < colours.length; i += 1) if (colours.indexOf(colours[i] as number) === i) count += 1;
  return count;
}
