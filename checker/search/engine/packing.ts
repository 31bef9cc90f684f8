import type { Components } from "./components.js";
import { fits, type Field, type Layout, layoutFor, readField, writeField } from "./layout.js";
import { StateTable, type Words } from "./state-table.js";

/** Thrown when an id has outgrown its field: the expansion under way is to be made again after `widen`. */
export const outgrown = Symbol("a field is too narrow");

/** How component ids are packed into states, widened as ids outgrow their fields. */
export class Packing {
  layout: Layout;

  constructor(private readonly components: Components) {
    this.layout = layoutFor(components.all.map(({ size }) => size));
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

  /** Makes room for all ids there are, and as many again in the fields that are full; gives the old layout. */
  widen(): Layout {
    const before = this.layout;
    const counts = this.components.all.map(({ size }, component) =>
      size > 1 && !fits(this.field(component), size) ? size * 2 : size,
    );
    this.layout = layoutFor(counts);
    return before;
  }

  pack(ids: readonly number[], words: Words): void {
    words.fill(0);
    ids.forEach((id, component) => writeField(words, 0, this.field(component), id));
  }

  unpack(words: Words, at: number): number[] {
    return this.layout.fields.map((field) => readField(words, at, field));
  }

  /** The table of the same states in the present layout, in the same order. */
  repack(table: StateTable, before: Layout): StateTable {
    const packed = new StateTable(this.width, powerOfTwo(table.size));
    const words = new Uint32Array(this.width);
    const pairs = before.fields.map((field, component) => [field, this.field(component)] as const);
    for (let state = 0; state < table.size; state += 1) {
      words.fill(0);
      for (const [from, to] of pairs) writeField(words, 0, to, readField(table.arena, state * before.width, from));
      packed.insert(words);
    }
    return packed;
  }
}

function powerOfTwo(size: number): number {
  return Math.max(1024, 2 ** Math.ceil(Math.log2(size + 1)));
}
