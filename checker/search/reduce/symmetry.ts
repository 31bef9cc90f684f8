import { judgeHolds, judgeTransition, isReached } from "../../../sim/judge.js";
import type { Property } from "../../../sim/property.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import type { LocalStep } from "../engine/local-step.js";
import type { Successors } from "../engine/successors.js";
import type { AlikeClass } from "./alike.js";
import { Canonical } from "./canonical.js";
import { DecisionTree } from "./decision-tree.js";
import { Asymmetry } from "./asymmetry.js";
import { Equivariance } from "./equivariance.js";
import { MonitorTrials } from "./monitor-trials.js";
import { type Trial, Trials } from "./trials.js";

/** The symmetry of a system: which state stands for an orbit, and whether the code keeps to it. */
export class Symmetry {
  readonly canonical: Canonical;
  private readonly equivariance: Equivariance;
  private readonly monitors: MonitorTrials;
  private readonly trials: Trials;
  /** Whether each property of states is fine. */
  private readonly judged: readonly (readonly [Property, DecisionTree])[];
  private readonly image: number[] = [];

  constructor(
    private readonly system: System,
    classes: readonly AlikeClass[],
    private readonly successors: Successors,
  ) {
    const { components } = successors;
    this.canonical = new Canonical(system, components, classes);
    this.trials = new Trials(system, classes);
    const { images } = this.canonical;
    const others = new Trials(system, classes);
    this.equivariance = new Equivariance(system, successors.tables, images, others);
    this.monitors = new MonitorTrials(system, successors.tables, others);
    this.judged = system.properties.filter(isOfStates).map((property) => {
      const view = (ids: readonly number[], onRead: (component: number) => void): View =>
        new View(system, components.worldOf(ids), onRead);
      return [property, new DecisionTree((ids, onRead) => judged(property, view(ids, onRead)) === true)];
    });
  }

  /** The component ids of the state that stands for this one's orbit; not to be kept. */
  of(ids: readonly number[]): readonly number[] {
    return this.canonical.of(ids);
  }

  /** Tries on a state, of which what follows is listed, whether code is symmetric. @throws Asymmetry when it is not. */
  tryState(ids: readonly number[]): void {
    const { count, failures, memo, packing } = this.successors;
    this.equivariance.tryState(ids);
    this.tryProperties(ids);
    if (this.system.monitors.length === 0 && !memo.hasSteps) return;
    for (let i = 0; i < count; i += 1) {
      if (failures[i] !== undefined) continue;
      const step = this.successors.stepOf(i);
      this.monitors.try(step, ids);
      if (memo.hasSteps) this.tryTransition(ids, packing.unpack(this.successors.wordsOf(i), 0), step);
    }
  }

  private tryTransition(ids: readonly number[], after: readonly number[], step: LocalStep): void {
    for (const trial of this.trials.next()) {
      for (const property of this.system.properties) {
        if (property.kind !== "step") continue;
        const [plain, renamed] = [
          judgeTransition(property, this.view(ids), this.view(after), step.choice),
          judgeTransition(property, this.view(ids, trial), this.view(after, trial), trial.renaming.choice(step.choice)),
        ];
        this.compare(property, trial, plain?.detail ?? true, renamed?.detail ?? true);
      }
    }
  }

  private tryProperties(ids: readonly number[]): void {
    for (const trial of this.trials.next()) {
      this.canonical.images.ofAll(ids, trial.permutation, this.image);
      for (const [property, tree] of this.judged) {
        if (tree.of(ids) === tree.of(this.image)) continue;
        this.compare(property, trial, judged(property, this.view(ids)), judged(property, this.view(ids, trial)));
      }
    }
  }

  private view(ids: readonly number[], trial?: Trial): View {
    if (trial === undefined) return new View(this.system, this.successors.components.worldOf(ids));
    const image: number[] = [];
    this.canonical.images.ofAll(ids, trial.permutation, image);
    return new View(this.system, this.successors.components.worldOf(image));
  }

  /** A sentence may name other nodes; whether there is one must be the same. */
  private compare(
    property: Property,
    { alike }: Trial,
    plain: true | string | boolean,
    renamed: true | string | boolean,
  ): void {
    if ((plain === true) === (renamed === true)) return;
    const told = [plain, renamed].find((one) => typeof one === "string");
    throw new Asymmetry(
      alike,
      `the property "${property.name}" tells them apart: with places exchanged it is another answer${told === undefined ? "" : `, "${told}"`}`,
    );
  }
}

function isOfStates({ kind }: Property): boolean {
  return kind === "always" || kind === "at-quiescence" || kind === "sometimes";
}

/** What a property says of a state; of other properties nothing. */
function judged(property: Property, view: View): true | string | boolean {
  switch (property.kind) {
    case "always":
    case "at-quiescence":
      return judgeHolds(property, view)?.detail ?? true;
    case "sometimes":
      return isReached(property, view);
    default:
      return true;
  }
}
