import { describeChoice } from "../../sim/choice.js";
import type { InSlices, Pace } from "../pace.js";
import type { Explored } from "../search/engine/explored.js";
import { GraphBuilder, type StateGraph } from "./graph.js";

/** What a state graph is built from. */
export interface GraphSource {
  build(pace: Pace): InSlices<StateGraph>;
}

/** Builds the state graph from a finished search of the engine, without calling user code. */
export class EngineGraph implements GraphSource {
  private readonly builder: GraphBuilder;
  private readonly labels: number[] = [];

  /** @param transitions how many the search has counted: there are no more edges than that. */
  constructor(
    private readonly explored: Explored,
    transitions: number,
  ) {
    this.builder = new GraphBuilder({ states: explored.size, edges: transitions });
  }

  *build(pace: Pace): InSlices<StateGraph> {
    const { builder, explored } = this;
    pace.begin("the states by number", explored.size);
    while (!explored.index()) if (pace.finish(1)) yield;
    pace.begin("all steps between states", explored.size);
    while (builder.closed < explored.size) {
      const before = builder.edges;
      this.close();
      if (pace.finish(1 + builder.edges - before)) yield;
    }
    return this.graph();
  }

  /** Adds all edges of the state that is open. */
  private close(): void {
    const { builder, explored, labels } = this;
    explored.eachStep(builder.closed, (choice, entry, target) => {
      const label = (labels[entry] ??= builder.label(describeChoice(choice), choice));
      builder.add(label, target);
    });
    builder.close();
  }

  private graph(): StateGraph {
    const { builder, explored } = this;
    const { components } = explored;
    const all = components.all.map((_, component) => component);
    return {
      ...builder.graph(),
      choices: builder.choices,
      idOf: (state, component) => explored.idOf(state, component),
      worldOf: (state) => components.worldOf(all.map((component) => explored.idOf(state, component))),
    };
  }
}
