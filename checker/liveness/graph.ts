import type { Choice } from "../../sim/choice.js";
import type { World } from "../../sim/world.js";

/**
 * A finite graph with labelled edges, in compressed rows: the edges of node `n` are those from `offsets[n]` to before
 * `offsets[n + 1]`, each with its `targets` and `labels`. No edge leads from a node to itself: what changes nothing is no step.
 */
export interface Graph {
  readonly size: number;
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly labels: Uint32Array;
}

/** How many edges leave a node. */
export function degreeOf({ offsets }: Graph, node: number): number {
  return (offsets[node + 1] as number) - (offsets[node] as number);
}

/** All states of a system, the initial one being 0, with the choices that lead from one to another. */
export interface StateGraph extends Graph {
  /** The choice that each label stands for; different labels are choices of different names. */
  readonly choices: readonly Choice[];
  /** The id of one component (as in `encodeComponents`) of a state: equal ids, equal content. */
  idOf(state: number, component: number): number;
  worldOf(state: number): World;
}

/** The edges of a state graph while it is built, state by state. */
export class GraphBuilder {
  readonly choices: Choice[] = [];
  /** How many states have all their edges. */
  closed = 0;
  /** How many edges there are so far. */
  edges = 0;
  private offsets: Uint32Array<ArrayBuffer>;
  private targets: Uint32Array<ArrayBuffer>;
  private labels: Uint32Array<ArrayBuffer>;
  private readonly numbers = new Map<string, number>();

  /**
   * @param states about how many there will be, and `edges` likewise: with room for them from the start nothing has to be
   * copied, and memory that is not written to costs nothing.
   */
  constructor({ states, edges }: { readonly states: number; readonly edges: number } = { states: 1024, edges: 4096 }) {
    this.offsets = new Uint32Array(states + 1);
    this.targets = new Uint32Array(edges + 1);
    this.labels = new Uint32Array(edges + 1);
  }

  /** The label of a choice of this name. */
  label(name: string, choice: Choice): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.choices.length);
    return this.choices.push(choice) - 1;
  }

  /** Adds an edge of the state that is open: the first one without all its edges. */
  add(label: number, target: number): void {
    if (this.edges === this.targets.length) {
      this.targets = doubled(this.targets);
      this.labels = doubled(this.labels);
    }
    this.targets[this.edges] = target;
    this.labels[this.edges] = label;
    this.edges += 1;
  }

  /** Closes the state that is open: it has all its edges. */
  close(): void {
    this.closed += 1;
    if (this.closed === this.offsets.length) this.offsets = doubled(this.offsets);
    this.offsets[this.closed] = this.edges;
  }

  graph(): Graph {
    const { closed: size, edges, offsets, targets, labels } = this;
    return {
      size,
      offsets: offsets.subarray(0, size + 1),
      targets: targets.subarray(0, edges),
      labels: labels.subarray(0, edges),
    };
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(array.length * 2);
  copy.set(array);
  return copy;
}
