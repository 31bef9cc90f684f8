import { Batch } from "../engine/batch.js";
import type { EngineTables } from "../engine/engine-tables.js";
import { Expansion } from "../engine/expansion.js";
import type { Words } from "../engine/state-table.js";
import { Candidates, Chunks } from "./candidates.js";
import type { Control, Range } from "./control.js";
import { Making } from "./making.js";
import { ShareJudging } from "./share-judging.js";
import type { SharedLog } from "./shared-log.js";
import type { SharedMemory } from "./shared-memory.js";
import type { SharedTable } from "./shared-table.js";

/**
 * What one thread does of a round: it expands chunks of states, with tables of its own; puts new states into its part of the
 * shared table; and numbers those from its chunks.
 *
 * A chunk in which anything is found that matters, or that cannot be expanded as things are, ends the round before it.
 */
export class Share {
  readonly chunks: Chunks;
  all: readonly Candidates[] = [];
  private readonly making: Making;
  private readonly expansion: Expansion;
  private batch = new Batch(0);
  private table: SharedTable | undefined;
  private readonly judging: ShareJudging;
  /** Whether tuples that this thread has met, and drops when it meets them again, were of chunks that did not count. */
  private isAhead = false;
  private lastChunk = -1;

  constructor(
    private readonly thread: number,
    private readonly tables: EngineTables,
    private readonly memory: SharedMemory,
    private readonly control: Control,
    log: SharedLog,
  ) {
    const { system, components, packing, rows, memo } = tables;
    this.expansion = new Expansion(system, components, packing, rows);
    this.chunks = new Chunks(memory.chunks, memory.threads);
    this.judging = new ShareJudging(memo, rows);
    this.making = new Making(tables, control, log, (state) => this.makeSuccessors(state));
  }

  /** Whether an id has outgrown its field: nothing may be made from these tables until they have been packed anew. */
  get hasOutgrown(): boolean {
    return this.making.hasOutgrown;
  }

  private get own(): Candidates {
    return this.all[this.thread] as Candidates;
  }

  /** After the states have been packed anew. */
  relayout(table: SharedTable): void {
    const { width } = this.tables.packing;
    this.table = table;
    this.batch = new Batch(width);
    const { candidates, parts } = this.memory;
    this.all = candidates.map((memory) => new Candidates(memory, width, parts));
    this.making.relayout();
    this.judging.relayout();
    // Some of what was met may not have counted.
    table.forget();
  }

  /** Before the chunks of a round are expanded. */
  begin(): void {
    this.judging.begin();
    if (this.isAhead || this.lastChunk >= 0) this.table?.forget();
    this.isAhead = false;
    this.lastChunk = -1;
    this.own.clear();
    this.making.catchUp();
  }

  /** Expands the chunks that it gets, until there are none, or so many; says how many. */
  expand(most = Number.POSITIVE_INFINITY): number {
    const range = this.control.range;
    for (let taken = 0; taken < most; taken += 1) {
      const chunk = this.hasOutgrown ? undefined : this.control.takeChunk();
      if (chunk === undefined) return taken;
      this.lastChunk = chunk;
      this.expandChunk(chunk, range);
    }
    return most;
  }

  /** Puts what was found of the chunks that count into the parts of the table that it gets, until there are none. */
  settle(): void {
    const { control, chunks, all, thread } = this;
    const table = this.table as SharedTable;
    for (let part = control.takePart(table.parts); part !== undefined; part = control.takePart(table.parts)) {
      table.settle(part, all, chunks, control.chunks, thread);
    }
    this.isAhead = this.lastChunk >= control.chunks;
    this.lastChunk = -1;
  }

  /** Gives the new states of its chunks their numbers, and judges them; then those of others who are not as far. */
  place(): void {
    // Who does not know what the states consist of leaves them to others.
    if (!this.making.catchUp()) return;
    const { chunks, control, thread } = this;
    for (const isOwn of [true, false]) {
      for (let chunk = 0; chunk < control.chunks; chunk += 1) {
        if ((chunks.threadOf(chunk) === thread) === isOwn && chunks.claim(chunk)) this.placeChunk(chunk);
      }
    }
  }

  private placeChunk(chunk: number): void {
    const { chunks, all } = this;
    const table = this.table as SharedTable;
    const end = table.place(all[chunks.threadOf(chunk)] as Candidates, chunks, chunk);
    if (!this.areFine(table, chunks.placeOf(chunk), end)) this.control.cutBefore(chunk);
  }

  /** Whether there is nothing to be said of the states from one number to before another. */
  private areFine({ arena, parents, width }: SharedTable, from: number, to: number): boolean {
    const { memo } = this.tables;
    for (let state = from; state < to; state += 1) {
      if (memo.isJudgedWith(arena, state * width, (parents[state] as number) * width)) continue;
      if (!this.judging.isFine(arena, state * width)) return false;
    }
    return true;
  }

  /** Makes the parts of the table that it gets twice as large. */
  grow(): void {
    const { control } = this;
    const table = this.table as SharedTable;
    for (let part = control.takePart(table.parts); part !== undefined; part = control.takePart(table.parts)) {
      table.grow(part);
    }
  }

  private expandChunk(chunk: number, { from, until, chunkStates }: Range): void {
    const { own, batch, control } = this;
    const first = own.count;
    batch.count = 0;
    const start = from + chunk * chunkStates;
    const end = Math.min(until, start + chunkStates);
    let transitions = 0;
    let isFine = true;
    for (let state = start; state < end && isFine; state += 1) {
      isFine = this.making.attempt(state);
      transitions += this.expansion.total;
    }
    if (isFine && this.flush()) return this.chunks.tell(chunk, this.thread, first, own.count, transitions);
    const isFull = own.count + batch.fresh.length > own.room;
    if (isFull && first > 0) control.endBefore(chunk);
    else control.cutBefore(chunk);
    own.count = first;
  }

  /** Makes all successors of a state; false when a property refuses a transition, or there is no room for more candidates. */
  private makeSuccessors(state: number): boolean {
    const { expansion, batch } = this;
    const { memo } = this.tables;
    const { arena, width, asleep } = this.table as SharedTable;
    const base = state * width;
    batch.begin(state, asleep.in(state));
    // Every transition is to be judged if any is.
    expansion.list(arena, base, memo.hasSteps ? 0 : batch.asleepBefore);
    for (let next = 0; next < expansion.count;) {
      if (batch.isFull && !this.flush()) return false;
      const first = batch.count;
      next = expansion.fill(batch, next, arena, base, this.complete);
      if (memo.hasSteps && !this.areFineSteps(arena.subarray(base, base + width), first)) return false;
    }
    return true;
  }

  private readonly complete = (entry: number, at: number): boolean => {
    const { edges, rows } = this.tables;
    edges.complete(rows.entries, entry, this.batch.tuples, at);
    return true;
  };

  /** Whether no property refuses a transition to one of the batch's successors from number `first` on. */
  private areFineSteps(before: Words, first: number): boolean {
    const { tuples, entries, count } = this.batch;
    const { length: width } = before;
    for (let i = first; i < count; i += 1) {
      if (!this.judging.isFineStep(before, tuples.subarray(i * width, (i + 1) * width), entries[i] as number))
        return false;
    }
    return true;
  }

  /** Makes candidates of the successors in the batch; false when there is no room. */
  private flush(): boolean {
    const { batch, own } = this;
    if (own.count + batch.count > own.room) return false;
    (this.table as SharedTable).gather(batch, own);
    batch.count = 0;
    return true;
  }
}
