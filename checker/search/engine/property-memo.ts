import type { Choice } from "../../../sim/choice.js";
import {
  type AlwaysProperty,
  isReached,
  judgeHolds,
  judgeTransition,
  type SometimesProperty,
  type StepProperty,
  type Violation,
} from "../../../sim/judge.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import type { Components } from "./components.js";
import type { Packing } from "./packing.js";
import type { MemoSnapshot } from "./snapshot.js";
import { StateTable, type Words } from "./state-table.js";

/**
 * Remembers which combinations of the components that properties read are known to be fine: those components are all that
 * their results depend on, since views record what is read.
 */
export class PropertyMemo {
  private readonly always: Known<AlwaysProperty>[];
  private readonly steps: Known<StepProperty>[];
  private sometimes: Known<SometimesProperty>[];
  private readonly allSometimes: readonly Known<SometimesProperty>[];
  /** Changes when a property reads what it had never read, and when one is reached for the first time. */
  revision = 0;
  /** What any property reads that judges single states. */
  private anyMask: Words = none;

  constructor(
    private readonly system: System,
    private readonly components: Components,
    private readonly packing: Packing,
  ) {
    const known = <P>(property: P): Known<P> => ({
      property,
      read: new Set(),
      mask: none,
      masked: none,
      fine: new StateTable(1),
    });
    this.always = system.properties.filter((property) => property.kind === "always").map(known);
    this.steps = system.properties.filter((property) => property.kind === "step").map(known);
    this.allSometimes = system.properties.filter((property) => property.kind === "sometimes").map(known);
    this.sometimes = [...this.allSometimes];
    this.relayout();
  }

  /** After the packing has changed. */
  relayout(): void {
    for (const known of [...this.always, ...this.sometimes]) this.remask(known, this.packing.width);
    // Of a transition, the state before, the state after, and the step's number.
    for (const known of this.steps) this.remask(known, 2 * this.packing.width + 1);
  }

  get hasSteps(): boolean {
    return this.steps.length > 0;
  }

  /** The properties of states that are still to be judged, and which components each has ever read. */
  get open(): readonly { readonly property: AlwaysProperty | SometimesProperty; readonly read: ReadonlySet<number> }[] {
    return [...this.always, ...this.sometimes];
  }

  /** The names of the `sometimes` properties that no state seen so far reaches, in declared order. */
  neverReached(): string[] {
    return this.sometimes.map(({ property }) => property.name);
  }

  /**
   * Whether a state is known to be fine because it differs from another one, which is, in nothing that any property reads.
   * Both are given by where their words begin.
   *
   * @param others where the words of the other one are, if not in the same place.
   */
  isJudgedWith(arena: Words, state: number, other: number, others = arena): boolean {
    const { anyMask } = this;
    for (let word = 0; word < anyMask.length; word += 1) {
      const difference = (arena[state + word] as number) ^ (others[other + word] as number);
      if ((difference & (anyMask[word] as number)) !== 0) return false;
    }
    return true;
  }

  /** Judges the state at `at` as `judgeWorld` does, and sees whether it reaches what has not been reached. */
  judgeState(words: Words, at = 0): Violation | undefined {
    for (const known of this.sometimes) {
      if (!this.isNew(known, words, at)) continue;
      const reached = this.evaluate(known, words, at, isReached);
      if (!reached) continue;
      this.sometimes = this.sometimes.filter((other) => other !== known);
      this.revision += 1;
      this.mergeMasks();
    }
    for (const known of this.always) {
      if (!this.isNew(known, words, at)) continue;
      const violation = this.evaluate(known, words, at, judgeHolds);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  /** Judges a transition as `judgeStep` does; `step` numbers its choice. */
  judgeTransition(before: Words, after: Words, choice: Choice, step: number): Violation | undefined {
    const { width } = this.packing;
    for (const known of this.steps) {
      const both = new Uint32Array(2 * width + 1);
      for (let word = 0; word < width; word += 1) {
        const mask = known.mask[word] as number;
        both[word] = (before[word] as number) & mask;
        both[width + word] = (after[word] as number) & mask;
      }
      both[2 * width] = step;
      const { size } = known.fine;
      if (known.fine.insert(both) !== size) continue;
      const violation = this.evaluateStep(known, before, after, choice);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  private evaluateStep(known: Known<StepProperty>, before: Words, after: Words, choice: Choice): Violation | undefined {
    const old = this.components.worldOf(this.packing.unpack(before, 0));
    return this.evaluate(known, after, 0, (property, view, onRead) =>
      judgeTransition(property, new View(this.system, old, onRead), view, choice),
    );
  }

  /** Whether what the property reads of this state has not been judged yet; it is taken as judged from now on. */
  private isNew({ mask, fine, masked }: Known<unknown>, words: Words, at: number): boolean {
    for (let word = 0; word < mask.length; word += 1) {
      masked[word] = (words[at + word] as number) & (mask[word] as number);
    }
    const size = fine.size;
    return fine.insert(masked) === size;
  }

  snapshot(): MemoSnapshot {
    const all: readonly Known<{ readonly name: string }>[] = [...this.always, ...this.steps, ...this.sometimes];
    const read = Object.fromEntries(all.map((known) => [known.property.name, [...known.read]]));
    return { read, neverReached: this.neverReached() };
  }

  /** Takes up what was known of which components properties read; what they gave is found again. */
  restore({ read, neverReached }: MemoSnapshot): void {
    this.sometimes = this.sometimes.filter(({ property }) => neverReached.includes(property.name));
    for (const known of [...this.always, ...this.steps, ...this.sometimes]) {
      for (const component of read[known.property.name] ?? []) known.read.add(component);
    }
    this.relayout();
  }

  /** Knows what the snapshot tells from now on, and nothing else. */
  reset(snapshot: MemoSnapshot): void {
    for (const known of [...this.always, ...this.steps, ...this.allSometimes]) known.read.clear();
    this.sometimes = [...this.allSometimes];
    this.restore(snapshot);
  }

  private evaluate<P, R>(
    known: Known<P>,
    words: Words,
    at: number,
    judge: (property: P, view: View, onRead: (component: number) => void) => R,
  ): R {
    const before = known.read.size;
    const onRead = (component: number): void => void known.read.add(component);
    const world = this.components.worldOf(this.packing.unpack(words, at));
    const result = judge(known.property, new View(this.system, world, onRead), onRead);
    // It read more than it ever did: what was known of fewer components is forgotten.
    if (known.read.size > before) {
      this.revision += 1;
      this.remask(known, known.fine.width);
    }
    return result;
  }

  private remask(known: Known<unknown>, tableWidth: number): void {
    const { width } = this.packing;
    known.mask = this.packing.maskOf(known.read);
    known.fine = new StateTable(tableWidth);
    known.masked = new Uint32Array(width);
    this.mergeMasks();
  }

  private mergeMasks(): void {
    this.anyMask = new Uint32Array(this.packing.width);
    for (const { mask } of [...this.always, ...this.sometimes]) {
      mask.forEach((bits, word) => {
        this.anyMask[word] = (this.anyMask[word] as number) | bits;
      });
    }
  }
}

const none: Words = new Uint32Array(0);

interface Known<P> {
  readonly property: P;
  /** The components that it has ever read. */
  readonly read: Set<number>;
  mask: Words;
  fine: StateTable;
  /** Scratch space for the masked words of a state. */
  masked: Words;
}
