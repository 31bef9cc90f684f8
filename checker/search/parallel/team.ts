import type { BreadthFirst } from "../engine/breadth-first.js";
import type { EngineTables } from "../engine/engine-tables.js";
import { outgrown } from "../engine/packing.js";
import type { SearchLimits } from "../search.js";
import { chunksMax } from "./candidates.js";
import { adopt, expand, grow, place, type Range, settle, type Task } from "./control.js";
import type { Crew } from "./crew.js";
import { makeWhatIsTold } from "./make-what-is-told.js";
import { Letter } from "./letter.js";
import { Share } from "./share.js";
import type { SharedStates } from "./shared-states.js";
import type { SharedTable } from "./shared-table.js";

/** A round has at most so many states, and a chunk of it about so many. */
const roundMax = 2 ** 16;
const chunkMax = 128;

/**
 * Expands many states at once, together with the threads of a crew, so that the states come to have the same numbers and
 * parents as if one thread had expanded them one after the other: within a round, new states are numbered in the order of the
 * chunks in which they were found first, and in order within a chunk. Whatever else than new states there is to a state is left
 * to the one thread: the round ends before it.
 */
export class Team {
  /** Whether an id has outgrown its field: nothing can be expanded before there is room. */
  hasOutgrown = false;
  private readonly share: Share;
  private readonly letter: Letter;
  private running: Generator<void, number> | undefined;
  /** States before this one are expanded by one thread. */
  private aloneUntil = 0;
  /** What the helpers know of. */
  private told: { readonly table: SharedTable; readonly adopted: number; readonly revision: number } | undefined;

  constructor(
    private readonly crew: Crew,
    private readonly shared: SharedStates,
    private readonly tables: EngineTables,
    private readonly order: BreadthFirst,
    private readonly limits: SearchLimits,
  ) {
    this.share = new Share(0, tables, crew.memory, shared.control, shared.log);
    this.letter = new Letter(crew.memory.letter);
    shared.growTogether = () => this.growTable();
  }

  private get table(): SharedTable {
    return this.tables.visited.table as SharedTable;
  }

  /** Whether so many states from here on are worth the effort of all, or are being expanded already. */
  isFor(states: number): boolean {
    const { next, nextDepthAt } = this.order;
    const count = Math.min(nextDepthAt - next, states);
    return this.running !== undefined || (next >= this.aloneUntil && count >= this.crew.statesMin);
  }

  /**
   * Expands up to so many states, with none waiting to be looked up, and says how many; 0 when the next state is for one thread alone, undefined when the others
   * are still at it: then this is to be called again.
   *
   * @throws memoryIsFull when there is no room for what was found.
   */
  expand(states: number): number | undefined {
    this.hasOutgrown = false;
    this.running ??= this.begin(states);
    for (;;) {
      const { done, value } = this.running.next();
      if (done === true) {
        this.running = undefined;
        return value;
      }
      this.crew.check();
      if (Number.isFinite(states)) return undefined;
    }
  }

  private begin(states: number): Generator<void, number> {
    const { next, nextDepthAt } = this.order;
    const { threads } = this.crew.memory;
    const until = Math.min(nextDepthAt, next + Math.min(states, roundMax));
    const count = until - next;
    const chunkStates = Math.max(Math.ceil(count / chunksMax), Math.min(chunkMax, Math.ceil(count / (8 * threads))));
    return this.round({ from: next, until, chunkStates });
  }

  private *round(range: Range): Generator<void, number> {
    const { shared, share, order } = this;
    const { control, log } = shared;
    if (this.isNewToHelpers()) yield* this.tell();
    control.begin(range);
    this.tables.sightings.goAhead(range.until);
    log.isHeld = false;
    share.begin();
    yield* this.together(expand, () => share.expand());
    log.isHeld = true;
    const { chunks } = control;
    const isOutgrown = this.catchUp() || share.hasOutgrown;
    const expanded = yield* this.commit(range, chunks);
    this.hasOutgrown = isOutgrown;
    const { isCut } = control;
    if (isCut) this.told = undefined;
    this.tables.sightings.tell(order.next);
    if (isCut || expanded === 0) this.aloneUntil = Math.max(this.aloneUntil, order.next + range.chunkStates);
    return expanded;
  }

