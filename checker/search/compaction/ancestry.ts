import { type InSlices, unpaused } from "../../pace.js";
import { enlarged, lazyZeros } from "../engine/room.js";
import type { Words } from "../engine/state-table.js";

/** So many nodes are looked at between two pauses. */
const pieceNodes = 8192;

/** There is room for so many more nodes when room is made. */
const spareNodes = 1024;

/** It grows by so much before what is not needed is given up. */
const growth = 1.2;

/** Of a node: it is the first child of its parent; it has children. All other bits are its check. */
const firstChild = 2 ** 31;
const hasChildren = 2 ** 30;
const checkMask = 2 ** 30 - 1;

/**
 * Tells from which states those were discovered that are still to be expanded, and so on back to the first state; what led to
 * others is given up, as nobody will ask for it. Of a state it knows a part of its signature: its check. States are given by
 * their numbers in order of discovery.
 */
export class Ancestry {
  /**
   * Nodes in order of discovery, and so of their parents: the parent of the one that is the n-th to be a first child is the n-th
   * of those that have children.
   */
  private nodes: Words;
  private size = 0;
  /** A state's number less its node's, for those that are still to be expanded and those that were expanded lately. */
  private left = 0;
  /** When there are so many nodes, some should be given up. */
  private sizeWanted = 0;
  private lastParent = -1;
  private told = 0;

  /** @param bytes what it may take in the end */
  constructor(bytes: number) {
    this.nodes = lazyZeros(spareNodes, bytes / Uint32Array.BYTES_PER_ELEMENT);
  }

  get isTight(): boolean {
    return this.size + spareNodes > this.sizeWanted;
  }

  /**
   * Begins with the first `size` states of an exact search, given by their parents, those from `first` on being still to be
   * expanded. Says which of them it keeps, whose checks it wants, one after the other (`tell`).
   */
  *adopt(parents: Words, size: number, first: number): InSlices<Uint8Array> {
    this.add(0, 0);
    for (let state = 1; state < size; state += 1) {
      if (state % pieceNodes === 0) yield;
      this.add(parents[state] as number, 0);
    }
    return yield* this.prune(first);
  }

  /** The check of the next of the states that it was begun with. */
  tell(check: number): void {
    this.nodes[this.told] = (this.nodes[this.told] as number) | checkOf(check);
    this.told += 1;
  }

  /** A state was discovered from its parent. */
  add(parent: number, check: number): void {
    if (this.size === this.nodes.length) this.nodes = unpaused(enlarged(this.nodes, this.size));
    const { nodes } = this;
    nodes[this.size] = checkOf(check);
    if (parent !== this.lastParent && this.size > 0) {
      const node = parent - this.left;
      nodes[node] = (nodes[node] as number) | hasChildren;
      nodes[this.size] = checkOf(check) | firstChild;
      this.lastParent = parent;
    }
    this.size += 1;
  }

  /** The checks of the states on the way to a state, the initial one left out. */
  wayTo(state: number): number[] {
    const { nodes } = this;
    const way: number[] = [];
    let next = state - this.left;
    for (let node = this.size - 1, parent = this.parentBefore(this.size); node > 0; node -= 1) {
      if (node === next) {
        way.push(checkOf(nodes[node] as number));
        next = parent;
      }
      if (((nodes[node] as number) & firstChild) !== 0) parent = this.parentBefore(parent);
    }
    return way.reverse();
  }

  /** Gives up what does not lead to the states from `first` on; says which nodes are kept. */
  *prune(first: number): InSlices<Uint8Array> {
    const { nodes, size } = this;
    const kept = new Uint8Array(size).fill(1, first - this.left);
    kept[0] = 1;
    for (let node = size - 1, parent = this.parentBefore(size); node > 0; node -= 1) {
      if (node % pieceNodes === 0) yield;
      if (kept[node] === 1) kept[parent] = 1;
      if (((nodes[node] as number) & firstChild) !== 0) parent = this.parentBefore(parent);
    }
    let count = 0;
    for (let node = 0, isFirst = 0; node < size; node += 1) {
      if (node % pieceNodes === 0) yield;
      isFirst |= (nodes[node] as number) & firstChild;
      if (kept[node] === 0) continue;
      nodes[count] = ((nodes[node] as number) & ~firstChild) | isFirst;
      isFirst = 0;
      count += 1;
    }
    this.left += size - count;
    this.size = count;
    this.sizeWanted = Math.ceil(count * growth) + 4 * spareNodes;
    return kept;
  }

  /** The last node before another that has children. */
  private parentBefore(node: number): number {
    let parent = node - 1;
    while (parent >= 0 && ((this.nodes[parent] as number) & hasChildren) === 0) parent -= 1;
    return parent;
  }
}

/** The part of a signature that is kept of it. */
export function checkOf(word: number): number {
  return word & checkMask;
}
