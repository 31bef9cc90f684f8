import type { System } from "../../../sim/system.js";
import type { Limit, Verdict } from "../../verdict.js";
import { Course, type Unknown } from "../course.js";
import { type Estimate, estimateStates } from "../outlook/estimate.js";
import { growthAtDepth } from "../outlook/growth-at-depth.js";
import type { Crew } from "../parallel/crew.js";
import { SharedStates } from "../parallel/shared-states.js";
import { memoryIsFull } from "../parallel/shared-table.js";
import { Team } from "../parallel/team.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { BreadthFirst } from "./breadth-first.js";
import { inboxBitsMax } from "./counted-inbox.js";
import { Discovery } from "./discovery.js";
import { EngineTables } from "./engine-tables.js";
import { Explored, type ExploringSearch, type Tables } from "./explored.js";
import { Resuming } from "./resuming.js";
import { RoomMaking } from "./room-making.js";
import type { Point, Snapshot } from "./snapshot.js";

/**
 * The exhaustive breadth-first search over interned states: user code runs once per (participant, own state, message), and a
 * state is a short tuple of bit-packed component ids, compared exactly (collapse compression, Holzmann, "State compression
 * in SPIN", 1997). It visits the same states in the same order as the plain search, and gives the same witness.
 *
 * @param from where another search stood that this one goes on with.
 * @param inboxBits up to how many bits an inbox may be kept as counts of its messages; 0 for none (see `Components`)
 * @param crew threads that help: the states, their order and the verdict are the same.
 */
export function engineSearch(
  system: System,
  limits: SearchLimits,
  from?: Snapshot,
  inboxBits = inboxBitsMax,
  crew?: Crew,
): EngineSearch {
  return new Engine(system, limits, from, inboxBits, crew);
}

/** After so many states it is asked whether it is late. */
const askedAfter = 32;

export interface EngineSearch extends ExploringSearch {
  prepareSnapshot(isLate: () => boolean): boolean;
  snapshot(): Snapshot | undefined;
  readonly tables: Tables;
}

class Engine implements EngineSearch {
  readonly tables: EngineTables;
  private readonly order: BreadthFirst;
  private readonly discovery: Discovery;
  private readonly course: Course;
  private readonly team: Team | undefined;
  private resuming: Resuming | undefined;
  /** What is to be done before the next state is expanded. */
  private readonly room: RoomMaking;
  /** Where it stood before the slice in which it met its limit: what was cut off is done again by who goes on. */
  private point: Point;

  constructor(
    system: System,
    private readonly limits: SearchLimits,
    from: Snapshot | undefined,
    inboxBits: number,
    crew: Crew | undefined,
  ) {
    const shared = crew === undefined ? undefined : new SharedStates(crew.memory, limits.bytesLeft);
    this.tables = new EngineTables(system, inboxBits, shared);
    this.order = new BreadthFirst(this.tables, from);
    this.course = new Course(
      (isComplete) => this.order.coverage(isComplete),
      () => this.outlook(),
    );
    if (from !== undefined) {
      this.tables.adopt(from.layout);
      this.tables.memo.restore(from.memo);
      this.resuming = new Resuming(this.tables, from);
    }
    this.discovery = new Discovery(this.tables, this.order, this.course, limits);
    this.room = new RoomMaking(this.tables, () => this.discovery.relayout(), limits.bytesLeft);
    if (crew !== undefined && shared !== undefined) {
      this.team = new Team(crew, shared, this.tables, this.order, limits);
    }
    this.point = from?.point ?? this.order.point;
  }

  advance(states: number, isLate?: () => boolean): Progress | Verdict {
    const verdict = this.course.run(() => {
      if (this.isResuming(states)) return;
      try {
        if (this.isMakingRoom(states, isLate)) return;
        if (this.tables.visited.size === 0) this.discovery.begin();
        this.point = this.order.point;
        this.expandStates(states, isLate);
      } catch (error) {
        if (error !== memoryIsFull) throw error;
        this.course.stop("memory-limit");
      }
    });
    return verdict ?? this.order.progress(this.resuming === undefined ? "states" : "resuming");
  }

  get bytesAhead(): number {
    return this.room.bytesAhead;
  }

