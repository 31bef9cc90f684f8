import { type Ordering, Orderings } from "./orderings.js";
import { type AskedOutcome, OutcomeJudge } from "./outcome-judge.js";
import type { Recording } from "./recording.js";
import { isTaken, type RunSoFar } from "./run-point.js";
import { RunSearch } from "./run-search.js";
import { type Bits, bitsOf, minimalSets } from "./set-family.js";

/** How far runs were explored: all of the scope; those with at most so many changes; or nothing that can be spoken of. */
export type Explored =
  | { readonly kind: "complete"; readonly states: number }
  | { readonly kind: "within"; readonly changes: number; readonly states: number }
  | { readonly kind: "nothing"; readonly states: number };

/** Which orderings of a run force its outcome, as far as runs were explored. Orderings are those of `all`, by number. */
export interface ForcingOrderings {
  readonly explored: Explored;
  readonly all: readonly Ordering[];
  /** Runs that came to their end without the outcome, and points where it came about, as far as orderings tell them apart. */
  readonly runsWithout: number;
  readonly runsWith: number;
  /**
   * Minimal sets of orderings such that every explored run that has them has the outcome. One empty set: every explored run
   * has the outcome. None: the orderings do not decide it.
   */
  readonly forcing: readonly (readonly number[])[];
  /** Minimal sets of orderings that an explored run without the outcome does not have, all others holding. */
  readonly breaking: readonly (readonly number[])[];
  /** Whether these are all of them. */
  readonly isWhole: boolean;
  /**
   * Minimal sets of orderings whose opposites, kept up by a lock, a version check or a barrier, leave no explored run with
   * the outcome. None: whatever of these orderings is turned around, the outcome also comes about without them.
   */
  readonly barriers: readonly (readonly number[])[];
}

export interface ForcingOptions {
  /** How many states may be explored, first without and then with counting changes. */
  readonly statesMax: number;
  /** How many sets of each kind are looked for. */
  readonly setsMax: number;
  /** Explore only runs with so many changes. */
  readonly changesMax?: number;
}

/**
 * Finds which orderings force an outcome (why it had to come about): explores the runs of the scope with a monitor for each
 * ordering, and enumerates minimal forcing and breaking sets jointly. First everything is tried, for a quarter of the states; if
 * that does not come to an end, runs are explored by their number of changes, and the answer holds for the runs that were.
 * A run counts as one without the outcome once it has an event of the outcome's kind that is another one, such as another
 * answer to the same operation, or has come to its end; an ordering holds in it if both events have come by then.
 *
 * Resumable. @throws UnusableQuestion for an outcome that no single run shows.
 */
export class ForcingOrderingsSearch {
  private readonly orderings: Orderings;
  private readonly judge: OutcomeJudge;
  private search: RunSearch;
  private isCounting: boolean;
  private families: Families;
  private used = 0;

  constructor(
    private readonly recording: Recording,
    outcome: AskedOutcome,
    private readonly options: ForcingOptions,
  ) {
    this.judge = new OutcomeJudge(recording, outcome);
    this.orderings = new Orderings(recording.trace, outcome.event);
    this.isCounting = options.changesMax !== undefined;
    this.families = new Families(this.orderings);
    this.search = this.begin();
  }

  get states(): number {
    return this.used + this.search.states;
  }

  /** Works through so many states; gives the answer once it is known. */
  advance(states: number): ForcingOrderings | undefined {
    const ended = this.search.advance(states);
    if (ended !== undefined)
      return this.answer(this.isCounting && this.search.isCut ? this.within(0) : this.complete());
    const { statesMax } = this.options;
    if (!this.isCounting && this.search.states >= statesMax / 4) this.countChanges();
    else if (this.states >= statesMax) return this.stop();
    return undefined;
  }

  /** What is known so far. */
  stop(): ForcingOrderings {
    return this.answer(this.isCounting ? this.within(1) : { kind: "nothing", states: this.states });
  }

