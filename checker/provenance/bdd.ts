import type { Effort } from "./effort.js";
import { type NodeId, NodeTable, PairCache } from "./node-table.js";

/** The constant functions. */
export const never: NodeId = 0;
export const always: NodeId = 1;

/** Reduced ordered binary decision diagrams (Bryant 1986): Boolean functions of which inputs are kept. */
export class Bdd extends NodeTable {
  readonly #ands = new PairCache();
  readonly #ors = new PairCache();
  readonly #nots = new Map<NodeId, NodeId>();

  constructor(effort: Effort) {
    super(effort);
    this.low[1] = 1;
    this.high[1] = 1;
  }

  /** The function that is `low` without the variable and `high` with it; both must lie below its level. */
  node(level: number, low: NodeId, high: NodeId): NodeId {
    return low === high ? low : this.make(level, low, high);
  }

  variable(level: number): NodeId {
    return this.node(level, never, always);
  }

  and(a: NodeId, b: NodeId): NodeId {
    if (a === b || b === always) return a;
    if (a === always) return b;
    if (a === never || b === never) return never;
    if (a > b) return this.and(b, a);
    const known = this.#ands.get(a, b);
    if (known >= 0) return known;
    this.effort.work();
    const [la, lb] = [this.level[a] as number, this.level[b] as number];
    const low = this.and(la <= lb ? (this.low[a] as number) : a, lb <= la ? (this.low[b] as number) : b);
    const high = this.and(la <= lb ? (this.high[a] as number) : a, lb <= la ? (this.high[b] as number) : b);
    const result = this.node(Math.min(la, lb), low, high);
    this.#ands.set(a, b, result);
    return result;
  }

  or(a: NodeId, b: NodeId): NodeId {
    if (a === b || b === never) return a;
    if (a === never) return b;
    if (a === always || b === always) return always;
    if (a > b) return this.or(b, a);
    const known = this.#ors.get(a, b);
    if (known >= 0) return known;
    this.effort.work();
    const [la, lb] = [this.level[a] as number, this.level[b] as number];
    const low = this.or(la <= lb ? (this.low[a] as number) : a, lb <= la ? (this.low[b] as number) : b);
    const high = this.or(la <= lb ? (this.high[a] as number) : a, lb <= la ? (this.high[b] as number) : b);
    const result = this.node(Math.min(la, lb), low, high);
    this.#ors.set(a, b, result);
    return result;
  }

  not(a: NodeId): NodeId {
    if (a < 2) return 1 - a;
    const known = this.#nots.get(a);
    if (known !== undefined) return known;
    const result = this.node(
      this.level[a] as number,
      this.not(this.low[a] as number),
      this.not(this.high[a] as number),
    );
    this.#nots.set(a, result);
    return result;
  }

  /** The sets that lie inside a set of `f`: its down-closure. Can be exponential in theory. */
  down(f: NodeId): NodeId {
    return this.#map(f, (level, low, high) => this.node(level, this.or(low, high), high));
  }

  /** The sets whose complement (among all variables) is in `f`. */
  complements(f: NodeId): NodeId {
    return this.#map(f, (level, low, high) => this.node(level, high, low));
  }

  /** Rebuilds `f` from the terminals up. */
  #map(f: NodeId, rebuild: (level: number, low: NodeId, high: NodeId) => NodeId): NodeId {
    if (f < 2) return f;
    const results = new Int32Array(f + 1);
    results[1] = 1;
    for (const node of this.under(f)) {
      const [low, high] = [results[this.low[node] as number] as number, results[this.high[node] as number] as number];
      results[node] = rebuild(this.level[node] as number, low, high);
    }
    return results[f] as number;
  }
}
