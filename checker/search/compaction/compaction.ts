import type { System } from "../../../sim/system.js";
import type { World } from "../../../sim/world.js";
import type { InSlices } from "../../pace.js";
import type { CompactionReport } from "../../verdict.js";
import type { Components } from "../engine/components.js";
import { fits, type Layout } from "../engine/layout.js";
import type { Interned, Packing } from "../engine/packing.js";
import { type BytesLeft, lazyZeros, type Room } from "../engine/room.js";
import type { VisitedTable, Words } from "../engine/state-table.js";
import { Ancestry, checkOf } from "./ancestry.js";
import { omissionProbability } from "./omission.js";
import { pathThrough } from "./path-through.js";
import { SignatureSet } from "./signature-set.js";
import { SignatureTable } from "./signature-table.js";
import { StateHash } from "./state-hash.js";

/** So many states are taken over between two pauses. */
const pieceStates = 512;

/** So many times as many signatures will be there soon. */
const growth = 1.1;

/** The states of an exact search, which are to be taken over. */
export interface Exact {
  readonly table: VisitedTable;
  /** For each state the one from which it was discovered. */
  readonly parents: Words;
  /** The first that is still to be expanded. */
  readonly next: number;
}

/**
 * What a breadth-first search goes on with when it has no room for its states any more: of each a signature; and whole those alone
 * that are still to be expanded, with the ways to them. States keep their numbers.
 */
export class Compaction {
  table: SignatureTable;
  /** The number of the first state in the table's arena. */
  first = 0;
  private readonly hash: StateHash;
  private readonly set: SignatureSet;
  private readonly ancestry: Ancestry;
  /** Until they are taken over. */
  private exact: Exact | undefined;

  /** @param bytes what it may take in the end */
  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
    exact: Exact,
    private readonly bytes: number,
  ) {
    const { width, arena, size } = exact.table;
    this.hash = new StateHash(components, packing);
    this.set = new SignatureSet(size * growth, bytes);
    this.ancestry = new Ancestry(bytes);
    this.table = new SignatureTable(this.hash, this.set, width, arena, size);
    this.exact = { ...exact, table: this.table };
  }

  /** Packs the states anew that are kept whole; the first time, takes over all of the exact search. */
  *relayout(before: Layout, isInPlace: boolean, interned?: Interned): InSlices<void> {
    const { packing, table, exact } = this;
    const size = table.size - (exact?.next ?? 0);
    // What is kept of the exact search's is moved towards the front, and must not go past what waits.
    const fits = isInPlace && (exact === undefined || size * packing.width <= table.size * table.width);
    const arena = fits ? table.arena : lazyZeros(size * packing.width, this.bytes / Uint32Array.BYTES_PER_ELEMENT);
    this.hash.relayout();
    if (exact === undefined) yield* packing.repack(table.arena, size, before, arena, interned);
    else yield* this.takeOver(exact, packing.repacker(before, interned), arena);
    this.table = table.over(packing.width, arena, size);
  }

  private *takeOver({ table, parents, next }: Exact, repack: Repack, arena: Words): InSlices<void> {
    const { hash, set, ancestry, packing } = this;
    const words = new Uint32Array(packing.width);
    const [upper, lower] = [new Int32Array(1), new Int32Array(1)];
    for (let state = 0; state < table.size; state += 1) {
      if (state % pieceStates === 0) yield;
      repack(table.arena, state * table.width, words);
      hash.hash(words, 1, upper, lower);
      set.add(upper[0] as number, lower[0] as number);
      ancestry.add(parents[state] as number, lower[0] as number);
      if (state >= next) arena.set(words, (state - next) * packing.width);
    }
    this.first = next;
    this.exact = undefined;
    yield* ancestry.prune(next);
  }

  /** Notes from where the states come that were found last: the first `found` of a batch's places in `fresh`. */
  follow(found: number, parents: Words, fresh: Words): void {
    const { ancestry, table } = this;
    for (let i = 0; i < found; i += 1) ancestry.add(parents[fresh[i] as number] as number, table.checks[i] as number);
  }

  get isTight(): boolean {
    return this.set.isTight || this.table.isFull || this.ancestry.isTight;
  }

  /** Makes room, `next` being the first state that is still to be expanded. */
  moreRoom(bytesLeft: BytesLeft, next: number): Room {
    const ofSet = this.set.isTight ? this.set.moreRoom(bytesLeft) : undefined;
    return { bytes: ofSet?.bytes ?? 0, work: this.makeRoom(next, ofSet) };
  }

  private *makeRoom(next: number, ofSet: Room | undefined): InSlices<void> {
    if (this.ancestry.isTight) yield* this.ancestry.prune(next);
    if (this.table.isFull) {
      this.table.drop(next - this.first);
      this.first = next;
    }
    if (ofSet !== undefined) yield* ofSet.work;
  }

  /** The names of the choices that lead to a state that is still to be expanded, or has been a moment ago. */
  pathTo(state: number): string[] {
    const { components, packing, hash } = this;
    const { arena } = this.table;
    const at = (state - this.first) * packing.width;
    const words = new Uint32Array(packing.width);
    const [upper, lower] = [new Int32Array(1), new Int32Array(1)];
    const isAt = (world: World, check: number, isLast: boolean): boolean => {
      const ids = components.idsOf(world);
      if (!ids.every((id, component) => id >= 0 && fits(packing.field(component), id))) return false;
      packing.pack(ids, words);
      hash.hash(words, 1, upper, lower);
      return checkOf(lower[0] as number) === check && (!isLast || words.every((word, i) => word === arena[at + i]));
    };
    return pathThrough(this.system, this.ancestry.wayTo(state), isAt);
  }

  /** What is to be said of a search that has found so many states. */
  report(states: number): CompactionReport {
    const { bits } = this.set;
    return { omissionProbability: omissionProbability({ states, bits }), bits };
  }
}

type Repack = (from: Words, base: number, words: Words) => void;
