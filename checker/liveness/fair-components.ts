import type { InSlices, Pace } from "../pace.js";
import type { FairActions } from "./fairness.js";
import { degreeOf, type Graph } from "./graph.js";
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
export function* fairComponents(
  graph: Graph,
  actions: FairActions,
  part: Uint32Array,
  pace: Pace,
): InSlices<Int32Array> {
  const zones = new Int32Array(graph.size);
  const scc = new StronglyConnected(graph, zones, pace);
  const judge = new ComponentJudge(graph, actions, zones, pace);
  let zoneCount = 1;
  pace.begin("strongly connected components", part.length);
  yield* judge.move(part, zoneCount);
  const open: { nodes: Uint32Array; zone: number }[] = [{ nodes: part, zone: zoneCount }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const component of scc.each(one.nodes, one.zone)) {
      if (component === undefined) {
        yield;
        continue;
      }
      zoneCount += 1;
      if (component.length === 1) {
        const [node] = component as unknown as readonly [number];
        zones[node] = mayStop(graph, actions, node) ? zoneCount : 0;
        continue;
      }
      yield* judge.move(component, zoneCount);
      const rest = yield* judge.unfairRest(component, zoneCount);
      if (rest === undefined) continue;
      yield* judge.move(component, 0);
      if (rest.length === 0) continue;
      yield* judge.move(rest, zoneCount);
      open.push({ nodes: rest, zone: zoneCount });
      pace.extend(rest.length);
    }
  }
  return zones;
}

/** Judges components of several nodes by fairness. */
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
    private readonly pace: Pace,
  ) {
    this.possible = new Uint32Array(actions.count);
    this.taken = new Uint8Array(actions.count);
    this.counted = new Uint32Array(actions.count);
  }

  /** Moves nodes to a zone. */
  *move(nodes: Uint32Array, zone: number): InSlices<void> {
    for (const node of nodes) {
      this.zones[node] = zone;
      if (this.pace.spend(1)) yield;
    }
  }

  /** Undefined for a fair component; else its nodes that may lie in a smaller fair one. */
  *unfairRest(component: Uint32Array, zone: number): InSlices<Uint32Array | undefined> {
    const { isStrong } = this.actions;
    const touched = yield* this.count(component, zone);
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
    const rest = new Uint32Array(component.length);
    let length = 0;
    for (const node of component) {
      if (!this.isPossible(node, strong)) rest[length++] = node;
      if (this.pace.spend(degreeOf(this.graph, node))) yield;
    }
    return rest.subarray(0, length);
  }

  /** Counts what is possible and taken; gives the actions that are possible at all. */
  private *count(component: Uint32Array, zone: number): InSlices<number[]> {
    const touched: number[] = [];
    for (const node of component) {
      this.countAt(node, zone, touched);
      if (this.pace.spend(1 + degreeOf(this.graph, node))) yield;
    }
    return touched;
  }

  private countAt(node: number, zone: number, touched: number[]): void {
    const { offsets, targets, labels } = this.graph;
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