  /** The states of the chunks that count become visited; says how many states were expanded. */
  private *commit({ from, until, chunkStates }: Range, chunks: number): Generator<void, number> {
    const { share, table, order } = this;
    if (chunks === 0) return 0;
    this.reserve(chunks);
    this.shared.control.beginParts();
    yield* this.together(settle, () => share.settle());
    const size = share.chunks.number(chunks, table.size);
    if (size > this.limits.maxStates) this.endAtLimit(chunks);
    yield* this.together(place, () => share.place());
    const { chunks: fine } = this.shared.control;
    if (fine < chunks) this.takeBack(fine, chunks);
    else table.size = size;
    let transitions = 0;
    for (let chunk = 0; chunk < fine; chunk += 1) transitions += share.chunks.transitionsOf(chunk);
    const expanded = Math.min(until, from + fine * chunkStates) - from;
    order.skip(expanded, transitions);
    return expanded;
  }

  /** The round ends before the chunk that goes past the limit, and one thread goes on from there. */
  private endAtLimit(chunks: number): void {
    let chunk = chunks - 1;
    while (this.share.chunks.placeOf(chunk) > this.limits.maxStates) chunk -= 1;
    this.shared.control.cutBefore(chunk);
    this.aloneUntil = Number.POSITIVE_INFINITY;
  }

  /** The states of the chunks from one number to before another, with which the round ended, have not been visited. */
  private takeBack(from: number, to: number): void {
    const { share, table } = this;
    const size = share.chunks.placeOf(from);
    for (let chunk = from; chunk < to; chunk += 1) table.unsettle(share.all, share.chunks, chunk);
    table.size = size;
  }

  /** Makes room for what was found in so many chunks. */
  private reserve(chunks: number): void {
    const { all, chunks: told } = this.share;
    let found = 0;
    for (let chunk = 0; chunk < chunks; chunk += 1) found += told.endOf(chunk) - told.firstOf(chunk);
    this.table.reserve(found, (part) => all.reduce((sum, { listed }) => sum + (listed[part] as number), 0));
  }

  /** Gives the helpers a task, does its own part, and waits for them. */
  private *together(task: Task, own: () => void): Generator<void, void> {
    this.give(task);
    own();
    while (!this.shared.control.areDone(this.crew.memory.threads - 1)) yield;
  }

  private give(task: Task): void {
    this.shared.control.give(task);
    this.crew.wake();
  }

  private isNewToHelpers(): boolean {
    const { told, table, tables } = this;
    return told?.table !== table || told.adopted !== table.adopted || told.revision !== tables.memo.revision;
  }

  private *tell(): Generator<void, void> {
    const { table } = this;
    const { packing, memo } = this.tables;
    this.letter.write({ layout: packing.layout, memo: memo.snapshot() });
    yield* this.together(adopt, () => this.share.relayout(table));
    this.told = { table, adopted: table.adopted, revision: memo.revision };
  }

  /** Makes all that others have made; true when an id has outgrown its field by that. */
  private catchUp(): boolean {
    const { log } = this.shared;
    let isOutgrown = false;
    while (log.replayed < log.length) {
      try {
        makeWhatIsTold(log, this.tables);
      } catch (error) {
        if (error !== outgrown) throw error;
        isOutgrown = true;
      }
    }
    return isOutgrown;
  }

  private growTable(): void {
    const { table, shared, share } = this;
    if (this.isNewToHelpers()) {
      for (let part = 0; part < table.parts; part += 1) table.grow(part);
      return;
    }
    shared.control.beginParts();
    this.give(grow);
    share.grow();
    while (!shared.control.areDone(this.crew.memory.threads - 1)) this.crew.check();
  }
}
