import type { Effort } from "./effort.js";

/** The number of a diagram's node; 0 and 1 are the terminals. A node's children have smaller numbers. */
export type NodeId = number;

/** The level of the terminals, below all variables. */
export const terminalLevel = 0x3fff_ffff;

/** Nodes (level, low, high), each of which exists once, in typed arrays that grow. */
export class NodeTable {
  count = 2;
  level = new Int32Array(1024).fill(terminalLevel, 0, 2);
  low = new Int32Array(1024);
  high = new Int32Array(1024);
  #slots = new Int32Array(2048);

  constructor(readonly effort: Effort) {}

  /** The node with these parts. @throws OutOfBudget when it would be one too many. */
  make(level: number, low: NodeId, high: NodeId): NodeId {
    const mask = this.#slots.length - 1;
    let slot = mix(level, low, high) & mask;
    for (;;) {
      const node = this.#slots[slot] as number;
      if (node === 0) break;
      if (this.level[node] === level && this.low[node] === low && this.high[node] === high) return node;
      slot = (slot + 1) & mask;
    }
    this.effort.node();
    const node = this.count;
    if (node === this.level.length) this.#grow();
    this.level[node] = level;
    this.low[node] = low;
    this.high[node] = high;
    this.count += 1;
    this.#slots[slot] = node;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  #grow(): void {
    this.level = larger(this.level);
    this.low = larger(this.low);
    this.high = larger(this.high);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 2; node < this.count; node += 1) {
      let slot = mix(this.level[node] as number, this.low[node] as number, this.high[node] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }

  /** The nodes under `root`, children first; without terminals. */
  under(root: NodeId): NodeId[] {
    const seen = new Uint8Array(root + 1);
    const nodes: NodeId[] = [];
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node < 2 || seen[node] === 1) continue;
      seen[node] = 1;
      nodes.push(node);
      open.push(this.low[node] as number, this.high[node] as number);
    }
    return nodes.sort((a, b) => a - b);
  }
}

export function larger(array: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}

export function mix(a: number, b: number, c: number): number {
  let sum = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  sum ^= sum >>> 15;
  sum = Math.imul(sum, 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}

/** Results of an operation on two nodes. Forgets old ones when they meet in one slot, which costs time only. */
export class PairCache {
  #a = new Int32Array(4096).fill(-1);
  #b = new Int32Array(4096);
  #result = new Int32Array(4096);
  #stored = 0;

  get(a: NodeId, b: NodeId): NodeId {
    const slot = mix(a, b, 7) & (this.#a.length - 1);
    return this.#a[slot] === a && this.#b[slot] === b ? (this.#result[slot] as number) : -1;
  }

  set(a: NodeId, b: NodeId, result: NodeId): void {
    this.#stored += 1;
    if (this.#stored > this.#a.length * 2 && this.#a.length < 1 << 21) this.#grow();
    const slot = mix(a, b, 7) & (this.#a.length - 1);
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#result[slot] = result;
  }

  #grow(): void {
    const [oldA, oldB, oldResult] = [this.#a, this.#b, this.#result];
    this.#a = new Int32Array(oldA.length * 4).fill(-1);
    this.#b = new Int32Array(oldA.length * 4);
    this.#result = new Int32Array(oldA.length * 4);
    this.#stored = 0;
    for (let i = 0; i < oldA.length; i += 1) {
      if ((oldA[i] as number) >= 0) this.set(oldA[i] as number, oldB[i] as number, oldResult[i] as number);
    }
  }
}
