import { describeChoice } from "../../../sim/choice.js";
import { withTraps } from "../../../sim/guard.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { Violation } from "../../../sim/judge.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { Expansion } from "../engine/expansion.js";
import type { Tables } from "../engine/explored.js";
import type { LocalStep } from "../engine/local-steps.js";
import { outgrown } from "../engine/packing.js";
import type { PropertyMemo } from "../engine/property-memo.js";
import type { Snapshot } from "../engine/snapshot.js";
import type { Words } from "../engine/state-table.js";
import type { HandlersRun } from "../handlers.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { omissionProbability } from "./omission.js";
import { pathThrough } from "./path-through.js";
import { SignatureTable } from "./signature-table.js";
import { StateQueue } from "./state-queue.js";
import { TakeOver } from "./take-over.js";

/** What a search by signatures has of the exact one before it. */
export interface Compacting {
  readonly tables: Omit<Tables, "states">;
  readonly memo: PropertyMemo;
  readonly handlers: HandlersRun;
  readonly snapshot: Snapshot;
  readonly limits: SearchLimits;
  /** What the table of signatures may take, in bytes. */
  readonly bytes: number;
  /** Of a signature; 48 unless given. */
  readonly bits?: number;
}

/**
 * Goes on with a breadth-first search that has no room for its states any more: only a signature of each is kept, and all of
 * those that are still to be expanded. It visits states in the same order, but may leave some out, so it never says `holds`:
 * when it has gone to the end, the limit is `hash-compaction`, with the probability that anything was left out. A violation
 * is as true as ever: the way to it is found by the plain step.
 */
export function compactedSearch(compacting: Compacting): Search {
  return new CompactedSearch(compacting);
}

class CompactedSearch implements Search {
  private readonly from: Omit<Compacting, "snapshot" | "bytes" | "bits">;
  private readonly expansion: Expansion;
  private readonly table: SignatureTable;
  /** While the states of the exact search are taken over. */
  private takeOver: TakeOver | undefined;
  private current: StateQueue;
  private next: StateQueue;
  private transitions: number;
  private depth: number;
  private ended: Verdict | undefined;
  /** The words of a state; those of a successor, followed by the state's again. */
  private readonly words: Words;
  private readonly pair: Words;
  private readonly width: number;

  constructor({ snapshot, bytes, bits, ...from }: Compacting) {
    this.from = from;
    const { tables, memo } = from;
    const { packing, rows } = tables;
    const before = packing.adopt(packing.roomy());
    rows.relayout();
    memo.relayout();
    this.takeOver = new TakeOver(snapshot, before, packing.layout);
    this.width = packing.width;
    this.words = new Uint32Array(this.width);
    this.pair = new Uint32Array(2 * this.width);
    this.expansion = new Expansion(tables.system, tables.components, packing, rows);
    this.table = new SignatureTable(bytes, bits);
    this.current = new StateQueue(this.width);
    this.next = new StateQueue(this.width);
    ({ transitions: this.transitions, depth: this.depth } = snapshot.point);
  }

  advance(states: number): Progress | Verdict {
    return withTraps(() => {
      while (this.takeOver !== undefined) {
        const { words, table, current, next } = this;
        if (this.takeOver.advance(states, words, table, current, next)) this.takeOver = undefined;
        if (Number.isFinite(states)) return this.progress();
      }
      for (let i = 0; i < states && this.ended === undefined; i += 1) this.expandNext();
      return this.ended ?? this.progress();
    });
  }

  stop(limit: Limit): Verdict {
    if (this.ended !== undefined) return this.ended;
    const { size: states, slots, bits } = this.table;
    const compaction = { omissionProbability: omissionProbability({ states, slots, bits }), bits, slots };
    return { kind: "unknown", limit, compaction, coverage: this.coverage() };
  }

  private expandNext(): void {
    if (this.current.size === 0) {
      if (this.next.size === 0) {
        this.ended = this.stop("hash-compaction");
        return;
      }
      [this.current, this.next] = [this.next, this.current];
      this.depth += 1;
    }
    if (this.depth >= this.from.limits.maxDepth) {
      this.ended = this.stop("max-depth");
      return;
    }
    const slot = this.current.shift(this.words);
    this.pair.set(this.words, this.width);
    const before = this.transitions;
    try {
      this.expand(slot);
    } catch (error) {
      if (error === outgrown) this.ended = this.stop("memory-limit");
      else if (error instanceof NodeFailure) {
        this.transitions = before;
        this.end(slot, error);
      } else throw error;
    }
  }

  private expand(slot: number): void {
    const { expansion, words } = this;
    expansion.list(words, 0);
    const { count, total } = expansion;
    const entries = expansion.entries.slice(0, count);
    for (const entry of entries) {
      this.take(entry, slot);
      if (this.ended !== undefined) {
        this.endAt(this.transitions + expansion.positionOf(words, 0, entry) + 1);
        return;
      }
    }
    this.transitions += total;
  }

  /** It ended at the last of so many transitions. */
  private endAt(transitions: number): void {
    this.transitions = transitions;
    if (this.ended !== undefined) this.ended = { ...this.ended, coverage: { ...this.ended.coverage, transitions } };
  }

  private take(entry: number, slot: number): void {
    const { tables, memo, limits } = this.from;
    const { rows, edges } = tables;
    const { width, pair, words, table } = this;
    const { choice } = rows.entries.steps[entry] as LocalStep;
    for (let word = 0; word < width; word += 1) {
      pair[word] = (words[word] as number) ^ (rows.entries.flips[entry * width + word] as number);
    }
    try {
      edges.complete(rows.entries, entry, pair, 0);
      const bad = memo.hasSteps ? memo.judgeTransition(words, pair.subarray(0, width), choice, entry) : undefined;
      if (bad !== undefined) return this.end(slot, bad, describeChoice(choice));
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      return this.end(slot, error, describeChoice(choice));
    }
    const reached = table.insert(pair, 0, width, slot);
    if (reached < 0) return;
    this.next.push(pair, 0, reached);
    this.judge(reached);
    if (this.ended !== undefined) return;
    if (table.size > limits.maxStates) this.ended = this.stop("max-states");
    else if (table.isFull) this.ended = this.stop("memory-limit");
  }

  private judge(slot: number): void {
    const { memo } = this.from;
    if (memo.isJudgedWith(this.pair, 0, this.width)) return;
    try {
      const violation = memo.judgeState(this.pair.subarray(0, this.width));
      if (violation !== undefined) this.end(slot, violation);
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      this.end(slot, error);
    }
  }

  /** Ends the search by what was found after the way to a slot, and one choice more if it is given. */
  private end(slot: number, found: Violation | NodeFailure, last?: string): void {
    const way = pathThrough(this.from.tables, this.table, slot);
    const choices = last === undefined ? way : [...way, last];
    const coverage = this.coverage();
    this.ended =
      found instanceof NodeFailure
        ? { kind: "crashed", failure: found, choices, coverage }
        : { kind: "violated", witness: { ...found, choices, step: choices.length }, coverage };
  }

  private progress(): Progress {
    const { transitions, depth } = this;
    const frontier = this.current.size + this.next.size;
    return { kind: "progress", phase: "states", states: this.table.size, transitions, depth, frontier };
  }

  private coverage(): Coverage {
    const { memo, handlers } = this.from;
    return {
      states: this.table.size,
      transitions: this.transitions,
      depth: this.next.size > 0 ? this.depth + 1 : this.depth,
      complete: false,
      neverReached: memo.neverReached(),
      ...handlers.coverage(),
      vacuous: [],
      satisfied: {},
    };
  }
}
