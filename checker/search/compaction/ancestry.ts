import { type InSlices, unpaused } from "../../pace.js";
import { enlarged, lazyZeros } from "../engine/room.js";
import type { Words } from "../engine/state-table.js";

/** So many nodes are looked at between two pauses. */
const pieceNodes = 8192;

/** There is room for so many more nodes when room is made. */
const spareNodes = 1024;

/** It grows by so much before what is not needed is given up. */
const growth = 1.15;

const nodesPerWord = 2;

/** Of a node: it is the first child of its parent; it has children; it is still needed. All other bits are its check. */
const firstChild = 2 ** 15;
const hasChildren = 2 ** 14;
const needed = 2 ** 13;
const checkMask = 2 ** 13 - 1;

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
  private nodes: Uint16Array;
  private words: Words;
  private size = 0;
  /** A state's number less its node's, for those that are still to be expanded and those that were expanded lately. */
  private left = 0;
  /** When there are so many nodes, some should be given up. */
  private sizeWanted = 0;
  private lastParent = -1;

  /** @param bytes what it may take in the end */
  constructor(bytes: number) {
    this.words = lazyZeros(spareNodes, bytes / Uint32Array.BYTES_PER_ELEMENT);
    this.nodes = new Uint16Array(this.words.buffer);
  }

  get isTight(): boolean {
    return this.size + spareNodes > this.sizeWanted;
  }

  /** A state was discovered from its parent; the first one's is itself. */
  add(parent: number, check: number): void {
    if (this.size === this.nodes.length) this.lengthen();
    const { nodes, size } = this;
    nodes[size] = checkOf(check);
    this.size = size + 1;
    if (parent === this.lastParent || size === 0) return;
    const node = parent - this.left;
    nodes[node] = (nodes[node] as number) | hasChildren;
    nodes[size] = checkOf(check) | firstChild;
    this.lastParent = parent;
  }

  /** The checks of the states on the way to a state, the initial one left out. */
  wayTo(state: number): number[] {
    const way: number[] = [];
    let next = state - this.left;
    for (let node = this.size - 1, parent = this.parentBefore(this.size); node > 0; node -= 1) {
      if (node === next) {
        way.push(checkOf(this.nodes[node] as number));
        next = parent;
      }
      if (this.is(firstChild, node)) parent = this.parentBefore(parent);
    }
    return way.reverse();
  }

  /** Gives up what does not lead to the states from `first` on. */
  *prune(first: number): InSlices<void> {
    const { nodes, size } = this;
    for (let node = size - 1, parent = this.parentBefore(size); node > 0; node -= 1) {
      if (node % pieceNodes === 0) yield;
      if (node >= first - this.left) nodes[node] = (nodes[node] as number) | needed;
      if (this.is(needed, node)) nodes[parent] = (nodes[parent] as number) | needed;
      if (this.is(firstChild, node)) parent = this.parentBefore(parent);
    }
    let count = 0;
    for (let node = 0, isFirst = 0; node < size; node += 1) {
      if (node % pieceNodes === 0) yield;
      isFirst |= (nodes[node] as number) & firstChild;
      if (node > 0 && !this.is(needed, node)) continue;
      nodes[count] = ((nodes[node] as number) & (hasChildren | checkMask)) | isFirst;
      isFirst = 0;
      count += 1;
    }
    this.left += size - count;
    this.size = count;
    this.sizeWanted = Math.ceil(count * growth) + 4 * spareNodes;
  }

  /** The last node before another that has children. */
  private parentBefore(node: number): number {
    let parent = node - 1;
    while (parent > 0 && !this.is(hasChildren, parent)) parent -= 1;
    return parent;
  }

  private is(flag: number, node: number): boolean {
    return ((this.nodes[node] as number) & flag) !== 0;
  }

  private lengthen(): void {
    this.words = unpaused(enlarged(this.words, Math.ceil(this.size / nodesPerWord)));
    this.nodes = new Uint16Array(this.words.buffer);
  }
}

/** The part of a signature that is kept of it. */
export function checkOf(word: number): number {
  return word & checkMask;
}
