import { type InSlices, unpaused } from "../../pace.js";
import type { System } from "../../../sim/system.js";
import type { CompactionReport } from "../../verdict.js";
import { Compaction } from "../compaction/compaction.js";
import type { Way } from "../outlook/growth.js";
import type { Components } from "./components.js";
import type { Interned, Packing } from "./packing.js";
import { namesOfPath } from "./path.js";
import type { Layout } from "./layout.js";
import { type BytesLeft, enlarged, type Room } from "./room.js";
import { mostStates } from "./roomy-table.js";
import { grown, powerOfTwo, type StateTable, type VisitedTable, type Words } from "./state-table.js";

/** An empty table for tuples of so many words; it may take over the memory of one that is not to be used any more. */
export type EmptyTable<Table extends VisitedTable = VisitedTable> = (width: number, before?: VisitedTable) => Table;

/** There is room for so many more parents when more is made. */
const spareParents = 512;

/** The states that a search has visited, in order of discovery, and for each the one from which it was discovered. */
export class Visited<Table extends VisitedTable = VisitedTable> {
  table: Table;
  /** While all states are packed anew, how many there are: the table takes them in one after the other. */
  private sizeWhilePacked: number | undefined;
  /** Whether somebody has been given the states, and they must stay as they are. */
  private isLent = false;
  /** How it keeps its states since it has been asked to keep less of them. */
  private compacted: Compaction | undefined;

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    private readonly emptyTable: EmptyTable<Table>,
    private parents: Uint32Array = new Uint32Array(1024),
  ) {
    this.table = emptyTable(packing.width);
  }

  get size(): number {
    return this.sizeWhilePacked ?? this.firstWhole + this.table.size;
  }

  /** The number of the first state that is kept as a whole. */
  private get firstWhole(): number {
    return this.compacted?.first ?? 0;
  }

  /** Where the words of a state begin in the table's arena. */
  at(state: number): number {
    return (state - this.firstWhole) * this.table.width;
  }

  /** Adds the first `count` tuples; writes the numbers of those that are new to `fresh`, and says how many there are. */
  discover(tuples: Words, count: number, parents: Uint32Array, fresh: Uint32Array): number {
    const { size } = this.table;
    const found = this.table.addAll(tuples, count, fresh);
    if (this.compacted !== undefined) {
      this.compacted.follow(found, parents, fresh);
      return found;
    }
    while (size + found > this.parents.length) this.parents = unpaused(enlarged(this.parents, size));
    for (let i = 0; i < found; i += 1) this.parents[size + i] = parents[fresh[i] as number] as number;
    return found;
  }

  /** Forgets the states after the first `size`; nothing can be added any more. */
  truncate(size: number): void {
    this.table.truncate(size - this.firstWhole);
  }

  /** Whether it will need more room soon, and had better be given it before anything is added. */
  get isTight(): boolean {
    if (this.compacted !== undefined) return this.compacted.isTight;
    return this.table.isTight === true || this.areParentsShort;
  }

  /** @param next the first state that is still to be expanded */
  moreRoom(bytesLeft: BytesLeft, next: number): Room {
    if (this.compacted !== undefined) return this.compacted.moreRoom(bytesLeft, next);
    const ofTable = this.table.isTight === true ? this.table.moreRoom?.(bytesLeft) : undefined;
    const bytes = this.areParentsShort ? this.size * Uint32Array.BYTES_PER_ELEMENT : 0;
    const most = mostStates(this.size, this.table.width, bytesLeft(bytes));
    return { bytes: bytes + (ofTable?.bytes ?? 0), work: this.makeRoom(most, ofTable) };
  }

  /** A table that has all its room from the beginning goes with such parents. */
  private get areParentsShort(): boolean {
    return this.table.moreRoom !== undefined && this.size + spareParents > this.parents.length;
  }

  private *makeRoom(most: number, ofTable: Room | undefined): InSlices<void> {
    if (ofTable !== undefined) yield* ofTable.work;
    if (this.areParentsShort) this.parents = yield* enlarged(this.parents, this.size, most);
  }

  /** The bytes that it takes at once to pack all states anew. */
  bytesToRelayout(): number {
    const { table, packing } = this;
    const { size } = table;
    const words = this.isInPlace ? Math.max(0, packing.width - table.width) : packing.width;
    return size * words * Uint32Array.BYTES_PER_ELEMENT;
  }

  /** Whether they can be packed anew where they are. */
  private get isInPlace(): boolean {
    const { table, packing } = this;
    if (packing.width !== table.width && table.arena.buffer instanceof SharedArrayBuffer) return false;
    return !this.isLent && table.size * packing.width <= table.arena.length;
  }

  /** Packs all states anew, after `packing` has widened a layout to its present one. */
  *relayout(before: Layout, interned?: Interned): InSlices<void> {
    const { table, packing, isInPlace, compacted } = this;
    const { width } = packing;
    this.sizeWhilePacked = this.size;
    if (compacted === undefined) {
      const arena = isInPlace ? table.arena : new Uint32Array(powerOfTwo(table.size) * width);
      yield* packing.repack(table.arena, table.size, before, arena, interned);
      const packed = width === table.width ? table : this.emptyTable(width, table);
      yield* packed.adopt(arena, table.size);
      this.table = packed;
    } else {
      yield* compacted.relayout(before, isInPlace, interned);
      this.table = compacted.table as VisitedTable as Table;
    }
    this.sizeWhilePacked = undefined;
    this.isLent = false;
  }

  /**
   * Keeps less of its states once they are packed anew the next time, `next` being the first that is still to be expanded. Until
   * then nothing can be looked up.
   *
   * @param bytes what they may take in the end
   */
  compact(next: number, bytes: number): void {
    const { system, components, packing, table, parents } = this;
    this.compacted = new Compaction(system, components, packing, { table, parents, next }, bytes);
    this.sizeWhilePacked = table.size;
    this.table = this.compacted.table as VisitedTable as Table;
    this.parents = new Uint32Array(0);
  }

  /** What is to be said of states that were compared by signatures. */
  get compaction(): CompactionReport | undefined {
    return this.compacted?.report(this.size);
  }

  /** The number of the state at `at`, which is visited from now on. */
  visit(this: Visited<StateTable>, tuples: Words, at: number, parent: number): number {
    const { size } = this.table;
    const state = this.table.insert(tuples, at);
    if (state === size) this.keepParent(state, parent);
    return state;
  }

  /** A state's words; not to be kept. */
  wordsOf(state: number): Words {
    const at = this.at(state);
    return this.table.arena.subarray(at, at + this.table.width);
  }

  private keepParent(state: number, parent: number): void {
    if (state === this.parents.length) this.parents = grown(this.parents);
    this.parents[state] = parent;
  }

  /** The words and parents of the first states. They stay as they are: of memory that is shared, it is a copy. */
  first(size: number): { readonly states: Words; readonly parents: Uint32Array } {
    const { arena, width } = this.table;
    const { parents } = this;
    const end = size * width;
    if (arena.buffer instanceof SharedArrayBuffer)
      return { states: arena.slice(0, end), parents: parents.slice(0, size) };
    this.isLent = true;
    return { states: arena.subarray(0, end), parents: parents.subarray(0, size) };
  }

  /** The names of the choices that lead to a state. */
  pathTo(state: number): string[] {
    if (this.compacted !== undefined) return this.compacted.pathTo(state);
    return namesOfPath(this.system, this.components, this.wayTo(state));
  }

  /** The component ids of the states on the way to a state, the initial one left out. */
  wayTo(state: number): number[][] {
    return this.statesTo(state).map((at) => this.idsOf(at));
  }

  /** The last so many states of the way to a state. */
  endOfWayTo(state: number, states: number): Way {
    const way = [0, ...this.statesTo(state)];
    const from = Math.max(0, way.length - states);
    return way.slice(from).map((at, i) => ({ depth: from + i + 1, ids: this.idsOf(at) }));
  }

  private idsOf(state: number): number[] {
    return this.packing.unpack(this.wordsOf(state), 0);
  }

  /** The states on the way to a state, the initial one left out. */
  private statesTo(state: number): number[] {
    const way: number[] = [];
    for (let at = state; at !== 0; at = this.parents[at] as number) way.push(at);
    return way.reverse();
  }
}
