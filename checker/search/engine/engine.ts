import { blindObserver } from "../../../sim/carrier.js";
import { type Choice, describeChoice } from "../../../sim/choice.js";
import { enabledChoices } from "../../../sim/enabled.js";
import { withTraps } from "../../../sim/guard.js";
import { initialWorld } from "../../../sim/initial.js";
import type { Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import { step } from "../../../sim/step.js";
import type { System } from "../../../sim/system.js";
import type { Coverage, Limit, Verdict } from "../../verdict.js";
import { HandlersRun } from "../handlers.js";
import type { Progress, Search, SearchLimits } from "../search.js";
import { Components } from "./components.js";
import { Edges } from "./edges.js";
import { readField } from "./layout.js";
import { LocalSteps } from "./local-steps.js";
import { outgrown, Packing } from "./packing.js";
import { PropertyMemo } from "./property-memo.js";
import { type Entry, type Row, Rows } from "./rows.js";
import { grown, StateTable, type Words } from "./state-table.js";

/**
 * The exhaustive breadth-first search over interned states: user code runs once per (participant, own state, inbox), and a
 * state is a short tuple of bit-packed component ids, compared exactly (collapse compression, Holzmann, "State compression
 * in SPIN", 1997). It visits the same states in the same order as the plain search, and gives the same witness.
 */
export function engineSearch(system: System, limits: SearchLimits): Search {
  return new Engine(system, limits);
}

class Engine implements Search {
  private readonly components: Components;
  private readonly packing: Packing;
  private readonly steps: LocalSteps;
  private readonly rows: Rows;
  private readonly edges: Edges;
  private readonly memo: PropertyMemo;
  private readonly handlers: HandlersRun;
  private readonly hasFaults: boolean;
  private states: StateTable;
  /** For each state, the one from which it was discovered. */
  private parents: Uint32Array = new Uint32Array(1024);
  private current: Words;
  private successor: Words;
  /** The next state to be expanded, and the first of the next depth. */
  private head = 0;
  private nextDepthAt = 1;
  private depth = 1;
  private transitions = 0;
  private ended: Verdict | undefined;

  constructor(
    private readonly system: System,
    private readonly limits: SearchLimits,
  ) {
    this.components = new Components(system);
    this.handlers = new HandlersRun(system);
    this.hasFaults = Object.values(system.faults).some((count) => count !== 0);
    this.steps = new LocalSteps(this.components, system);
    this.packing = new Packing(this.components);
    this.memo = new PropertyMemo(system, this.components, this.packing);
    this.rows = new Rows(system, this.components, this.packing, this.steps, this.handlers, this.memo.hasSteps);
    this.edges = new Edges(system, this.components, this.packing, this.steps);
    this.states = new StateTable(this.packing.width);
    this.current = new Uint32Array(this.packing.width);
    this.successor = new Uint32Array(this.packing.width);
  }

  advance(states: number): Progress | Verdict {
    return withTraps(() => {
      try {
        if (this.states.size === 0) this.begin();
        for (let i = 0; i < states && this.ended === undefined; i += 1) this.expandNext();
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        this.ended = { kind: "crashed", failure: error, choices: [], coverage: this.coverage(false) };
      }
      return this.ended ?? this.progress();
    });
  }

  stop(limit: Limit): Verdict {
    return this.ended ?? { kind: "unknown", limit, coverage: this.coverage(false) };
  }

  private begin(): void {
    const ids = this.components.idsOf(initialWorld(this.system, blindObserver(this.system)));
    this.widen();
    this.packing.pack(ids, this.successor);
    this.discover(0);
  }

  private expandNext(): void {
    if (this.head === this.states.size) {
      this.ended = { kind: "holds", coverage: this.coverage(true) };
      return;
    }
    if (this.head === this.nextDepthAt) {
      this.nextDepthAt = this.states.size;
      this.depth += 1;
    }
    if (this.depth >= this.limits.maxDepth) {
      this.ended = this.stop("max-depth");
      return;
    }
    const before = this.transitions;
    for (;;) {
      try {
        this.expand(this.head);
        this.head += 1;
        return;
      } catch (error) {
        if (error !== outgrown) throw error;
        // What was discovered stays; the state is expanded again, its successors then being known.
        this.transitions = before;
        this.widen();
      }
    }
  }

  private widen(): void {
    const layout = this.packing.widen();
    this.states = this.packing.repack(this.states, layout);
    this.current = new Uint32Array(this.packing.width);
    this.successor = new Uint32Array(this.packing.width);
    this.rows.relayout();
    this.memo.relayout();
  }

  /** Takes all steps of one state; the main loop of the search. */
  private expand(state: number): void {
    const { current, components, packing } = this;
    const { arena, width } = this.states;
    for (let word = 0; word < width; word += 1) current[word] = arena[state * width + word] as number;
    const faults = readField(current, 0, packing.field(components.faultsComponent));
    const participants = this.system.participants.length;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readField(current, 0, packing.field(components.slotComponent(participant)));
      const inbox = readField(current, 0, packing.field(components.inboxComponent(participant)));
      this.takeAll(this.rows.regular(participant, slot, inbox, faults), state);
      if (this.ended !== undefined) return;
    }
    if (!this.hasFaults) return;
    for (let participant = 0; participant < participants; participant += 1) {
      const slot = readField(current, 0, packing.field(components.slotComponent(participant)));
      const inbox = readField(current, 0, packing.field(components.inboxComponent(participant)));
      this.takeAll(this.rows.faulty(participant, slot, inbox, faults), state);
      if (this.ended !== undefined) return;
    }
    this.takeAll(this.rows.ofNetwork(faults), state);
  }

  private takeAll(row: Row, state: number): void {
    this.transitions += row.total;
    for (let i = 0; i < row.entries.length; i += 1) {
      const entry = row.entries[i] as Entry;
      this.take(entry, state);
      if (this.ended === undefined) continue;
      // It ended here: what comes after in this row was not taken.
      this.transitions += entry.position + 1 - row.total;
      this.ended = { ...this.ended, coverage: { ...this.ended.coverage, transitions: this.transitions } };
      return;
    }
  }

  private take(entry: Entry, state: number): void {
    const { current, successor } = this;
    const { flips } = entry;
    const { width } = this.states;
    for (let word = 0; word < width; word += 1) successor[word] = (current[word] as number) ^ (flips[word] as number);
    const { effects, failure, choice } = entry.step;
    if (failure !== undefined) return this.crashed(failure, state, choice);
    if (effects !== undefined) this.edges.apply(effects, successor);
    if (this.memo.hasSteps) {
      const violation = this.memo.judgeTransition(current, successor, choice, entry.number);
      if (violation !== undefined) return this.violated(violation, [...this.pathTo(state), describeChoice(choice)]);
    }
    this.discover(state);
  }

  /** Looks up `successor`, and judges it if it is new. */
  private discover(parent: number): void {
    const state = this.states.size;
    if (this.states.insert(this.successor) !== state) return;
    if (state === this.parents.length) this.parents = grown(this.parents);
    this.parents[state] = parent;
    const violation = this.memo.judgeState(this.successor);
    if (violation !== undefined) this.violated(violation, this.pathTo(state));
    else if (this.states.size > this.limits.maxStates) this.ended = this.stop("max-states");
  }

  private violated(violation: Violation, choices: readonly string[]): void {
    this.ended = {
      kind: "violated",
      witness: { ...violation, choices, step: choices.length },
      coverage: this.coverage(false),
    };
  }

  private crashed(failure: NodeFailure, state: number, choice: Choice): void {
    const choices = [...this.pathTo(state), describeChoice(choice)];
    this.ended = { kind: "crashed", failure, choices, coverage: this.coverage(false) };
  }

  /**
   * The names of the choices that lead to a state, found with the plain `step` on real worlds: of each state on the way, the
   * first choice that leads to the next.
   */
  private pathTo(state: number): string[] {
    const path: number[] = [];
    for (let at = state; at !== 0; at = this.parents[at] as number) path.push(at);
    const observer = blindObserver(this.system);
    let world = initialWorld(this.system, observer);
    return path.reverse().map((target) => {
      const wanted = this.packing.unpack(this.states.arena, target * this.states.width).join();
      for (const choice of enabledChoices(this.system, world)) {
        const next = step(this.system, world, choice, observer);
        if (this.components.idsOf(next).join() !== wanted) continue;
        world = next;
        return describeChoice(choice);
      }
      throw new Error(
        `The search reached state ${target}, but no choice of the plain step leads there; this is a bug of ours.`,
      );
    });
  }

  private progress(): Progress {
    const frontier = this.states.size - this.head;
    return { kind: "progress", states: this.states.size, transitions: this.transitions, depth: this.depth, frontier };
  }

  private coverage(complete: boolean): Coverage {
    const isNextFound = this.states.size > this.nextDepthAt;
    return {
      states: this.states.size,
      transitions: this.transitions,
      depth: isNextFound ? this.depth + 1 : this.depth,
      complete,
      neverReached: this.memo.neverReached(),
      neverRun: this.handlers.neverRun(),
    };
  }
}