  /** Expands so many states, or fewer if it is late, or there has to be more room first, or helpers are to be waited for. */
  private expandStates(states: number, isLate?: () => boolean): void {
    for (let left = states, asked = states; left > 0 && !this.course.isOver;) {
      const together = this.expandTogether(left);
      if (together === undefined) return;
      if (together === 0 && !this.room.isDue) this.expandNext();
      left -= Math.max(together, 1);
      if (this.room.isDue) {
        // Who drives it in slices may look at `bytesAhead` before.
        if (!this.room.isShort(states)) return;
        this.room.finish();
      }
      if (asked - left < askedAfter) continue;
      asked = left;
      if (isLate?.() === true) break;
    }
    this.discovery.flush();
  }

  /** Up to so many states of this depth; says how many, and undefined when there is nothing to be done just now. */
  private expandTogether(states: number): number | undefined {
    const { team, order, discovery, course } = this;
    if (team === undefined || order.isAtEndOfLevel || !team.isFor(states)) return 0;
    discovery.flush();
    if (course.isOver) return undefined;
    const expanded = team.expand(states);
    if (team.hasOutgrown) this.room.widen();
    return expanded;
  }

  /** Expands one state; the main loop of the search. */
  private expandNext(): void {
    const { order, discovery, course, tables, room } = this;
    if (order.isAtEndOfLevel) {
      discovery.flush();
      if (course.isOver) return;
      if (order.isAtEnd) return this.complete();
      order.beginLevel();
    }
    if (order.depth >= this.limits.maxDepth) return void course.stop("max-depth");
    if (!discovery.expand(order.take())) {
      order.putBack();
      room.widen();
    } else if (tables.visited.isTight) {
      discovery.flush();
      if (!course.isOver) room.grow(order.next);
    }
  }

  /** Everything was visited, as far as one can tell. */
  private complete(): void {
    const { compaction } = this.tables.visited;
    if (compaction === undefined) return this.course.complete();
    const coverage = this.order.coverage(false);
    this.course.endWith({ kind: "unknown", limit: "hash-compaction", compaction, coverage });
  }

  /** Does so much of the work of making room; false when there is none left and states may be expanded. */
  private isMakingRoom(states: number, isLate?: () => boolean): boolean {
    if (!this.room.isDue) return false;
    this.room.advance(states, isLate);
    return Number.isFinite(states);
  }

  stop(limit: Limit): Verdict {
    if (!this.course.isOver) this.point = this.order.point;
    return this.course.stop(limit);
  }

  explored(): Explored {
    return new Explored(this.tables);
  }

  estimate(): Estimate | undefined {
    return estimateStates(this.order.levels, this.order.nextDepthAt);
  }

  compact(bytes: number): Search | undefined {
    const { visited } = this.tables;
    if (this.course.isOver || this.resuming !== undefined || this.team !== undefined) return undefined;
    if (visited.size === 0 || visited.compaction !== undefined || !this.room.repack()) return undefined;
    visited.compact(this.order.next, bytes);
    return this;
  }

  prepareSnapshot(isLate: () => boolean): boolean {
    if (this.room.isPacking) this.room.advance(1, isLate);
    return !this.room.isPacking;
  }

  snapshot(): Snapshot | undefined {
    if (this.tables.visited.compaction !== undefined) return undefined;
    if (this.resuming !== undefined) return this.resuming.snapshot;
    if (this.room.isPacking) this.room.finish();
    const { components, packing, visited, memo } = this.tables;
    const point = this.course.verdict?.kind === "unknown" ? this.point : this.order.point;
    return {
      ...visited.first(point.size),
      log: components.log.written,
      layout: packing.layout,
      point,
      memo: memo.snapshot(),
      levels: this.order.levels.filter(({ depth }) => depth <= point.depth),
    };
  }

  /** Does so much of the work of resuming; false when there is none. */
  private isResuming(amount: number): boolean {
    const { packing, visited, sightings } = this.tables;
    while (this.resuming !== undefined) {
      if (this.resuming.advance(amount)) {
        this.resuming = undefined;
        // Now that all messages are known, their fields are put in order.
        packing.adopt(packing.layout);
        sightings.tell(this.order.next);
      }
      if (Number.isFinite(amount)) return true;
    }
    if (visited.size > this.limits.maxStates) this.stop("max-states");
    return false;
  }

  /** What can be told of a search that has not ended. */
  private outlook(): Pick<Unknown, "growth" | "estimate" | "compaction"> {
    const { visited, components } = this.tables;
    const { compaction } = visited;
    const isKnown = !this.room.isPacking && compaction === undefined;
    const growth = isKnown ? growthAtDepth(visited, this.order.levelAt, components) : undefined;
    return { growth, estimate: growth === undefined ? this.estimate() : undefined, compaction };
  }
}
