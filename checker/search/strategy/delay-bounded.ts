import { describeChoice } from "../../../sim/choice.js";
import { isFault } from "../../../sim/quiescent.js";
import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import type { Explored, ExploringSearch } from "../engine/explored.js";
import { absent, PairTable } from "../engine/pair-table.js";
import { Successors } from "../engine/successors.js";
import { HandlersRun } from "../handlers.js";
import type { Progress, SearchLimits } from "../search.js";
import { Course } from "../course.js";
import { LaneQueues } from "./lane-queues.js";
import { Moves } from "./moves.js";
import { pathTo, type Point, PointsByDelay } from "./points-by-delay.js";
import { takeStep } from "./take-step.js";

/**
 * All schedules that leave a deterministic one at most `delays` times (Emmi, Qadeer and Rakamarić, "Delay-bounded
 * scheduling", POPL 2011). The deterministic scheduler takes the lanes in turn, the one that has waited longest first. A
 * delay sends that one to the back; a fault, which the scheduler never takes, counts as a delay too. Of several options of
 * a lane each is tried.
 *
 * Schedules with fewer delays come first. If no schedule had more delays than the bound, all were visited, and what holds
 * then holds; else the verdict is `unknown`, by the limit `bound`.
 */
export function delayBounded(system: System, delays: number, limits: SearchLimits): ExploringSearch {
  return new DelayBounded(system, delays, limits);
}

class DelayBounded implements ExploringSearch {
  private readonly successors: Successors;
  private readonly moves: Moves;
  private readonly queues: LaneQueues;
  private readonly handlers: HandlersRun;
  /** The pairs of state and queue that were expanded, and the pairs of state and entry that were taken. */
  private readonly seen = new PairTable();
  private readonly taken = new PairTable();
  /** For each state, whether it was expanded. */
  private readonly expanded: boolean[] = [];
  private readonly points: PointsByDelay;
  private states = 0;
  private transitions = 0;
  private cut: Limit | undefined;
  private readonly course = new Course((isComplete) => this.coverage(isComplete));

  constructor(
    system: System,
    bound: number,
    private readonly limits: SearchLimits,
  ) {
    this.points = new PointsByDelay(bound);
    this.successors = new Successors(system);
    this.moves = new Moves(this.successors);
    this.queues = new LaneQueues(system, this.moves);
    this.handlers = new HandlersRun(system);
  }

  advance(points: number): Progress | Verdict {
    const { course } = this;
    return (
      course.advance(
        points,
        () => this.begin(),
        () => this.goOn(),
      ) ?? this.progress()
    );
  }

  stop(limit: Limit): Verdict {
    return this.course.stop(limit);
  }

  explored(): Explored {
    return this.successors.explored();
  }

  private begin(): void {
    if (this.states > 0) return;
    this.successors.begin();
    this.states = 1;
    this.course.end(this.successors.judging.state(0));
    this.points.add({ state: 0, queue: this.queues.idOf([]), depth: 1 });
  }

  /** Expands one point; when none is left within the bound, sees whether there is any beyond it. */
  private goOn(): void {
    const point = this.points.take();
    if (point !== undefined) return this.expand(point);
    if (this.cut !== undefined) this.course.stop(this.cut);
    const last = this.points.takeAtBound();
    if (last === undefined) this.course.complete();
    else if (this.isCut(last)) this.course.stop("bound");
  }

  /** Takes the lane whose turn it is, and notes what takes one more delay. */
  private expand(open: Point): void {
    const point = open.fault === undefined ? open : this.takeFault(open, open.fault);
    if (point === undefined || !this.list(point)) return;
    const { moves, queues } = this;
    const turns = queues.inTurn(point.queue);
    const here = { ...point, queue: queues.idOf(turns) };
    if (this.seen.get(here.state, here.queue) !== absent) return;
    this.seen.set(here.state, here.queue, 1);
    if (here.depth >= this.limits.maxDepth) {
      if (moves.count > 0) this.cut ??= "max-depth";
      return;
    }
    this.countIdle(here);
    this.points.addLater(here, () => this.delayed(here));
    const [first, ...rest] = turns;
    const queue = queues.idOf(rest);
    for (let move = 0; move < moves.count && !this.course.isOver; move += 1) {
      if (queues.lanes.of(move) !== first) continue;
      const next = this.take(here, move, queue);
      if (next !== undefined) this.points.add(next);
    }
  }

