import type { Components } from "./components.js";
import {
  type Field,
  type FieldColumns,
  fieldColumns,
  fits,
  type Layout,
  layoutFor,
  readColumn,
  readField,
  writeField,
} from "./layout.js";
import type { VisitedTable, Words } from "./state-table.js";

/** Thrown when an id has outgrown its field: the expansion under way is to be made again after `widen`. */
export const outgrown = Symbol("a field is too narrow");

/** How component ids are packed into states, widened as ids outgrow their fields. */
export class Packing {
  layout: Layout;
  /** Where the ids of each participant's own state and inbox stand in a state's words. */
  slotFields: FieldColumns;
  inboxFields: FieldColumns;
  /** How many ids each component had at the last widening. */
  private sizes: readonly number[];

  constructor(private readonly components: Components) {
    this.sizes = components.all.map(({ size }) => size);
    this.layout = layoutFor(this.sizes, () => true);
    this.slotFields = this.columnsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.columnsOf((participant) => this.components.inboxComponent(participant));
  }

  get width(): number {
    return this.layout.width;
  }

  field(component: number): Field {
    return this.layout.fields[component] as Field;
  }

  /** @throws outgrown when some id does not fit into its field any more. */
  checkAll(): void {
    const { all } = this.components;
    for (let component = 0; component < all.length; component += 1) {
      const size = (all[component] as { readonly size: number }).size;
      if (size > 0 && !fits(this.field(component), size - 1)) throw outgrown;
    }
  }

  /** Makes room for one more id everywhere, and for as many again in the fields that are full; gives the old layout. */
  widen(): Layout {
    const before = this.layout;
    const counts = this.components.all.map(({ size }, component) =>
      size < 2 ? size : fits(this.field(component), size) ? size + 1 : size * 2,
    );
    const { sizes } = this;
    this.sizes = this.components.all.map(({ size }) => size);
    // What has grown since the last time is likely to go on.
    this.layout = layoutFor(counts, (component) => (this.sizes[component] as number) > (sizes[component] as number));
    this.slotFields = this.columnsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.columnsOf((participant) => this.components.inboxComponent(participant));
    return before;
  }

  /** Packs as a search did that is taken up again; gives the old layout. */
  adopt(layout: Layout): Layout {
    const before = this.layout;
    this.layout = layout;
    this.slotFields = this.columnsOf((participant) => this.components.slotComponent(participant));
    this.inboxFields = this.columnsOf((participant) => this.components.inboxComponent(participant));
    return before;
  }

  private columnsOf(component: (participant: number) => number): FieldColumns {
    return fieldColumns(this.components.system.participants.map((_, i) => this.field(component(i))));
  }

  pack(ids: readonly number[], words: Words): void {
    words.fill(0);
    ids.forEach((id, component) => writeField(words, 0, this.field(component), id));
  }

  unpack(words: Words, at: number): number[] {
    return this.layout.fields.map((field) => readField(words, at, field));
  }

  /** Puts the states of a table that has an earlier layout into an empty one of the present layout, in the same order. */
  repack(table: VisitedTable, before: Layout, packed: VisitedTable): void {
    const changing = before.fields.flatMap(({ bits }, component) => (bits > 0 ? [component] : []));
    const from = fieldColumns(changing.map((component) => before.fields[component] as Field));
    const to = fieldColumns(changing.map((component) => this.field(component)));
    const words = new Uint32Array(repackedTogether * this.width);
    const fresh = new Uint32Array(repackedTogether);
    for (let state = 0; state < table.size;) {
      const count = Math.min(repackedTogether, table.size - state);
      words.fill(0);
      for (let i = 0; i < count; i += 1) {
        const [base, at] = [(state + i) * before.width, i * this.width];
        for (let k = 0; k < changing.length; k += 1) {
          const word = at + (to.words[k] as number);
          const id = readColumn(table.arena, base, from, k);
          words[word] = (words[word] as number) | (id << (to.shifts[k] as number));
        }
      }
      packed.addAll(words, count, fresh);
      state += count;
    }
  }
}

/** How many states are repacked before they are added. */
const repackedTogether = 256;
