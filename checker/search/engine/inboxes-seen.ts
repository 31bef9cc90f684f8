import type { Inbox } from "../../../sim/network.js";
import type { Level } from "../outlook/levels.js";
import type { Components } from "./components.js";
import { readField } from "./layout.js";
import type { Packing } from "./packing.js";
import type { VisitedTable } from "./state-table.js";

/** What grows is looked for in these. */
export interface ValuesSeen {
  readonly components: {
    readonly system: Components["system"];
    readonly all: readonly { readonly values: unknown[] }[];
  };
  readonly levels: readonly Level[];
}

/** So many states of each depth are looked at. */
const sampleMax = 500;

/**
 * The values of all components and how many there were by each depth. Of inboxes that are or were kept as counts nobody has
 * noted that: they are read again from the states that had been found by then, or from some of them.
 */
export function valuesSeen(
  components: Components,
  packing: Packing,
  { arena, width }: VisitedTable,
  levels: readonly Level[],
): ValuesSeen {
  const all: { readonly values: unknown[] }[] = [...components.all];
  const counts = levels.map(({ values }) => [...values]);
  components.system.orders.forEach((orders, participant) => {
    if (orders.includes("fifo")) return;
    const component = components.inboxComponent(participant);
    const field = packing.field(component);
    const ids = new Set<number>();
    const values: Inbox[] = [];
    let from = 0;
    levels.forEach(({ first }, level) => {
      const every = Math.max(1, Math.ceil((first - from) / sampleMax));
      for (let state = from; state < first; state += every) {
        const id = readField(arena, state * width, field);
        if (ids.has(id)) continue;
        ids.add(id);
        values.push(components.inboxOf(participant, id));
      }
      from = Math.max(from, first);
      (counts[level] as number[])[component] = values.length;
    });
    all[component] = { values };
  });
  return {
    components: { system: components.system, all },
    levels: levels.map((level, i) => ({ ...level, values: counts[i] as number[] })),
  };
}
