import type { System } from "../../../sim/system.js";
import type { Components } from "../engine/components.js";
import type { AlikeClass } from "./alike.js";
import { Colours } from "./colours.js";
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
  private readonly colours: Colours;
  /** All blocks of all classes; those of one class are neighbours. */
  private readonly blocks: readonly Block[];
  private readonly classOf: readonly number[];
  private readonly exchanges: (readonly [exchange: Permutation, moved: number])[] = [];
  private readonly permutation: number[];
  /** The least state so far, if there is one; and room for another. */
  private least: number[] = [];
  private other: number[] = [];
  private hasLeast = false;

  constructor(
    private readonly system: System,
    components: Components,
    private readonly classes: readonly AlikeClass[],
  ) {
    this.blocks = classes.flatMap(({ blocks }) => blocks);
    this.classOf = classes.flatMap(({ blocks }, number) => blocks.map(() => number));
    this.permutation = system.participants.map((_, participant) => participant);
    const alike = this.blocks.flat().sort((a, b) => a - b);
    this.images = new Images(system, components, alike);
    this.colours = new Colours(system, components, classes);
  }

  /** The component ids of the canonical state. The array is not to be kept. */
  of(ids: readonly number[]): readonly number[] {
    this.hasLeast = false;
    this.order(ids, this.colours.of(ids));
    return this.least;
  }

  private order(ids: readonly number[], colours: readonly number[]): void {
    const cell = this.firstCell(ids, colours);
    if (cell === undefined) return this.compare(ids, colours);
    for (const block of cell) {
      this.order(ids, this.colours.setApart(ids, colours, block));
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

function isLess(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] !== other[i]) return (one[i] as number) < (other[i] as number);
  }
  return false;
}
