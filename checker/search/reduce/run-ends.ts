import { judgeHolds } from "../../../sim/judge.js";
import type { PropertyOf } from "../../../sim/property.js";
import type { System } from "../../../sim/system.js";
import { View } from "../../../sim/view.js";
import type { Components } from "../engine/components.js";
import { told } from "./findings.js";

/** What must hold where runs end, judged there, and told after all states have been found, as by the whole search. */
export class RunEnds {
  private readonly properties: readonly PropertyOf<"at-quiescence">[];
  /** By property, the first state that breaks it. */
  private readonly broken = new Map<string, { readonly state: number; readonly detail: string }>();
  private hasOne = false;

  constructor(
    private readonly system: System,
    private readonly components: Components,
  ) {
    this.properties = system.properties.filter((property) => property.kind === "at-quiescence");
  }

  /** Judges a state from which nothing but faults leads on. */
  judge(state: number, ids: readonly number[]): void {
    this.hasOne = true;
    for (const property of this.properties) {
      if (this.broken.has(property.name)) continue;
      const detail = told(() => judgeHolds(property, new View(this.system, this.components.worldOf(ids))));
      if (detail !== undefined) this.broken.set(property.name, { state, detail });
    }
  }

  /** Of the first property that is broken, in declared order, the first state. */
  get firstBroken(): { readonly state: number; readonly detail: string } | undefined {
    return this.properties.map(({ name }) => this.broken.get(name)).find((found) => found !== undefined);
  }

  /** The properties that no end of a run put to the test. */
  get untested(): string[] {
    return this.hasOne ? [] : this.properties.map(({ name }) => name);
  }
}
