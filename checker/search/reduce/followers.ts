import { type Choice, participantOf } from "../../../sim/choice.js";
import type { Violation } from "../../../sim/judge.js";
import { NodeFailure } from "../../../sim/node-failure.js";
import type { System } from "../../../sim/system.js";
import type { LocalStep } from "../engine/local-steps.js";
import { outgrown } from "../engine/packing.js";
import type { Successors } from "../engine/successors.js";
import type { Symmetry } from "./symmetry.js";

/** A step that follows a state. */
export interface Follower {
  /** Its number in the list of successors. */
  readonly number: number;
  readonly step: LocalStep;
  readonly choice: Choice;
  /** The participant whose step it is; -1 for the network's own. */
  readonly place: number;
  /** The component ids of the state after. */
  readonly after: readonly number[];
  /** It leads to another state, or fails. */
  readonly isChange: boolean;
  /** Monitors see it. */
  readonly isSeen: boolean;
  /** It draws on a fault budget that is counted. */
  readonly isBudgeted: boolean;
  /** What the step breaks, or how it fails. */
  readonly broken: string | undefined;
}

/** Lists what follows a state, and finds the states that stand for what follows. */
export class Followers {
  /** By entry: whose step it is. */
  private readonly places: number[] = [];

  constructor(
    private readonly system: System,
    private readonly successors: Successors,
    private readonly symmetry: Symmetry | undefined,
  ) {}

  /** @throws NodeFailure when a workload fails to say what comes next. */
  of(state: number, ids: readonly number[]): Follower[] {
    const { successors } = this;
    successors.list(state);
    return Array.from({ length: successors.count }, (_, number) => this.listed(state, number, ids));
  }

  /** Replaces listed steps' states by those that stand for them, and gives the ids of these. */
  stand(state: number, steps: readonly Follower[]): (readonly number[])[] {
    const { successors, symmetry } = this;
    const { packing, failures } = successors;
    const standing = steps.map(({ number, after }) =>
      symmetry === undefined || failures[number] !== undefined ? after : symmetry.of(after).slice(),
    );
    for (;;) {
      try {
        packing.checkAll();
        break;
      } catch (error) {
        if (error !== outgrown) throw error;
        successors.widen();
        successors.list(state);
      }
    }
    steps.forEach(({ number }, i) => packing.pack(standing[i] as readonly number[], successors.wordsOf(number)));
    return standing;
  }

  private listed(state: number, number: number, ids: readonly number[]): Follower {
    const { successors, symmetry } = this;
    const { packing, components, rows, failures } = successors;
    const entry = successors.entries[number] as number;
    const step = rows.entries.steps[entry] as LocalStep;
    const after = packing.unpack(successors.wordsOf(number), 0);
    const failure = failures[number];
    if (failure === undefined) symmetry?.tryStep(ids, after, step);
    return {
      number,
      step,
      choice: step.choice,
      place: (this.places[entry] ??= this.placeOf(step.choice)),
      after,
      isChange: failure !== undefined || after.some((id, component) => id !== ids[component]),
      isSeen: (step.effects?.observations.length ?? 0) > 0,
      isBudgeted: after[components.faultsComponent] !== ids[components.faultsComponent],
      broken: failure?.message ?? this.judged(state, number, entry),
    };
  }

  private placeOf(choice: Choice): number {
    const id = participantOf(choice);
    return id === undefined ? -1 : (this.system.numberOf(id) as number);
  }

  private judged(state: number, number: number, entry: number): string | undefined {
    const { successors } = this;
    const { memo, visited } = successors;
    if (!memo.hasSteps) return undefined;
    return told(() =>
      memo.judgeTransition(visited.wordsOf(state), successors.wordsOf(number), successors.choiceOf(number), entry),
    );
  }
}

/** The sentence of a violation, or of a failure of the property's own code. */
export function told(judge: () => Violation | undefined): string | undefined {
  try {
    return judge()?.detail;
  } catch (error) {
    if (error instanceof NodeFailure) return error.message;
    throw error;
  }
}
