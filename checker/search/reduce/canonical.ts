import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import type { AlikeClass } from "./alike.js";
import { mix } from "./digest.js";
import { Digests } from "./digests.js";
import { Images, movedBy } from "./images.js";
import { arrangement, type Block, exchange, type Permutation } from "./permutation.js";

/**
 * Finds the canonical one of all the states that exchanging alike participants makes of a state: equal ones for exactly the
 * states of one orbit.
 *
 * As in canonical labelling of graphs (McKay, "Practical graph isomorphism", 1981): each block of participants gets a colour
 * from its own state, its inbox and its footprint in everybody else's and in the monitors, refined by the colours of those it
 * knows of and is known by. Blocks are put in order of their colours. Blocks of equal colour that can be exchanged without
 * changing the state need no order; where others remain, each of them in turn is made the first of its colour, and of all
 * the states that this comes to the least is taken.
 */
export class Canonical {
  readonly images: Images;
  private readonly digests: Digests;
  /** All blocks of all classes; those of one class are neighbours. */
  private readonly blocks: readonly Block[];
  private readonly classOf: readonly number[];
  /** For each participant, its block, or -1, and its position there. */
  private readonly blockOf: readonly number[];
  private readonly positionOf: readonly number[];
  /** For each component, its owner; -1 for monitors. Faults say nothing of anybody. */
  private readonly seen: readonly (readonly [component: number, owner: number])[];
  /** For each component and id: what it adds to the colours at first, when blocks are told apart by their classes alone. */
  private readonly first: Int32Array[][];
  private readonly exchanges: (readonly [exchange: Permutation, moved: number])[] = [];
  private readonly permutation: number[];
  private readonly colours: number[];
  /** The least state so far, if there is one; and room for another. */
  private least: number[] = [];
  private other: number[] = [];
  private hasLeast = false;

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly classes: readonly AlikeClass[],
  ) {
    this.blocks = classes.flatMap(({ blocks }) => blocks);
    this.classOf = classes.flatMap(({ blocks }, number) => blocks.map(() => number));
    const blockOf = system.participants.map(() => -1);
    const positionOf = system.participants.map(() => 0);
    this.blocks.forEach((block, number) => {
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
    this.colours = this.classOf.map(() => 0);
    this.permutation = system.participants.map((_, participant) => participant);
    const alike = this.blocks.flat().sort((a, b) => a - b);
    this.images = new Images(system, components, alike);
    this.digests = new Digests(system, components, (id) => {
      const number = system.numberOf(id);
      const block = number === undefined ? -1 : (blockOf[number] as number);
      if (number === undefined || block < 0) return undefined;
      return { number, label: mix(this.classOf[block] as number, positionOf[number] as number) };
    });
  }

  /** The component ids of the canonical state. The array is not to be kept. */
  of(ids: readonly number[]): readonly number[] {
    this.hasLeast = false;
    this.order(ids, this.refine(ids, this.firstColours(ids)));
    return this.least;
  }

  private order(ids: readonly number[], colours: readonly number[]): void {
    const cell = this.firstCell(ids, colours);
    if (cell === undefined) return this.compare(ids, colours);
    for (const block of cell) {
      const others = colours.map((colour, other) => (other === block ? mix(colour, 0x2545f491) : colour));
      this.order(ids, this.refine(ids, this.refineOnce(ids, others)));
    }
  }

  /** Refines until no blocks are told apart that were not before. */
  private refine(ids: readonly number[], first: number[]): number[] {
    let colours = first;
    for (let count = countOf(colours); count < this.blocks.length;) {
      const next = this.refineOnce(ids, colours);
      const more = countOf(next);
      if (more <= count) return colours;
      [colours, count] = [next, more];
    }
    return colours;
  }

  /** The colours of blocks that are told apart by their classes alone, refined once: sums, of which each part is made once. */
  private firstColours(ids: readonly number[]): number[] {
    const { colours, classOf } = this;
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
    const part = this.blocks.map(() => 0);
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

  /**
   * Of the first blocks of equal colour that are not all interchangeable, one of each kind; undefined when there are none.
   * First by colour, so that it does not depend on how the blocks are numbered.
   */
  private firstCell(ids: readonly number[], colours: readonly number[]): number[] | undefined {
    let first: number[] | undefined;
    for (let block = 0; block < this.blocks.length; block += 1) {
      const colour = colours[block] as number;
      if (
        colours.indexOf(colour) !== block ||
        (first !== undefined && (colours[first[0] as number] as number) < colour)
      )
        continue;
      const kinds: number[] = [];
      for (let other = block; other < this.blocks.length; other += 1) {
        if (colours[other] !== colour || this.classOf[other] !== this.classOf[block]) continue;
        if (kinds.every((kind) => !this.isInterchangeable(ids, kind, other))) kinds.push(other);
      }
      if (kinds.length > 1) first = kinds;
    }
    return first;
  }

  private isInterchangeable(ids: readonly number[], one: number, other: number): boolean {
    const [permutation, moved] = this.exchangeOf(one, other);
    return this.images.isUnchanged(ids, permutation, moved);
  }

  private exchangeOf(one: number, other: number): readonly [exchange: Permutation, moved: number] {
    const { system, blocks, exchanges } = this;
    const at = one * blocks.length + other;
    const known = exchanges[at];
    if (known !== undefined) return known;
    const permutation = exchange(system.participants.length, blocks[one] as Block, blocks[other] as Block);
    return (exchanges[at] = [permutation, movedBy(permutation)]);
  }

  /** Puts the blocks in order of their colours, and keeps the state that this gives if it is the least so far. */
  private compare(ids: readonly number[], colours: readonly number[]): void {
    const { permutation, other } = this;
    let first = 0;
    for (const { blocks } of this.classes) {
      arrangement(permutation, blocks, orderOf(colours, first, blocks.length));
      first += blocks.length;
    }
    this.images.ofAll(ids, permutation, other);
    if (this.hasLeast && !isLess(other, this.least)) return;
    [this.least, this.other, this.hasLeast] = [other, this.least, true];
  }
}

/** So many neighbours, numbered from 0, in order of their colours. */
function orderOf(colours: readonly number[], first: number, count: number): number[] {
  const order: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const colour = colours[first + i] as number;
    let at = i;
    for (; at > 0 && (colours[first + (order[at - 1] as number)] as number) > colour; at -= 1) {
      order[at] = order[at - 1] as number;
    }
    order[at] = i;
  }
  return order;
}

function countOf(colours: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < colours.length; i += 1) if (colours.indexOf(colours[i] as number) === i) count += 1;
  return count;
}

function isLess(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] !== other[i]) return (one[i] as number) < (other[i] as number);
  }
  return false;
}
