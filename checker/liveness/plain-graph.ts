import { blindObserver } from "../../sim/carrier.js";
import { describeChoice } from "../../sim/choice.js";
import { enabledChoices } from "../../sim/enabled.js";
import { initialWorld } from "../../sim/initial.js";
import { step } from "../../sim/step.js";
import type { System } from "../../sim/system.js";
import type { World } from "../../sim/world.js";
import { type InSlices, type Pace, userCall } from "../pace.js";
import { Components } from "../search/engine/components.js";
import type { GraphSource } from "./engine-graph.js";
import { GraphBuilder, type StateGraph } from "./graph.js";

/**
 * Builds the state graph breadth-first with the plain `enabledChoices` and `step`: what the engine's graph is compared
 * with.
 */
export class PlainGraph implements GraphSource {
  private readonly builder = new GraphBuilder();
  private readonly components: Components;
  private readonly observer;
  /** The component ids of each state. */
  private readonly ids: (readonly number[])[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly system: System) {
    this.components = new Components(system);
    this.observer = blindObserver(system);
  }

  *build(pace: Pace): InSlices<StateGraph> {
    this.numberOf(initialWorld(this.system, this.observer));
    while (this.builder.closed < this.ids.length) {
      this.expand(this.builder.closed);
      if (pace.finish(userCall)) yield;
    }
    return this.graph();
  }

  private expand(state: number): void {
    const world = this.worldOf(state);
    for (const choice of enabledChoices(this.system, world)) {
      const target = this.numberOf(step(this.system, world, choice, this.observer));
      if (target !== state) this.builder.add(this.builder.label(describeChoice(choice), choice), target);
    }
    this.builder.close();
  }

  private numberOf(world: World): number {
    const ids = this.components.idsOf(world);
    const key = ids.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.ids.length);
    return this.ids.push(ids) - 1;
  }

  private worldOf(state: number): World {
    return this.components.worldOf(this.ids[state] ?? []);
  }

  private graph(): StateGraph {
    return {
      ...this.builder.graph(),
      choices: this.builder.choices,
      idOf: (state, component) => this.ids[state]?.[component] as number,
      worldOf: (state) => this.worldOf(state),
    };
  }
}
