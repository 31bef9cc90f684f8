import type { FairActions } from "./fairness.js";
import type { Graph } from "./graph.js";
import { StronglyConnected } from "./strongly-connected.js";

/**
 * Which nodes lie on a fair run that stays for ever within a part of a graph, and where: for each node the number of its
 * fair component, or 0. From a fair component's nodes a fair run can go round through all of them; or it is a single node,
 * where a run may end.
 *
 * Weak fairness of an action: the component has an edge that takes it, or a node where it is not possible. Strong fairness:
 * it has an edge that takes it, or no node where it is possible; else what remains without such nodes is looked at again
 * (Emerson and Lei, "Modalities for model checking", 1987; Streett's condition). Linear in the part's edges for weak
 * fairness; at most as often again as there are strong actions.
 *
 * @param part the nodes of the part.
 */
export function fairComponents(graph: Graph, actions: FairActions, part: Uint32Array): Int32Array {
  const zones = new Int32Array(graph.size);
  const scc = new StronglyConnected(graph, zones);
  const judge = new ComponentJudge(graph, actions, zones);
  let zoneCount = 1;
  for (const node of part) zones[node] = zoneCount;
  const open: { nodes: Uint32Array; zone: number }[] = [{ nodes: part, zone: zoneCount }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    scc.each(one.nodes, one.zone, (component) => {
      zoneCount += 1;
      for (const node of component) zones[node] = zoneCount;
      const rest = judge.unfairRest(component, zoneCount);
      if (rest === undefined) return;
      for (const node of component) zones[node] = 0;
      if (rest.length === 0) return;
      for (const node of rest) zones[node] = zoneCount;
      open.push({ nodes: rest, zone: zoneCount });
    });
  }
  return zones;
}

/** Judges components by fairness. */
class ComponentJudge {
  /** For each action, at how many of the component's nodes it is possible, and whether an edge within takes it. */
  private readonly possible: Uint32Array;
  private readonly taken: Uint8Array;
  /** The node at which an action was last counted as possible, plus 1. */
  private readonly counted: Uint32Array;

  constructor(
    private readonly graph: Graph,
    private readonly actions: FairActions,
    private readonly zones: Int32Array,
  ) {
    this.possible = new Uint32Array(actions.count);
    this.taken = new Uint8Array(actions.count);
    this.counted = new Uint32Array(actions.count);
  }

  /** Undefined for a fair component; else its nodes that may lie in a smaller fair one. */
  unfairRest(component: Uint32Array, zone: number): Uint32Array | undefined {
    if (component.length === 1) return mayStop(this.graph, this.actions, component[0] as number) ? undefined : nothing;
    const { isStrong } = this.actions;
    const touched = this.count(component, zone);
    const starved = touched.filter((action) => this.taken[action] === 0);
    const isWeaklyUnfair = starved.some(
      (action) => isStrong[action] === 0 && this.possible[action] === component.length,
    );
    const strong = new Set(starved.filter((action) => isStrong[action] === 1));
    for (const action of touched) {
      this.possible[action] = 0;
      this.taken[action] = 0;
      this.counted[action] = 0;
    }
    // An action that is possible everywhere and taken nowhere stays so in every smaller part.
    if (isWeaklyUnfair) return nothing;
    if (strong.size === 0) return undefined;
    return component.filter((node) => !this.isPossible(node, strong));
  }

  /** Counts what is possible and taken; gives the actions that are possible at all. */
  private count(component: Uint32Array, zone: number): number[] {
    const { offsets, targets, labels } = this.graph;
    const touched: number[] = [];
    for (const node of component) {
      for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
        const isWithin = this.zones[targets[edge] as number] === zone;
        for (const action of this.actions.ofLabel[labels[edge] as number] ?? []) {
          if (this.possible[action] === 0) touched.push(action);
          if (this.counted[action] !== node + 1) {
            this.counted[action] = node + 1;
            this.possible[action] = (this.possible[action] as number) + 1;
          }
          if (isWithin) this.taken[action] = 1;
        }
      }
    }
    return touched;
  }

  private isPossible(node: number, actions: ReadonlySet<number>): boolean {
    const { offsets, labels } = this.graph;
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge += 1) {
      if (this.actions.ofLabel[labels[edge] as number]?.some((action) => actions.has(action)) === true) return true;
    }
    return false;
  }
}

const nothing = new Uint32Array(0);

/** Whether a run may end at a node: nothing but faults is possible there, and no action that is fair. */
export function mayStop(graph: Graph, actions: FairActions, node: number): boolean {
  for (let edge = graph.offsets[node] as number; edge < (graph.offsets[node + 1] as number); edge += 1) {
    const label = graph.labels[edge] as number;
    if (actions.isFault[label] === 0 || (actions.ofLabel[label]?.length ?? 0) > 0) return false;
  }
  return true;
}