  private begin(): RunSearch {
    const { judge, families, isCounting, options } = this;
    return new RunSearch(this.recording, {
      isCounting,
      orderings: this.orderings,
      judge,
      isBarred: (before, after, choice) => {
        const isMade = judge.isMadeBy(before, after.world, choice);
        if (isMade) families.addWith(after);
        else if (judge.needsKind && judge.isOfKind(choice)) families.addWithout(after);
        else return false;
        return true;
      },
      onEnd: (run) => {
        if (judge.standsAtEnd(run.world)) families.addWith(run);
        else families.addWithout(run);
        return false;
      },
      ...(options.changesMax === undefined ? {} : { changesMax: options.changesMax }),
    });
  }

  private countChanges(): void {
    this.used += this.search.states;
    this.isCounting = true;
    this.families = new Families(this.orderings);
    this.search = this.begin();
  }

  private complete(): Explored {
    return { kind: "complete", states: this.states };
  }

  private within(unfinished: 0 | 1): Explored {
    const changes = unfinished === 0 ? (this.options.changesMax ?? 0) : this.search.changes - 1;
    return changes < 0 ? { kind: "nothing", states: this.states } : { kind: "within", changes, states: this.states };
  }

  private answer(explored: Explored): ForcingOrderings {
    return { explored, all: this.orderings.all, ...this.families.answer(explored, this.options.setsMax) };
  }
}

/** What the explored runs have, as far as orderings tell them apart, each with the fewest changes that it was met with. */
class Families {
  private readonly with = new Map<string, Met>();
  private readonly without = new Map<string, Met>();

  constructor(private readonly orderings: Orderings) {}

  addWith(run: RunSoFar): void {
    const met = this.met(run);
    const key = met.kept.toString(16);
    if (!this.with.has(key)) this.with.set(key, met);
  }

  addWithout(run: RunSoFar): void {
    const met = this.met(run);
    const key = `${met.has.toString(16)} ${met.reversed.toString(16)}`;
    if (!this.without.has(key)) this.without.set(key, met);
  }

  answer(explored: Explored, setsMax: number): Omit<ForcingOrderings, "explored" | "all"> {
    const nothing = { runsWithout: 0, runsWith: 0, forcing: [], breaking: [], isWhole: false, barriers: [] };
    if (explored.kind === "nothing") return nothing;
    const changesMax = explored.kind === "within" ? explored.changes : Number.POSITIVE_INFINITY;
    const [without, within] = [this.without, this.with].map((met) =>
      [...met.values()].filter(({ changes }) => changes <= changesMax),
    ) as [Met[], Met[]];
    const { size } = this.orderings;
    const { closed, cuts, isWhole } = minimalSets(
      without.map(({ has }) => has),
      size,
      setsMax,
    );
    return {
      runsWithout: without.length,
      runsWith: within.length,
      forcing: closed,
      breaking: cuts,
      isWhole,
      barriers: barriersOf(without, within, size, setsMax),
    };
  }

  private met({ changes, truths, fates }: RunSoFar): Met {
    const has: number[] = [];
    const kept: number[] = [];
    const reversed: number[] = [];
    const isThere = (position: number): boolean => isTaken(fates, position);
    for (let i = 0; i < this.orderings.size; i += 1) {
      if (truths[i] === "1") has.push(i);
      if (this.orderings.isKept(i, truths, isThere)) kept.push(i);
      if (this.orderings.isReversed(i, truths, isThere)) reversed.push(i);
    }
    return { changes, has: bitsOf(has), kept: bitsOf(kept), reversed: bitsOf(reversed) };
  }
}

interface Met {
  readonly changes: number;
  /** The orderings that the run has. */
  readonly has: Bits;
  /** Those whose opposite it does not keep up: the earlier event came first, or alone. */
  readonly kept: Bits;
  /** Those that it has the other way round. */
  readonly reversed: Bits;
}

/** Minimal sets that every run with the outcome has something of, and some run without it all the other way round. */
function barriersOf(without: readonly Met[], within: readonly Met[], size: number, setsMax: number): number[][] {
  const everything = (1n << BigInt(size)) - 1n;
  const { closed } = minimalSets(
    within.map(({ kept }) => everything & ~kept),
    size,
    setsMax,
  );
  return closed
    .filter((set) => set.length > 0 && without.some(({ reversed }) => (reversed & bitsOf(set)) === bitsOf(set)))
    .map((set) => [...set]);
}