  /** What is one delay further on: the lane whose turn it is goes to the back, or a fault happens. */
  private delayed(here: Point): Point[] {
    const { moves, queues } = this;
    const points: Point[] = [];
    const [first, ...rest] = queues.inTurn(here.queue);
    if (first !== undefined && rest.length > 0) {
      points.push({ state: here.state, queue: queues.idOf([...rest, first]), before: here, depth: here.depth });
    }
    for (let move = 0; move < moves.count; move += 1) {
      if (isFault(moves.choice(move))) points.push({ ...here, fault: moves.entry(move) });
    }
    return points;
  }

  private takeFault(point: Point, entry: number): Point | undefined {
    if (!this.list(point)) return undefined;
    for (let move = 0; move < this.moves.count; move += 1) {
      if (this.moves.entry(move) === entry) return this.take(point, move, point.queue);
    }
    throw new Error("A fault that could be taken cannot any more; this is a bug of ours.");
  }

  /** Where a move leads, with the queue that is left; undefined when that ends the search. */
  private take(from: Point, move: number, queue: number): Point | undefined {
    const { successors, moves, taken } = this;
    const entry = moves.entry(move);
    if (taken.get(from.state, entry) === absent) {
      taken.set(from.state, entry, 1);
      this.transitions += 1;
      this.handlers.see(moves.choice(move), successors.slotsOf(from.state));
    }
    const choice = describeChoice(moves.choice(move));
    const reached = takeStep(successors, from.state, moves.successor(move));
    this.states = successors.visited.size;
    if (typeof reached !== "number") {
      this.course.end({ found: reached.found, choices: [...pathTo(from), choice] });
      return undefined;
    }
    if (this.states > this.limits.maxStates) this.course.stop("max-states");
    return { state: reached, queue, before: from, choice, depth: from.depth + 1 };
  }

  /** Counts, and judges, the steps of a state that change nothing, which are on no schedule. */
  private countIdle(point: Point): void {
    if (this.expanded[point.state] === true) return;
    this.expanded[point.state] = true;
    const { successors, moves } = this;
    this.transitions += successors.total - moves.count;
    if (!successors.memo.hasSteps) return;
    for (const idle of moves.idle()) {
      const reached = takeStep(successors, point.state, idle);
      if (typeof reached === "number") continue;
      const choices = [...pathTo(point), describeChoice(successors.choiceOf(idle))];
      return this.course.end({ found: reached.found, choices });
    }
  }

  /** Whether one more delay leads from here to a step that was not taken, or to a point that was not expanded. */
  private isCut(point: Point): boolean {
    const { successors, queues, moves, taken } = this;
    moves.list(point.state);
    const beyond = this.delayed(point);
    if (beyond.some(({ state, fault }) => fault !== undefined && taken.get(state, fault) === absent)) return true;
    const reached = beyond.map(({ state, queue, fault }) => {
      const successor = fault === undefined ? undefined : successors.entries.indexOf(fault);
      return { state: successor === undefined ? state : successors.visit(successor, state), queue };
    });
    return reached.some(({ state, queue }) => {
      moves.list(state);
      return this.seen.get(state, queues.idOf(queues.inTurn(queue))) === absent;
    });
  }

  /** Lists the moves of a point; false when user code fails, which ends the search. */
  private list(point: Point): boolean {
    return this.course.attempt(
      () => this.moves.list(point.state),
      () => pathTo(point),
    );
  }

  private progress(): Progress {
    const { states, transitions, points } = this;
    return { kind: "progress", phase: "states", states, transitions, depth: null, frontier: points.count };
  }

  private coverage(complete: boolean): Coverage {
    const isLevelDone = this.points.isLevelDone && this.cut === undefined;
    const delays = isLevelDone ? this.points.delays : this.points.delays - 1;
    return {
      states: this.states,
      transitions: this.transitions,
      depth: null,
      complete,
      neverReached: this.successors.memo.neverReached(),
      ...this.handlers.coverage(),
      vacuous: [],
      satisfied: {},
      ...(complete || delays < 0 || this.cut !== undefined ? {} : { exhausted: { delays } }),
    };
  }
}
