import type { Choice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { withTraps } from "../../sim/guard.js";
import { NodeFailure } from "../../sim/node-failure.js";
import { unsampled } from "../../sim/sample.js";
import { isFault } from "../../sim/quiescent.js";
import type { Recording } from "./recording.js";
import { type ChangedDecision, isTaken, putOff, replaced, RunPoint, taken, waiting } from "./run-point.js";
import type { RunSearchOptions } from "./run-search-options.js";
import { WorldKeys } from "./world-keys.js";

/** Free choices are counted up to here: they only decide between runs with equally many changes. */
const extraMax = 4096;

/**
 * Finds the complete runs of a system by their distance from a recorded one: a 0-1 breadth-first search (Dial's buckets)
 * over pairs of a world and what has become of each recorded decision.
 *
 * At each step the recorded decision to follow is the first one that is left and can be taken; it is the same decision if
 * its event has the same causal identity. Changes cost 1 each: putting it off (it may then be taken any time later), and
 * taking another one while a recorded one could be taken. Where nothing recorded can be taken, a fault that was put off
 * aside, deliveries follow by themselves and are free; so is everything but faults where nothing can be delivered, and once
 * an event of the outcome's kind has come. Of runs with equally many changes, those come first that have fewer free
 * choices before that event. Resumable.
 */
export class RunSearch {
  /** How many pairs were met. */
  states = 0;
  /** Steps at which node code failed: the runs end there, without an end. */
  failures = 0;
  /** Runs with more changes than asked for were left out. */
  isCut = false;
  private readonly open: Step[][] = [];
  private rank = 0;
  private readonly met = new Set<string>();
  private readonly keys = new WorldKeys();
  private ended: "exhausted" | "found" | undefined;
  /** Steps that were barred. */
  private barred = 0;

  constructor(
    private readonly recording: Recording,
    private readonly options: RunSearchOptions,
  ) {
    this.put({ before: undefined, choice: undefined, changes: 0, extra: 0, position: -1 });
  }

  /** All runs with fewer changes have been met. */
  get changes(): number {
    return Math.floor(this.rank / extraMax);
  }

  get frontier(): number {
    return this.open.reduce((sum, bucket) => sum + bucket.length, 0);
  }

  /** Meets so many more pairs; tells how it ended, if it did. @throws NodeFailure of a property or monitor. */
  advance(states: number): "exhausted" | "found" | undefined {
    const until = this.states + states;
    // The recorded run has sampled whether handlers answer alike twice.
    const work = (): void => {
      while (this.ended === undefined && this.states < until) this.meetNext();
    };
    withTraps(() => unsampled(work));
    return this.ended;
  }

  private meetNext(): void {
    let bucket = this.open[this.rank];
    while (bucket === undefined || bucket.length === 0) {
      if (this.rank >= this.open.length) {
        this.ended = "exhausted";
        return;
      }
      this.rank += 1;
      bucket = this.open[this.rank];
    }
    const next = bucket.pop() as Step;
    const point = next.point ?? this.take(next);
    if (point === undefined) return;
    const key = this.keyOf(point);
    if (this.met.has(key)) return;
    this.met.add(key);
    this.states += 1;
    this.expand(point);
  }

  private put(step: Step): void {
    if (step.changes > (this.options.changesMax ?? Number.POSITIVE_INFINITY)) {
      this.isCut = true;
      return;
    }
    (this.open[step.changes * extraMax + Math.min(step.extra, extraMax - 1)] ??= []).push(step);
  }

  /** The point after a step; undefined where the run is barred, node code fails, or nothing changes. */
  private take({ before, choice, changes, extra, position }: Step): RunPoint | undefined {
    const { recording, options } = this;
    if (before === undefined) return this.start();
    const event = recording.first + position;
    if (choice === undefined) {
      const fates = replaced(before.fates, position, putOff);
      return new RunPoint({ ...before, changes, fates }, before, undefined, { kind: "put-off", event });
    }
    try {
      const world = recording.step(before.world, choice, this.numberOf(before, choice, position));
      if (position < 0 && this.keys.of(world) === this.keys.of(before.world)) return undefined;
      const fates = position < 0 ? before.fates : replaced(before.fates, position, taken);
      const truths = position < 0 ? before.truths : this.truthsAfter(before, position);
      const hasKind = before.hasKind || options.judge.isOfKind(choice);
      const change: ChangedDecision = position < 0 ? { kind: "added", step: 0 } : { kind: "earlier", event };
      const state = { world, changes, extra, fates, truths, hasKind };
      const point = new RunPoint(state, before, choice, changes > before.changes ? change : undefined);
      if (!options.isBarred(before.world, point, choice)) return point;
      this.barred += 1;
      return undefined;
    } catch (error) {
      if (!isFailureOfNode(error)) throw error;
      this.failures += 1;
      return undefined;
    }
  }

  private numberOf({ world }: RunPoint, choice: Choice, position: number): number {
    const { recording } = this;
    return position < 0 ? recording.otherNumber(recording.identity.nameOf(world, choice)) : recording.first + position;
  }

  private start(): RunPoint {
    const { recording, options } = this;
    return new RunPoint({
      world: recording.initial,
      changes: 0,
      extra: 0,
      fates: waiting.repeat(recording.steps),
      truths: "0".repeat(options.orderings?.size ?? 0),
      hasKind: !options.judge.needsKind,
    });
  }

  private truthsAfter({ truths, fates }: RunPoint, position: number): string {
    return this.options.orderings?.after(truths, position, (other) => isTaken(fates, other)) ?? "";
  }

  private keyOf({ world, fates, truths, hasKind }: RunPoint): string {
    const underWay = this.keys.numberOf(this.recording.identity.underWay(world));
    return `${hasKind ? 1 : 0}${fates}${truths}${underWay}${this.keys.of(world)}`;
  }

  private expand(point: RunPoint): void {
    const { isCounting } = this.options;
    const offered = enabledChoices(this.recording.system, point.world).map((choice) => ({
      choice,
      position: this.positionOf(point, choice),
    }));
    // What is put last is met first.
    offered.reverse();
    const isHeld = ({ choice, position }: Offered): boolean => point.fates[position] === putOff && !isFault(choice);
    const recorded = isCounting ? offered.filter(({ position }) => point.fates[position] === waiting) : [];
    if (!isCounting || (recorded.length === 0 && !offered.some(isHeld))) return this.expandFreely(point, offered);
    const follow = recorded.reduce<Offered | undefined>(
      (first, one) => (isBefore(one, first) ? one : first),
      undefined,
    );
    const { changes, extra } = point;
    if (follow !== undefined) {
      this.put({ before: point, choice: undefined, changes: changes + 1, extra, position: follow.position });
    }
    for (const { choice, position } of offered) {
      if (position === follow?.position) continue;
      const cost = point.fates[position] === putOff ? 0 : 1;
      this.put({ before: point, choice, changes: changes + cost, extra, position });
    }
    if (follow !== undefined) this.put({ before: point, changes, extra, ...follow });
  }

  /**
   * Where nothing recorded is left to follow: what follows by itself is free, and where nothing does, whatever is no fault.
   * If nothing would change anything, the run has come to its end.
   */
  private expandFreely(before: RunPoint, offered: readonly Offered[]): void {
    const isRegular = ({ choice }: Offered): boolean => !isFault(choice);
    const isByItself = ({ choice }: Offered): boolean => before.hasKind || choice.kind === "deliver";
    const regular = offered.filter(isRegular);
    const free = this.options.isCounting ? regular.filter(isByItself) : regular;
    const others = regular.filter((one) => !free.includes(one));
    const isMoved = this.putFree(before, free);
    if (isMoved) this.putAdded(before, others);
    const isEnd = !isMoved && !this.putFree(before, others);
    this.putAdded(
      before,
      offered.filter((one) => !isRegular(one)),
    );
    if (isEnd && this.options.onEnd(before)) this.ended = "found";
  }

  /** Puts what these choices lead to; whether any of them changes anything. */
  private putFree(before: RunPoint, choices: readonly Offered[]): boolean {
    const key = this.keys.of(before.world);
    const extra = before.extra + (before.hasKind ? 0 : 1);
    const endings = this.failures + this.barred;
    let isMoved = false;
    for (const offered of choices) {
      const step = { before, ...offered, changes: before.changes, extra };
      const point = this.take(step);
      if (point === undefined) continue;
      if (this.keys.of(point.world) !== key) isMoved = true;
      this.put({ ...step, point });
    }
    return isMoved || this.failures + this.barred > endings;
  }

  /** Puts choices that are changes unless they are recorded. */
  private putAdded(before: RunPoint, choices: readonly Offered[]): void {
    for (const offered of choices) {
      const cost = this.options.isCounting && offered.position < 0 ? 1 : 0;
      this.put({ before, ...offered, changes: before.changes + cost, extra: before.extra });
    }
  }

  /** The first recorded decision of a choice's identity that was not taken, by its place among the steps; -1 for none. */
  private positionOf({ world, fates }: RunPoint, choice: Choice): number {
    const { recording } = this;
    for (const event of recording.named(recording.identity.nameOf(world, choice))) {
      if (!isTaken(fates, event - recording.first)) return event - recording.first;
    }
    return -1;
  }
}

/** A step that is still to be taken: a choice, or without one the putting off of the decision at `position`. */
interface Step {
  readonly before: RunPoint | undefined;
  readonly choice: Choice | undefined;
  readonly changes: number;
  readonly extra: number;
  /** Of the recorded decision; -1 for others. */
  readonly position: number;
  /** Where it leads, if that is known. */
  readonly point?: RunPoint;
}

interface Offered {
  readonly choice: Choice;
  readonly position: number;
}

function isBefore(one: Offered, other: Offered | undefined): boolean {
  return other === undefined || one.position < other.position;
}

/** A failure of what is judged; the judges' own failures end the search. */
function isFailureOfNode(error: unknown): boolean {
  return error instanceof NodeFailure && error.place.kind !== "property" && error.place.kind !== "monitor";
}
