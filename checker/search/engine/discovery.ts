import { describeChoice } from "../../../sim/choice.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { Course } from "../course.js";
import type { SearchLimits } from "../search.js";
import { Batch } from "./batch.js";
import type { BreadthFirst } from "./breadth-first.js";
import type { EngineTables } from "./engine-tables.js";
import { Expansion } from "./expansion.js";
import { type Finding, Judging } from "./judging.js";
import type { LocalStep } from "./local-step.js";
import { outgrown } from "./packing.js";

/**
 * Makes the successors of states, and looks them up and judges the new ones, many at a time. It ends the course by what it
 * finds, as if each had been looked up at once: what was made after that does not count.
 */
export class Discovery {
  private readonly expansion: Expansion;
  private readonly judging: Judging;
  private batch: Batch;
  /** The state whose successors are being made, and how many rows had been made before that waited to be told of. */
  private current: { readonly state: number; readonly rows: number } | undefined;

  constructor(
    private readonly tables: EngineTables,
    private readonly order: BreadthFirst,
    private readonly course: Course,
    private readonly limits: SearchLimits,
  ) {
    const { system, components, packing, rows, memo, visited } = tables;
    this.expansion = new Expansion(system, components, packing, rows);
    this.judging = new Judging(memo, rows, visited);
    this.batch = new Batch(packing.width);
  }

  /** Discovers the initial state. */
  begin(): void {
    const words = this.tables.initial();
    this.batch = new Batch(words.length);
    this.tables.visited.discover(words, 1, this.batch.parents, this.batch.fresh);
    this.course.end(this.judging.state(0));
  }

  /**
   * Makes all successors of one state; they are looked up by and by. False when an id has outgrown its field: then room is to be
   * made, even if the search has ended, since who goes on from there makes all ids again before anything else. What was
   * discovered stays, and the state is to be expanded again.
   */
  expand(state: number): boolean {
    // When it is expanded again, what was made for it the first time is still to be told.
    this.current ??= { state, rows: this.tables.sightings.waiting };
    try {
      this.makeSuccessors(state);
      this.current = undefined;
      return true;
    } catch (error) {
      if (error !== outgrown) throw error;
      this.flush();
      return false;
    }
  }

  /** After the tables were packed anew. */
  relayout(): void {
    this.batch = new Batch(this.tables.packing.width);
  }

  /** Looks up the successors that wait, in order, and judges those that are new. */
  flush(): void {
    const { batch, limits } = this;
    const { visited, memo } = this.tables;
    const { tuples, parents, fresh } = batch;
    const bad = memo.hasSteps ? this.judgeTransitions() : undefined;
    const count = bad?.index ?? batch.count;
    batch.count = 0;
    const first = visited.size;
    const found = visited.discover(tuples, count, parents, fresh);
    this.tables.asleep.keep(first, found, batch.asleep, fresh);
    const { arena } = visited.table;
    for (let i = 0; i < found; i += 1) {
      const state = first + i;
      const successor = fresh[i] as number;
      if (!memo.isJudgedWith(arena, visited.at(state), visited.at(parents[successor] as number))) {
        const finding = this.judging.state(state);
        if (finding !== undefined) return this.endAt(successor, state, finding);
      }
      if (state >= limits.maxStates) return this.endAt(successor, state, undefined);
    }
    if (bad !== undefined) this.endAt(bad.index, visited.size - 1, bad.finding);
    else this.tellSightings();
  }

  /** What has been made before the current state counts. */
  private tellSightings(): void {
    const { order, current } = this;
    const { sightings } = this.tables;
    sightings.tell(current?.state ?? order.next, current?.rows);
    if (current !== undefined) this.current = { ...current, rows: 0 };
  }

  private makeSuccessors(state: number): void {
    const { expansion } = this;
    // It keeps the state's words even when the table grows.
    const { visited } = this.tables;
    const { arena } = visited.table;
    const base = visited.at(state);
    const asleep = this.tables.asleep.in(state);
    try {
      // Every transition is to be judged if any is.
      expansion.list(arena, base, this.tables.memo.hasSteps ? 0 : asleep);
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      // A workload failed while choices were listed: as if none of this state's had been taken.
      this.flush();
      if (this.course.isOver) return;
      this.tables.sightings.endAt(this.tables, state, -1);
      this.course.end({ found: error, choices: this.tables.visited.pathTo(state) });
      return;
    }
    this.batch.begin(state, asleep, this.order.transitions);
    for (let next = 0; next < expansion.count;) {
      if (this.batch.isFull) this.flush();
      if (this.course.isOver) return;
      next = expansion.fill(this.batch, next, arena, base, this.complete);
      if (next < 0) return;
    }
    this.order.transitions += expansion.total;
  }

  /** Completes the successor at `at` of the batch; false when the step fails, which ends the search. */
  private readonly complete = (entry: number, at: number): boolean => {
    const { edges, rows, visited } = this.tables;
    try {
      edges.complete(rows.entries, entry, this.batch.tuples, at);
      return true;
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      const { state } = this.batch;
      this.flush();
      if (this.course.isOver) return false;
      const position = this.positionOf(entry, state);
      this.order.transitions += position + 1;
      this.tables.sightings.endAt(this.tables, state, position);
      const { choice } = rows.entries.steps[entry] as LocalStep;
      this.course.end({ found: error, choices: [...visited.pathTo(state), describeChoice(choice)] });
      return false;
    }
  };

  /** The position of an entry among all choices of a state. */
  private positionOf(entry: number, state: number): number {
    const { visited } = this.tables;
    return this.expansion.positionOf(visited.table.arena, visited.at(state), entry);
  }

  /** The first transition of the batch that a property refuses. */
  private judgeTransitions(): { readonly index: number; readonly finding: Finding } | undefined {
    const { batch, judging } = this;
    const { width } = this.tables.visited.table;
    for (let i = 0; i < batch.count; i += 1) {
      const after = batch.tuples.subarray(i * width, (i + 1) * width);
      const finding = judging.transition(batch.parents[i] as number, batch.entries[i] as number, after);
      if (finding !== undefined) return { index: i, finding };
    }
    return undefined;
  }

  /** Ends the search at a successor of the batch, `last` being the last state; what comes after does not count. */
  private endAt(successor: number, last: number, finding: Finding | undefined): void {
    this.tables.visited.truncate(last + 1);
    const { entries, parents, transitions } = this.batch;
    const parent = parents[successor] as number;
    const position = this.positionOf(entries[successor] as number, parent);
    this.tables.sightings.endAt(this.tables, parent, position);
    this.order.transitions = (transitions[successor] as number) + position + 1;
    if (finding === undefined) this.course.stop("max-states");
    else this.course.end(finding);
  }
}
