import type { InSlices } from "../../pace.js";
import type { Components } from "./components.js";
import type { CountField } from "./counted-inbox.js";
import {
  bitsFor,
  type Field,
  type FieldColumns,
  fieldColumns,
  fits,
  type Layout,
  packFields,
  readField,
  type Wanted,
  writeField,
} from "./layout.js";
import { Move } from "./move.js";
import type { Words } from "./state-table.js";

/** Thrown when an id has outgrown its field: the expansion under way is to be made again after `widen`. */
export const outgrown = Symbol("a field is too narrow");

/** For participants: the interned id of each inbox that was kept as counts. */
export type Interned = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** How component ids are packed into states, widened as ids outgrow their fields. */
export class Packing {
  /** Where the ids of each participant's own state and inbox stand in a state's words. */
  slotFields: FieldColumns;
  inboxFields: FieldColumns;
  private packed: Pick<Layout, "fields" | "width">;
  /** How many ids each component had at the last widening. */
  private sizes: readonly number[];

  constructor(private readonly components: Components) {
    this.sizes = components.all.map(({ size }) => size);
    this.packed = packFields(
      components.all.map(({ size }) => ({ bits: bitsFor(size), isGrowing: true, isFull: false })),
    );
    this.slotFields = this.columnsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.columnsOf((participant) => this.components.inboxComponent(participant));
  }

  get width(): number {
    return this.packed.width;
  }

  get layout(): Layout {
    return { ...this.packed, counts: this.components.counted.map((inbox) => inbox?.fields ?? null) };
  }

  /** Where the components' ids stand; another list after each change. */
  get fields(): readonly Field[] {
    return this.packed.fields;
  }

  field(component: number): Field {
    return this.packed.fields[component] as Field;
  }

  /** The bits of these components in a state's words. */
  maskOf(components: Iterable<number>): Words {
    const mask = new Uint32Array(this.width);
    for (const component of components) {
      const field = this.field(component);
      writeField(mask, 0, field, field.bits === 32 ? 0xffffffff : (1 << field.bits) - 1);
    }
    return mask;
  }

  /** Where the count of a message stands in a state's words; its inbox is kept as counts. */
  countField(participant: number, message: number): Field {
    return within(
      this.field(this.components.inboxComponent(participant)),
      this.components.counted[participant]?.fields[message] as CountField,
    );
  }

  /** Whether every id fits into its field, and every new message has a place. */
  hasRoom(): boolean {
    const { all, counted } = this.components;
    for (let component = 0; component < all.length; component += 1) {
      const size = (all[component] as { readonly size: number }).size;
      if (size > 0 && !fits(this.field(component), size - 1)) return false;
    }
    for (const inbox of counted) if (inbox?.isOutgrown && !inbox.extend()) return false;
    return true;
  }

  /** @throws outgrown when there is no room. */
  checkAll(): void {
    if (!this.hasRoom()) throw outgrown;
  }

  /** The participants whose inboxes are kept as counts and want more room than one may have. */
  overfull(): number[] {
    const { counted } = this.components;
    return [...counted.keys()].filter((participant) => {
      const inbox = counted[participant];
      return inbox !== undefined && inbox.wantedFields() === null;
    });
  }

  /** Makes room for as many ids again in the fields that are full, and for one more where any came about since the last time; gives the old layout. */
  widen(): Layout {
    const { all, counted, system } = this.components;
    const wanted = all.map(({ size }, component): Wanted => {
      // What has grown since the last time is likely to go on.
      const isGrowing = size > (this.sizes[component] as number);
      const count = size < 2 || !isGrowing ? size : fits(this.field(component), size) ? size + 1 : size * 2;
      const bits = bitsFor(count);
      return { bits, isGrowing, isFull: bitsFor(size + 1) > bits };
    });
    const counts = counted.map((inbox) => inbox?.wantedFields() ?? null);
    system.participants.forEach((_, participant) => {
      const bits = counts[participant]?.reduce((sum, field) => sum + field.bits, 0);
      if (bits !== undefined)
        wanted[this.components.inboxComponent(participant)] = { bits, isGrowing: false, isFull: true };
    });
    this.sizes = all.map(({ size }) => size);
    return this.adopt({ ...packFields(wanted), counts });
  }

  /** Packs in this way from now on, as a search did that is taken up again; gives the old layout. */
  adopt({ fields, width, counts }: Layout): Layout {
    const before = this.layout;
    this.packed = { fields, width };
    this.components.counted.forEach((inbox, participant) => {
      inbox?.adopt(counts[participant] ?? null, this.field(this.components.inboxComponent(participant)).bits);
    });
    this.slotFields = this.columnsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.columnsOf((participant) => this.components.inboxComponent(participant));
    return before;
  }

  private columnsOf(component: (participant: number) => number): FieldColumns {
    return fieldColumns(this.components.system.participants.map((_, i) => this.field(component(i))));
  }

  /** Writes a state's words, which begin at `at`. */
  pack(ids: readonly number[], words: Words, at = 0): void {
    const { fields, width } = this.packed;
    words.fill(0, at, at + width);
    for (let component = 0; component < fields.length; component += 1) {
      writeField(words, at, fields[component] as Field, ids[component] as number);
    }
  }

  unpack(words: Words, at: number): number[] {
    return this.packed.fields.map((field) => readField(words, at, field));
  }

  /**
   * Packs the first `size` states of an arena that has an earlier layout anew, into another arena or the same: if they need more
   * words than before, from the last state on, so that none is written where another one waits.
   *
   * @param interned of participants whose inboxes have become interned values since
   */
  *repack(from: Words, size: number, before: Layout, to: Words, interned?: Interned): InSlices<void> {
    const repack = this.repacker(before, interned);
    const words = new Uint32Array(this.width);
    const isWider = this.width > before.width;
    for (let done = 0; done < size; done += 1) {
      if (done % 512 === 511) yield;
      const state = isWider ? size - 1 - done : done;
      repack(from, state * before.width, words);
      for (let word = 0; word < this.width; word += 1) to[state * this.width + word] = words[word] as number;
    }
  }

  /** Packs a state that has an earlier layout, and begins at `base`, anew into words that it is given; see `repack`. */
  repacker(before: Layout, interned: Interned = new Map()): (from: Words, base: number, words: Words) => void {
    const move = this.moveFrom(before, interned);
    return (from, base, words) => {
      words.fill(0);
      move.copy(from, base, words, 0);
      for (const [participant, ids] of interned) {
        const component = this.components.inboxComponent(participant);
        const id = ids.get(readField(from, base, before.fields[component] as Field)) as number;
        writeField(words, 0, this.field(component), id);
      }
    };
  }

  private moveFrom(before: Layout, interned: Interned): Move {
    const { components } = this;
    const move = new Move();
    before.fields.forEach((field, component) => {
      const participant = component - components.inboxComponent(0);
      const counts = before.counts[participant];
      if (interned.has(participant)) return;
      if (counts === undefined || counts === null) move.add(field, this.field(component));
      else counts.forEach((count, message) => move.add(within(field, count), this.countField(participant, message)));
    });
    return move;
  }
}

/** The field of a count within that of its inbox. */
function within(inbox: Field, { shift, bits }: CountField): Field {
  return { word: inbox.word, shift: inbox.shift + shift, bits };
}
