import type { AnyBag } from "./baggage.js";
import type { ClientHistory } from "./client-history.js";
import type { ErrorBoundary, FaultBudget, Partition } from "./fault.js";
import type { Message } from "./message.js";
import type { AnyMonitor } from "./monitor.js";
import type { LinkOrder } from "./network.js";
import type { AnyNode, Context } from "./node.js";
import type { NodeId } from "./node-id.js";
import type { Parameters } from "./parameter.js";
import type { Property } from "./property.js";
import type { Timing } from "./scenario.js";
import type { View } from "./view.js";
import type { Workload } from "./workload.js";

/**
 * A scenario compiled for one set of parameters: the transition system that every driver drives, through `initialWorld`,
 * `enabledChoices` and `step`. Participants are numbered: nodes in declared order, then clients.
 */
export interface System {
  readonly scenario: string;
  readonly parameters: Parameters;
  readonly nodes: readonly CompiledNode[];
  readonly clients: readonly CompiledClient[];
  /** The ids of all participants, by number. */
  readonly participants: readonly NodeId[];
  /** The order of each link, as `orders[to][from]`. */
  readonly orders: readonly (readonly LinkOrder[])[];
  readonly faults: FaultBudget;
  readonly partitions: readonly CompiledPartition[];
  readonly errors: readonly ErrorBoundary[];
  readonly monitors: readonly AnyMonitor[];
  readonly properties: readonly Property[];
  readonly history: ClientHistory | undefined;
  /** Declared groups of alike participants: of each group the members, of each member the numbers of those that go together. */
  readonly symmetric: readonly (readonly (readonly number[])[])[];
  /** What a best-first search goes by; the higher, the sooner. */
  readonly score: ((view: View) => number) | undefined;
  /** The bags that are part of the world's identity, because some node reads them. */
  readonly activeBags: readonly AnyBag[];
  readonly timing: Required<Timing>;
  /** The number of a participant, or undefined when the system has none of this id. */
  numberOf(id: NodeId): number | undefined;
  /** @throws for an id that is no node's, with the nodes there are. */
  nodeNumber(id: NodeId): number;
  numbersOfRole(role: string): readonly number[];
}

export interface CompiledNode {
  readonly id: NodeId;
  /** The id as text, for messages to people. */
  readonly name: string;
  readonly definition: AnyNode;
  readonly context: Context;
  /** What it has handled before the run begins. */
  readonly initial: readonly Message[];
}

export interface CompiledClient {
  readonly id: NodeId;
  readonly workload: Workload;
}

export interface CompiledPartition extends Partition {
  /** Cut links, as `to * participants + from`. */
  readonly links: ReadonlySet<number>;
}
