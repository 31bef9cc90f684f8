import { describeChoice } from "../../sim/choice.js";
import type { Explored } from "../search/engine/explored.js";
import { GraphBuilder, type StateGraph } from "./graph.js";

/** A state graph that is built some states at a time. */
export interface GraphSource {
  /** How many states have all their edges. */
  readonly closed: number;
  /** Works through so many states; gives the graph once it is whole. */
  advance(states: number): StateGraph | undefined;
}

/** Builds the state graph from a finished search of the engine, without calling user code. */
export class EngineGraph implements GraphSource {
  private readonly builder = new GraphBuilder();
  private readonly labels: number[] = [];

  constructor(private readonly explored: Explored) {}

  get closed(): number {
    return this.builder.closed;
  }

  advance(states: number): StateGraph | undefined {
    const { builder, explored, labels } = this;
    const end = Math.min(explored.size, builder.closed + states);
    while (builder.closed < end) {
      explored.eachStep(builder.closed, (choice, entry, target) => {
        const label = (labels[entry] ??= builder.label(describeChoice(choice), choice));
        builder.add(label, target);
      });
      builder.close();
    }
    return end === explored.size ? this.graph() : undefined;
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
